import type { Pod } from "../../../core/api/types";
import { notFound } from "../api";
import { failure, KubectlFailure, usageFailure } from "../failure";
import { type LogLine, podLog, previousLog } from "../pod-log";
import { typeOfKind } from "../resources";
import { selectorOf, typeNamed } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { secondsOf } from "./delete";
import { containerOf, podOf } from "./pods";

export const logs: Verb = {
  name: "logs",
  flags: {
    container: { short: "c", value: true },
    follow: { short: "f" },
    previous: { short: "p" },
    tail: { value: true },
    since: { value: true },
    "since-time": { value: true },
    timestamps: {},
    selector: { short: "l", value: true },
    "all-containers": {},
    "all-pods": {},
    prefix: {},
    "limit-bytes": { value: true },
    "max-log-requests": { value: true },
    "ignore-errors": {},
    "pod-running-timeout": { value: true },
  },
  run: async (kubectl) => {
    const { api, args, flags, namespace } = kubectl;
    const labels = selectorOf(flags);
    if (args.length === 0 && !labels)
      throw usageFailure(
        "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
        "logs",
      );
    const pods = labels
      ? (api.list(typeOfKind("Pod"), { namespace, labels }) as readonly Pod[])
      : [findPod(kubectl, args[0] ?? "")];
    const sources = pods.flatMap((pod) =>
      (flags.on("all-containers")
        ? pod.spec.containers.map(({ name }) => name)
        : [containerOf(pod, flags.text("container") ?? args[1])]
      ).map((container) => ({ pod, container })),
    );
    const defaulted = sources[0]?.pod;
    if (
      defaulted &&
      defaulted.spec.containers.length > 1 &&
      !flags.has("container") &&
      args[1] === undefined &&
      !flags.on("all-containers")
    )
      await kubectl.complain(
        `Defaulted container "${defaulted.spec.containers[0]?.name}" out of: ${defaulted.spec.containers.map((one) => one.name).join(", ")}`,
      );
    return print(kubectl, sources);
  },
};

interface Source {
  readonly pod: Pod;
  readonly container: string;
}

function findPod(kubectl: Kubectl, given: string): Pod {
  const { api, namespace } = kubectl;
  const slash = given.indexOf("/");
  const type = slash < 0 ? typeOfKind("Pod") : typeNamed(given.slice(0, slash));
  const name = given.slice(slash + 1);
  if (!api.find(type, namespace, name))
    throw failure(
      `error from server (NotFound): ${notFound(type, name).message} in namespace "${namespace}"`,
    );
  return podOf(kubectl, given);
}

async function print(kubectl: Kubectl, sources: readonly Source[]): Promise<number> {
  const { api, flags, process } = kubectl;
  const tail = flags.number("tail") ?? -1;
  const sinceUs = flags.has("since")
    ? api.nowUs - secondsOf(flags.text("since") ?? "", "logs", "since") * 1_000_000
    : -1;
  const written = new Map<Source, number>();
  const linesOf = (source: Source) => {
    if (flags.on("previous")) return previous(kubectl, source);
    const lines = podLog(api.cluster.world, source.pod, source.container);
    if ("waiting" in lines)
      throw new KubectlFailure(
        `Error from server (BadRequest): container "${source.container}" in pod "${source.pod.metadata.name}" is waiting to start: ${lines.waiting}`,
      );
    return lines.lines;
  };
  for (const source of sources) {
    const lines = linesOf(source).filter(({ atUs }) => atUs >= sinceUs);
    const shown = tail >= 0 ? lines.slice(Math.max(0, lines.length - tail)) : lines;
    for (const line of shown) await kubectl.print(text(kubectl, source, line));
    written.set(source, linesOf(source).length);
  }
  if (!flags.on("follow") || flags.on("previous")) return 0;
  for (;;) {
    const fresh = () =>
      sources.filter((source) => linesOf(source).length > (written.get(source) ?? 0));
    await process.cluster.until(() => fresh().length > 0, { interrupt: process.interrupt });
    for (const source of fresh()) {
      const lines = linesOf(source);
      for (const line of lines.slice(written.get(source)))
        await kubectl.print(text(kubectl, source, line));
      written.set(source, lines.length);
    }
  }
}

/** Of the container before the one that is there, or is to be started next. */
function previous({ api }: Kubectl, { pod, container }: Source): readonly LogLine[] {
  const lines = previousLog(api.cluster.world, pod, container);
  if (lines) return lines;
  throw new KubectlFailure(
    `Error from server (BadRequest): previous terminated container "${container}" in pod "${pod.metadata.name}" not found`,
  );
}

function text(
  { flags }: Kubectl,
  { pod, container }: Source,
  line: { readonly timestamp: string; readonly text: string },
): string {
  const prefix = flags.on("prefix") ? `[pod/${pod.metadata.name}/${container}] ` : "";
  const stamp = flags.on("timestamps") ? `${line.timestamp} ` : "";
  return `${prefix}${stamp}${line.text}`;
}
