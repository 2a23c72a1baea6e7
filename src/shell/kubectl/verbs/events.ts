import type { KubeEvent } from "../../../core/api/types";
import { failure } from "../failure";
import { alignColumns } from "../output/columns";
import { formatObjects } from "../output/format";
import { outputOf } from "../output/given";
import { findResourceType, typeOfKind } from "../resources";
import { formatAge } from "../time";
import type { Kubectl, Verb } from "../verb";
import { scopeOf } from "./get-table";

export const events: Verb = {
  name: "events",
  flags: {
    "all-namespaces": { short: "A" },
    for: { value: true },
    types: { value: true },
    watch: { short: "w" },
    output: { short: "o", value: true },
    template: { value: true },
    "allow-missing-template-keys": { value: "optional" },
    "no-headers": {},
    "chunk-size": { value: true },
  },
  run: async (kubectl) => {
    const { flags } = kubectl;
    const about = aboutOf(flags.text("for"));
    const types = flags.list("types").map((one) => one.toLowerCase());
    const wanted = (event: KubeEvent) =>
      (!about ||
        (event.involvedObject.name === about.name && event.involvedObject.kind === about.kind)) &&
      (types.length === 0 || types.includes(event.type.toLowerCase()));
    const found = () => eventsIn(kubectl).filter(wanted);
    const list = found();
    const output = outputOf(kubectl);
    if (output !== "") {
      await kubectl.write(
        formatObjects(output, list, { single: false, noHeaders: false, columns: false }) ?? "",
      );
      return 0;
    }
    if (list.length === 0 && !flags.on("watch")) {
      const { allNamespaces, namespace } = scopeOf(kubectl);
      await kubectl.complain(
        allNamespaces ? "No events found." : `No events found in ${namespace} namespace.`,
      );
      return 0;
    }
    await kubectl.write(alignColumns(rowsOf(kubectl, list, !flags.on("no-headers"))));
    if (!flags.on("watch")) return 0;
    const seen = new Set(list.map(versionOf));
    for (;;) {
      const fresh = () => found().filter((event) => !seen.has(versionOf(event)));
      await kubectl.process.cluster.until(() => fresh().length > 0, {
        interrupt: kubectl.process.interrupt,
      });
      const next = fresh();
      for (const event of next) seen.add(versionOf(event));
      await kubectl.write(alignColumns(rowsOf(kubectl, next, false)));
    }
  },
};

const versionOf = ({ metadata }: KubeEvent) => `${metadata.name}/${metadata.resourceVersion}`;

/** By the time they were last seen. */
function eventsIn(kubectl: Kubectl): readonly KubeEvent[] {
  const { allNamespaces, namespace } = scopeOf(kubectl);
  const all = kubectl.api.list(typeOfKind("Event"), {
    namespace: allNamespaces ? undefined : namespace,
  }) as readonly KubeEvent[];
  return [...all].sort((a, b) =>
    a.lastTimestamp < b.lastTimestamp ? -1 : a.lastTimestamp > b.lastTimestamp ? 1 : 0,
  );
}

function rowsOf(
  kubectl: Kubectl,
  list: readonly KubeEvent[],
  headed: boolean,
): readonly (readonly string[])[] {
  const { allNamespaces } = scopeOf(kubectl);
  const rows = list.map((event) => [
    ...(allNamespaces ? [event.metadata.namespace] : []),
    lastSeen(event, kubectl.api.nowUs),
    event.type,
    event.reason,
    `${event.involvedObject.kind}/${event.involvedObject.name}`,
    event.message.trim(),
  ]);
  const header = [
    ...(allNamespaces ? ["NAMESPACE"] : []),
    "LAST SEEN",
    "TYPE",
    "REASON",
    "OBJECT",
    "MESSAGE",
  ];
  return headed ? [header, ...rows] : rows;
}

export function lastSeen(event: KubeEvent, nowUs: number): string {
  const last = formatAge(event.lastTimestamp, nowUs);
  return event.count > 1
    ? `${last} (x${event.count} over ${formatAge(event.firstTimestamp, nowUs)})`
    : last;
}

function aboutOf(given: string | undefined) {
  if (given === undefined) return undefined;
  const [type = "", name = "", ...rest] = given.split("/");
  if (name === "" || rest.length > 0) throw failure(`--for must be in resource/name form`);
  const found = findResourceType(type);
  if (!found) throw failure(`the server doesn't have a resource type "${type}"`);
  return { kind: found.kind, name };
}
