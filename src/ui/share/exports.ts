import { captureOf, STREAMS } from "../../core/trace/capture";
import { objectsOf, useMirror } from "../../stores/mirror";
import { notify } from "../../stores/notices";
import { usePlayback } from "../../stores/playback";
import { scenarioTitle, useSession } from "../../stores/session";
import { download, downloadText, fileStem } from "./download";
import { type Story, storyAsMarkdown, storyAsText } from "./story";

export interface Export {
  readonly name: string;
  readonly what: string;
  /** It is about the packet that is followed. */
  readonly needsPacket?: boolean;
  readonly forms: readonly ExportForm[];
}

export interface ExportForm {
  readonly label: string;
  /** `scope`: of a capture, which packets. */
  readonly save: (scope?: string) => Promise<void> | void;
}

export const NO_PACKET_TEXT = "Send a request first: there is no packet yet.";

export const EXPORTS: readonly Export[] = [
  {
    name: "Scenario",
    what: "The whole cluster as it is now, with pods and addresses. kubehop opens it as the same cluster.",
    forms: [{ label: "YAML", save: () => saveYaml("scenario", ".scenario.yaml") }],
  },
  {
    name: "Manifests",
    what: "What you made, for kubectl apply on any cluster: without status, addresses and what controllers own.",
    forms: [{ label: "YAML", save: () => saveYaml("manifests", ".yaml") }],
  },
  {
    name: "Picture",
    what: "The canvas as it is on the screen.",
    forms: [
      { label: "PNG", save: () => savePicture("png") },
      { label: "SVG", save: () => savePicture("svg") },
    ],
  },
  {
    name: "Story of the packet",
    what: "The followed packet’s hops in plain words, for a report or to be read aloud.",
    needsPacket: true,
    forms: [
      {
        label: "Markdown",
        save: () => downloadText(named(".packet.md"), storyAsMarkdown(story()), "text/markdown"),
      },
      { label: "Text", save: () => downloadText(named(".packet.txt"), storyAsText(story())) },
    ],
  },
  {
    name: "Capture",
    what: "The followed request’s packets, for Wireshark: each stream whole, or what interfaces saw.",
    needsPacket: true,
    forms: [{ label: "pcapng", save: saveCapture }],
  },
];

/** Saves a file; that it could not be made is said. */
export async function exportAs(name: string, form: ExportForm, scope?: string): Promise<void> {
  try {
    await form.save(scope);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notify("error", `${name}: ${form.label} could not be made.`, [reason]);
  }
}

function named(end: string): string {
  return `${fileStem(scenarioTitle())}${end}`;
}

async function saveYaml(kind: "scenario" | "manifests", end: string): Promise<void> {
  const { simulation } = useSession.getState();
  const text = (await simulation?.exportYaml(kind)) ?? "";
  if (text === "") throw new Error("there is no object to be exported");
  downloadText(named(end), text, "application/yaml");
}

async function savePicture(format: "png" | "svg"): Promise<void> {
  const { canvasPicture } = await import("./picture");
  download(named(`.${format}`), await canvasPicture(format));
}

/** `.any.pcapng`, `.node-1-eth0.pcapng`; `.pcapng` for whole streams. */
function saveCapture(scope: string = STREAMS): void {
  const bytes = captureOf(usePlayback.getState().journey?.frames ?? [], scope).slice();
  const suffix = scope === STREAMS ? "" : `.${fileStem(scope)}`;
  download(named(`${suffix}.pcapng`), new Blob([bytes], { type: "application/x-pcapng" }));
}

function story(): Story {
  const { journey, follow, hops } = usePlayback.getState();
  if (!journey) throw new Error("no packet is followed");
  const pods = objectsOf(useMirror.getState().records, "Pod");
  const podOf = (ip: string) =>
    pods.find((pod) => pod.status.podIP === ip && !pod.spec.hostNetwork)?.metadata.name;
  return { title: scenarioTitle(), journey, follow, hops, podOf };
}
