import type { FailedRequest, Tally, TrafficMark } from "../../worker/what-if-protocol";

/** What followed a change: from the pod that goes to the last node's rules. */
export interface Episode {
  /** Counted from 1, over the marks that are kept. */
  readonly number: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly marks: readonly TrafficMark[];
  /** Nodes whose rules have not followed the endpoints: a kube-proxy that is stopped, or that is still to write. */
  readonly behind: readonly string[];
  /** Requests that were sent meanwhile and failed. */
  readonly failed: readonly FailedRequest[];
}

/** Marks this close belong together. */
const QUIET_US = 450_000;
/** kube-proxy may wait for its minSyncPeriod: so long an episode waits for rules to follow endpoints. */
const RULES_US = 1_600_000;
/** Where rules do not follow at all, failures are told for so long. */
const BEHIND_US = 3_000_000;

/** The marks of a load in episodes, the earliest first. `nodes`: those that have rules. */
export function episodesOf(
  { marks, failed }: Pick<Tally, "marks" | "failed">,
  nodes: readonly string[],
): readonly Episode[] {
  const groups = grouped(marks, nodes);
  return groups.map((group, index): Episode => {
    const startUs = group[0]?.atUs ?? 0;
    const lastUs = group.at(-1)?.atUs ?? startUs;
    const nextUs = groups[index + 1]?.[0]?.atUs ?? Number.POSITIVE_INFINITY;
    const behind = nodesBehind(group, nodes);
    const endUs = behind.length > 0 ? Math.min(nextUs, lastUs + BEHIND_US) : lastUs;
    return {
      number: index + 1,
      startUs,
      endUs,
      marks: group,
      behind,
      failed: failed.filter(({ atUs }) => atUs >= startUs && atUs <= endUs),
    };
  });
}

function grouped(marks: readonly TrafficMark[], nodes: readonly string[]): TrafficMark[][] {
  const groups: TrafficMark[][] = [];
  for (const mark of marks) {
    const group = groups.at(-1);
    if (group && belongs(group, mark, nodes)) group.push(mark);
    else groups.push([mark]);
  }
  return groups;
}

function belongs(
  group: readonly TrafficMark[],
  { atUs }: TrafficMark,
  nodes: readonly string[],
): boolean {
  const last = group.at(-1);
  if (last && atUs - last.atUs <= QUIET_US) return true;
  const changed = lastChange(group);
  return (
    changed !== undefined && atUs - changed.atUs <= RULES_US && nodesBehind(group, nodes).length > 0
  );
}

function lastChange(group: readonly TrafficMark[]): TrafficMark | undefined {
  return group.filter(({ kind }) => kind === "sliceChanged").at(-1);
}

function nodesBehind(group: readonly TrafficMark[], nodes: readonly string[]): readonly string[] {
  const changed = lastChange(group);
  if (!changed) return [];
  const later = group.filter(({ kind, atUs }) => kind === "rulesChanged" && atUs > changed.atUs);
  const followed = new Set(later.map(({ object }) => nameOf(object)));
  return nodes.filter((node) => !followed.has(node));
}

/** `kuard-x deleted`, `3 pods deleted`. */
export function titleOf({ marks }: Pick<Episode, "marks">): string {
  const first = marks.find(({ kind }) => kind in TITLES) ?? marks[0];
  if (!first) return "";
  const alike = marks.filter(({ kind }) => kind === first.kind);
  const count = new Set(alike.map(({ object }) => object)).size;
  const words = TITLES[first.kind] ?? "";
  if (first.kind === "sliceChanged") return "endpoints changed";
  if (first.kind === "rulesChanged") return "rules changed";
  if (first.kind === "targetsChanged")
    return `load balancer ${nameOf(first.object)}: ${first.detail}`;
  return count === 1 ? `${nameOf(first.object)} ${words}` : `${count} pods ${words}`;
}

const TITLES: { readonly [kind in TrafficMark["kind"]]?: string } = {
  deleted: "deleted",
  exited: "died",
  poweredOff: "powered off",
  poweredOn: "powered on",
  notReady: "not ready",
  ready: "ready",
};

/** A mark in one line. */
export function markText({ kind, object, detail }: TrafficMark): string {
  const name = nameOf(object);
  switch (kind) {
    case "deleted":
      return `${name} is marked for deletion`;
    case "signalled":
      return `SIGTERM to ${name}`;
    case "exited":
      return `${name} has no process any more: its port is closed`;
    case "unplugged":
      return `${name} has no network any more: its address is nobody’s`;
    case "probeFailed":
      return `a probe of ${name} failed, ${detail}`;
    case "probePassed":
      return `the readiness probe of ${name} passed`;
    case "dnsHeard":
      return `CoreDNS ${name} has heard of it`;
    case "ready":
      return `${name} is ready`;
    case "notReady":
      return `${name} is not ready`;
    case "sliceChanged":
      return `EndpointSlice: ${detail}`;
    case "rulesChanged":
      return `the rules of ${name} follow`;
    case "targetsChanged":
      return `load balancer ${name}: ${detail}`;
    case "poweredOff":
      return `${name} is powered off`;
    case "poweredOn":
      return `${name} is powered on`;
  }
}

/** `kuard-x` of `Pod/default/kuard-x`. */
export function nameOf(object: string): string {
  return object.slice(object.lastIndexOf("/") + 1);
}
