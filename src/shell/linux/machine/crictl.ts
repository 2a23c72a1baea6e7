import type { Pod } from "../../../core/api/types";
import { parseTimestamp, SECOND } from "../../../core/sim/time";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { nodeOf } from "../network";

/** The container runtime's own view of a node. Source: cri-tools cmd/crictl/sandbox.go, container.go, display.go. */
export const crictl: Program = async (process) => {
  const node = nodeOf(process);
  const [verb, ...words] = process.args.filter(
    (word) => !word.startsWith("-r") && !/^(?:--runtime-endpoint)/.test(word),
  );
  if (node === undefined) return fail(process, "crictl: no container runtime here");
  const unknown = words.find(
    (word) =>
      word.startsWith("-") && !/^-(?:a|-all|-name|-namespace|q|-quiet|-no-trunc)$/.test(word),
  );
  if (verb === undefined || !/^(?:ps|pods)$/.test(verb) || unknown !== undefined) {
    await hint(process, `crictl ${[verb, unknown].filter(Boolean).join(" ")} is not modelled here`);
    return 1;
  }
  const isQuiet = words.some((word) => /^(?:-q|--quiet)$/.test(word));
  const name = words[words.indexOf("--name") + 1];
  const isWanted = (one: string) => !words.includes("--name") || one.includes(name ?? "");
  const pods = [...process.cluster.world.store.list("Pod")]
    .filter(({ spec, status }) => spec.nodeName === node && status.phase === "Running")
    .sort((a, b) => startedUs(b) - startedUs(a));
  const rows =
    verb === "pods" ? podRows(process, pods, isWanted) : containerRows(process, pods, isWanted);
  if (isQuiet) for (const [id = ""] of rows) await print(process, id);
  else
    for (const line of inColumns([HEADS[verb === "ps" ? "ps" : "pods"], ...rows]))
      await print(process, line);
  return 0;
};

const HEADS = {
  pods: ["POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME"],
  ps: ["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD"],
} as const;

type Row = readonly string[];

function podRows(
  process: Process,
  pods: readonly Pod[],
  isWanted: (name: string) => boolean,
): readonly Row[] {
  return pods
    .filter(({ metadata }) => isWanted(metadata.name))
    .map((pod) => [
      sandboxId(process, pod),
      ago(process, startedUs(pod)),
      "Ready",
      pod.metadata.name,
      pod.metadata.namespace,
      "0",
      "(default)",
    ]);
}

function containerRows(
  process: Process,
  pods: readonly Pod[],
  isWanted: (name: string) => boolean,
): readonly Row[] {
  return pods.flatMap((pod) =>
    pod.spec.containers
      .filter(({ name }) => isWanted(name))
      .map(({ name, image }) => {
        const status = pod.status.containerStatuses?.find((one) => one.name === name);
        return [
          shortId(`${pod.metadata.uid}/${name}/${status?.restartCount ?? 0}`),
          image,
          ago(process, startedUs(pod)),
          status?.state.running ? "Running" : "Exited",
          name,
          String(status?.restartCount ?? 0),
          sandboxId(process, pod),
          pod.metadata.name,
        ];
      }),
  );
}

/** Simplified: a container's name is a number made of its pod's. */
function shortId(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const sign of text)
    hash = BigInt.asUintN(64, (hash ^ BigInt(sign.codePointAt(0) ?? 0)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0").slice(0, 13);
}

function sandboxId({ cluster }: Process, { metadata }: Pod): string {
  const { sandboxes } = cluster.world.kubelets;
  const record = sandboxes.get(`${metadata.namespace}/${metadata.name}`);
  return record?.id.slice(0, 13) ?? shortId(metadata.uid);
}

function startedUs({ metadata, status }: Pod): number {
  return parseTimestamp(status.startTime ?? metadata.creationTimestamp) ?? 0;
}

/** Source: docker/go-units, HumanDuration. */
function ago({ cluster }: Process, atUs: number): string {
  const seconds = Math.floor((cluster.nowUs - atUs) / SECOND);
  if (seconds < 1) return "Less than a second ago";
  if (seconds === 1) return "1 second ago";
  if (seconds < 60) return `${seconds} seconds ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return "About a minute ago";
  if (minutes < 60) return `${minutes} minutes ago`;
  const hours = Math.round(minutes / 60);
  return hours === 1 ? "About an hour ago" : `${hours} hours ago`;
}

/** As Go's tabwriter with 20 columns at least, and 3 between. */
function inColumns(rows: readonly Row[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(20, ...rows.map((row) => (row[column]?.length ?? 0) + 3)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join(""),
  );
}
