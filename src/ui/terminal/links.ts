import type { ObjectKey } from "../../core/api/types";
import { type MirrorRecords, objectsOf } from "../../stores/mirror";
import { ownersOf, piecesOf } from "../../stores/owners";
import { keyOf } from "../../stores/related";

/** What a place in the output leads to. */
export type LinkTarget =
  | { readonly type: "objects"; readonly keys: readonly ObjectKey[] }
  | { readonly type: "chain"; readonly chain: string }
  | { readonly type: "journey"; readonly journey: number };

export interface OutputLink {
  /** Offsets in the line. */
  readonly from: number;
  readonly to: number;
  readonly target: LinkTarget;
}

/** Where a name is that of several objects, the first of these is meant, unless its kind stands before it. */
const NAMED = [
  "Service",
  "Pod",
  "Node",
  "Host",
  "Deployment",
  "ReplicaSet",
  "DaemonSet",
  "EndpointSlice",
  "Ingress",
  "Namespace",
] as const;

const SHORT_KINDS: Readonly<Record<string, string>> = {
  svc: "service",
  ing: "ingress",
  po: "pod",
  no: "node",
  deploy: "deployment",
  rs: "replicaset",
  ds: "daemonset",
  ns: "namespace",
};

const WORD = /(?:([a-z]+)(?:\.[a-z.]+)?\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)/g;
const CHAIN = /\b(?:KUBE-[A-Z0-9-]+|PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)(?![A-Za-z0-9-])/g;
/** As the screen writes it after a line. */
const FOLLOW = /^# kubehop: follow request/;

/** What can be clicked in a line of output. The earlier and longer comes first; none overlap. */
export function linksIn(line: string, records: MirrorRecords): readonly OutputLink[] {
  if (FOLLOW.test(line)) return journeyLinks(line);
  const found = [...addressLinks(line, records), ...chainLinks(line), ...nameLinks(line, records)];
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  let end = 0;
  return found.filter(({ from, to }) => {
    if (from < end) return false;
    end = to;
    return true;
  });
}

function journeyLinks(line: string): readonly OutputLink[] {
  return [...line.matchAll(/#(\d+)/g)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    target: { type: "journey", journey: Number(match[1]) },
  }));
}

function addressLinks(line: string, records: MirrorRecords): readonly OutputLink[] {
  let from = 0;
  // The range of one address is that address.
  const addresses = line.replaceAll(/\/32(?!\d)/g, "   ");
  return piecesOf(addresses, ownersOf(records)).flatMap(({ text, keys }) => {
    const link = { from, to: from + text.length, target: { type: "objects", keys } as const };
    from = link.to;
    return keys.length > 0 ? [link] : [];
  });
}

function chainLinks(line: string): readonly OutputLink[] {
  return [...line.matchAll(CHAIN)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    target: { type: "chain", chain: match[0] },
  }));
}

function nameLinks(line: string, records: MirrorRecords): readonly OutputLink[] {
  const names = namesOf(records);
  const links: OutputLink[] = [];
  for (const match of line.matchAll(WORD)) {
    const [text, kind, name = ""] = match;
    // `default/kuard` is a namespace and a name.
    const keys = names.get(name);
    if (!keys) continue;
    const wanted = kind === undefined ? undefined : (SHORT_KINDS[kind] ?? kind);
    const key = keys.find((one) => one.toLowerCase().startsWith(`${wanted}/`)) ?? keys[0];
    if (key === undefined) continue;
    const to = match.index + text.length;
    links.push({ from: to - name.length, to, target: { type: "objects", keys: [key] } });
  }
  return links;
}

const known = new WeakMap<MirrorRecords, ReadonlyMap<string, readonly ObjectKey[]>>();

function namesOf(records: MirrorRecords): ReadonlyMap<string, readonly ObjectKey[]> {
  const found = known.get(records) ?? collectNames(records);
  known.set(records, found);
  return found;
}

function collectNames(records: MirrorRecords): ReadonlyMap<string, readonly ObjectKey[]> {
  const names = new Map<string, readonly ObjectKey[]>();
  for (const kind of NAMED)
    for (const object of objectsOf(records, kind)) {
      const { name } = object.metadata;
      // `user`, `default` and their like are words of every output.
      if (kind === "Namespace" && name === "default") continue;
      names.set(name, [...(names.get(name) ?? []), keyOf(object)]);
    }
  return names;
}
