import { keyOf, type ObjectKey } from "../api/types";
import type { MilestoneKind } from "../controllers/context";
import type { TimedMilestone } from "./milestones";

export interface ChainStep {
  /** Absent: it has not happened yet. */
  readonly atUs?: number;
  /** For people: `node-2 writes its rules`. */
  readonly text: string;
  readonly object: ObjectKey;
}

/** How the news that a pod is (not) ready, or is going, went through the cluster. */
export interface ReadinessChain {
  readonly pod: ObjectKey;
  readonly became: "ready" | "notReady" | "deleted";
  readonly startedAtUs: number;
  readonly services: readonly ObjectKey[];
  /** In order of time; what is still to come, last. */
  readonly steps: readonly ChainStep[];
}

const MAX_CHAINS = 12;
/** A probe that failed longer ago than this was about something else. */
const PROBE_BEFORE_US = 5_000_000;

const CHANGES: ReadonlySet<MilestoneKind> = new Set(["ready", "notReady", "deleted"]);

/** The latest of them, the latest first. `nodes`: those whose kube-proxy should follow. */
export function chainsOf(
  milestones: readonly TimedMilestone[],
  nodes: readonly string[],
): readonly ReadinessChain[] {
  const chains: ReadinessChain[] = [];
  for (let index = milestones.length - 1; index >= 0 && chains.length < MAX_CHAINS; index--) {
    const one = milestones[index];
    if (one && CHANGES.has(one.kind)) chains.push(chainOf(milestones, index, one, nodes));
  }
  return chains;
}

function chainOf(
  milestones: readonly TimedMilestone[],
  index: number,
  change: TimedMilestone,
  nodes: readonly string[],
): ReadinessChain {
  const { object: pod, detail: ip = "" } = change;
  const became = change.kind as ReadinessChain["became"];
  const probe = probeBefore(milestones.slice(0, index), change);
  const after = milestones.slice(index + 1);
  const end = after.findIndex(({ kind, object }) => object === pod && CHANGES.has(kind));
  const until = end < 0 ? after : after.slice(0, end);
  const slices = slicesAbout(until, ip);
  const followed = slices.flatMap((slice) => followers(until, slice));
  const happened: ChainStep[] = [
    ...(probe ? [{ atUs: probe.atUs, object: pod, text: probeText(probe) }] : []),
    { atUs: change.atUs, object: pod, text: STATUS_WORDS[became] },
    ...slices.map(({ atUs, object, detail = "" }) => ({
      atUs,
      object,
      text: `EndpointSlice ${object.split("/").at(-1)}: ${aboutOnly(detail, ip)}`,
    })),
    ...ownEnd(until, pod),
    ...followed,
  ].sort((a, b) => (a.atUs ?? 0) - (b.atUs ?? 0));
  const seen = new Set(followed.map(({ object }) => object));
  const waiting =
    slices.length === 0 || end >= 0
      ? []
      : nodes
          .map((node) => keyOf("Node", "", node))
          .filter((node) => !seen.has(node))
          .map(
            (node): ChainStep => ({ object: node, text: `${nameOf(node)} has not followed yet` }),
          );
  const services = slices.flatMap((slice) => slice.services ?? []);
  return {
    pod,
    became,
    startedAtUs: happened[0]?.atUs ?? change.atUs,
    services: [...new Set(services)].map((service) => `Service/${service}` as const),
    steps: [...happened, ...waiting],
  };
}

const STATUS_WORDS = {
  ready: "its status says ready",
  notReady: "its status says not ready",
  deleted: "it is marked for deletion",
} as const;

function probeBefore(
  before: readonly TimedMilestone[],
  { kind, object, atUs }: TimedMilestone,
): TimedMilestone | undefined {
  const wanted = kind === "ready" ? "probePassed" : "probeFailed";
  const found = before.filter((one) => one.object === object && one.kind === wanted).at(-1);
  const isAbout = kind !== "deleted" && found && atUs - found.atUs <= PROBE_BEFORE_US;
  return isAbout ? found : undefined;
}

function probeText({ kind, detail = "" }: TimedMilestone): string {
  return kind === "probePassed" ? "its readiness probe passed" : `probe failed, ${detail}`;
}

/** The first change of each slice that tells of the address. */
function slicesAbout(after: readonly TimedMilestone[], ip: string): readonly TimedMilestone[] {
  const first = new Map<string, TimedMilestone>();
  for (const one of after)
    if (one.kind === "sliceChanged" && partsAbout(one.detail ?? "", ip).length > 0)
      if (!first.has(one.object)) first.set(one.object, one);
  return [...first.values()];
}

/** Of `10.244.1.3 removed; 10.244.2.4 added`, what is about one address. */
function partsAbout(detail: string, ip: string): readonly string[] {
  return ip === "" ? [] : detail.split("; ").filter((part) => part.startsWith(`${ip} `));
}

function aboutOnly(detail: string, ip: string): string {
  return partsAbout(detail, ip).join("; ");
}

/** Each node's rules, each CoreDNS and the load balancer, when they first followed that slice. */
function followers(after: readonly TimedMilestone[], slice: TimedMilestone): readonly ChainStep[] {
  const seen = new Map<string, ChainStep>();
  const services = slice.services ?? [];
  for (const { atUs, kind, object, detail = "", services: changed = services } of after) {
    if (atUs < slice.atUs || seen.has(`${kind} ${object}`)) continue;
    const isAbout = changed.some((service) => services.includes(service));
    const name = nameOf(object);
    const add = (text: string) => seen.set(`${kind} ${object}`, { atUs, object, text });
    if (kind === "rulesChanged" && isAbout) add(`${name} has written its rules`);
    if (kind === "dnsHeard") add(`CoreDNS ${name} has heard of it`);
    if (kind === "targetsChanged" && services.some((service) => object === `Service/${service}`))
      add(`load balancer: ${detail}`);
  }
  return [...seen.values()];
}

/** What the pod itself did meanwhile. */
function ownEnd(after: readonly TimedMilestone[], pod: ObjectKey): readonly ChainStep[] {
  return after
    .filter(({ object }) => object === pod)
    .flatMap(({ kind, atUs }) => {
      const text = OWN_WORDS[kind];
      return text === undefined ? [] : [{ atUs, object: pod, text }];
    });
}

const OWN_WORDS: { readonly [kind in MilestoneKind]?: string } = {
  signalled: "SIGTERM: its programs are to leave",
  exited: "its last program has left: nobody listens",
  unplugged: "CNI DEL: its address is nobody's",
};

function nameOf(object: ObjectKey): string {
  return object.split("/").at(-1) ?? object;
}
