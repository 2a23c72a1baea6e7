import { type ReactNode, useState } from "react";
import { ANY, captureOf, interfacesOf, STREAMS } from "../../core/trace/capture";
import { objectsOf, useMirror } from "../../stores/mirror";
import { notify } from "../../stores/notices";
import { usePlayback } from "../../stores/playback";
import { useScenarioTitle, useSession } from "../../stores/session";
import { Dialog } from "../parts/Dialog";
import { download, downloadText, fileStem } from "./download";
import { type Story, storyAsMarkdown, storyAsText } from "./story";
import "./share.css";

interface Export {
  readonly name: string;
  readonly what: string;
  /** Why it cannot be had now. */
  readonly missing?: string;
  /** What can be chosen about it. */
  readonly choice?: ReactNode;
  readonly forms: readonly { readonly label: string; readonly save: () => Promise<void> | void }[];
}

export default function ExportDialog({ onClose }: { onClose: () => void }) {
  const [busy, setBusy] = useState("");
  const exports = useExports();

  async function run(label: string, save: () => Promise<void> | void) {
    setBusy(label);
    try {
      await save();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notify("error", `${label} could not be made.`, [reason]);
    } finally {
      setBusy("");
    }
  }

  return (
    <Dialog title="Export" onClose={onClose} className="share">
      <div className="dialog-body">
        <ul className="export-list">
          {exports.map(({ name, what, missing, choice, forms }) => (
            <li key={name}>
              <div>
                <h3>{name}</h3>
                <p>{missing ?? what}</p>
              </div>
              <div className="dialog-actions">
                {missing === undefined && choice}
                {forms.map(({ label, save }) => (
                  <button
                    key={label}
                    type="button"
                    className="button"
                    aria-label={`${name}: ${label}`}
                    disabled={missing !== undefined || busy !== ""}
                    onClick={() => run(`${name}: ${label}`, save)}
                  >
                    {label}
                  </button>
                ))}
              </div>
            </li>
          ))}
        </ul>
        <p className="muted" role="status">
          {busy && `${busy} …`}
        </p>
      </div>
    </Dialog>
  );
}

function useExports(): readonly Export[] {
  const title = useScenarioTitle();
  const journey = usePlayback((state) => state.journey);
  const frames = journey?.frames ?? [];
  const interfaces = interfacesOf(frames);
  const [chosen, setScope] = useState(STREAMS);
  const scope = chosen === ANY || interfaces.includes(chosen) ? chosen : STREAMS;
  const stem = fileStem(title);
  const nothing = journey ? {} : { missing: "Send a request first: there is no packet yet." };
  return [
    {
      name: "Scenario",
      what: "The whole cluster as it is now, with pods and addresses. kubehop opens it as the same cluster.",
      forms: [{ label: "YAML", save: () => saveYaml("scenario", `${stem}.scenario.yaml`) }],
    },
    {
      name: "Manifests",
      what: "What you made, for kubectl apply on any cluster: without status, addresses and what controllers own.",
      forms: [{ label: "YAML", save: () => saveYaml("manifests", `${stem}.yaml`) }],
    },
    {
      name: "Picture",
      what: "The canvas as it is on the screen.",
      forms: [
        { label: "PNG", save: () => savePicture("png", stem) },
        { label: "SVG", save: () => savePicture("svg", stem) },
      ],
    },
    {
      name: "Story of the packet",
      what: "The followed packet’s hops in plain words, for a report or to be read aloud.",
      ...nothing,
      forms: [
        {
          label: "Markdown",
          save: () =>
            downloadText(`${stem}.packet.md`, storyAsMarkdown(storyOf(title)), "text/markdown"),
        },
        {
          label: "Text",
          save: () => downloadText(`${stem}.packet.txt`, storyAsText(storyOf(title))),
        },
      ],
    },
    {
      name: "Capture",
      what: "The followed request’s packets, for Wireshark: each stream whole, or what interfaces saw.",
      ...nothing,
      choice: <ScopeSelect scope={scope} interfaces={interfaces} onChange={setScope} />,
      forms: [
        {
          label: "pcapng",
          save: () => {
            const type = "application/x-pcapng";
            const bytes = captureOf(frames, scope).slice();
            download(`${stem}${suffixOf(scope)}.pcapng`, new Blob([bytes], { type }));
          },
        },
      ],
    },
  ];
}

function ScopeSelect({
  scope,
  interfaces,
  onChange,
}: {
  scope: string;
  interfaces: readonly string[];
  onChange: (scope: string) => void;
}) {
  return (
    <select
      className="field"
      aria-label="Capture: which packets"
      value={scope}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value={STREAMS}>Whole streams</option>
      <option value={ANY}>Every interface</option>
      {interfaces.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

/** `.any`, `.node-1-eth0`; nothing for whole streams. */
function suffixOf(scope: string): string {
  return scope === STREAMS ? "" : `.${fileStem(scope)}`;
}

async function saveYaml(kind: "scenario" | "manifests", name: string): Promise<void> {
  const { simulation } = useSession.getState();
  const text = (await simulation?.exportYaml(kind)) ?? "";
  if (text === "") throw new Error("there is no object to be exported");
  downloadText(name, text, "application/yaml");
}

async function savePicture(format: "png" | "svg", stem: string): Promise<void> {
  const { canvasPicture } = await import("./picture");
  download(`${stem}.${format}`, await canvasPicture(format));
}

function storyOf(title: string): Story {
  const { journey, follow, hops } = usePlayback.getState();
  if (!journey) throw new Error("no packet is followed");
  const pods = objectsOf(useMirror.getState().records, "Pod");
  const podOf = (ip: string) =>
    pods.find((pod) => pod.status.podIP === ip && !pod.spec.hostNetwork)?.metadata.name;
  return { title, journey, follow, hops, podOf };
}
