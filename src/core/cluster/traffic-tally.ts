import type { Store } from "../api/store";
import type { Milestone } from "../controllers/context";
import { MS } from "../sim/time";
import type { Hop } from "../trace/hop";
import type { VerdictKind } from "../trace/verdict";
import type { Journey } from "./connection";
import { connectionHops } from "./ways";

/** Requests that ended alike. */
export interface OutcomeCount {
  /** `error`: nothing was sent, as the client could not find out where to. */
  readonly verdict: VerdictKind | "error";
  readonly reason: string | null;
  /** `pod/NAMESPACE/NAME`, `node/NAME`, `host/NAME`; null unless delivered. */
  readonly server: string | null;
  /** Node of the server, or on which the packet failed; null outside the nodes. */
  readonly node: string | null;
  /** What the first of them was told. */
  readonly words: string;
  readonly count: number;
}

/** What became of the requests that were sent in one slice of virtual time. */
export interface TrafficBucket {
  readonly atUs: number;
  readonly outcomes: readonly OutcomeCount[];
  /** Rules that first packets were tested against, and how many first packets that was. */
  readonly rulesTested: number;
  readonly firstPackets: number;
}

/** What happened in the cluster while requests were sent. */
export interface TrafficMark extends Milestone {
  readonly atUs: number;
}

/** A request that did not get an answer, and when it was sent. */
export interface FailedRequest {
  readonly atUs: number;
  readonly verdict: OutcomeCount["verdict"];
  readonly reason: string | null;
}

/** Counts instead of hops: what is left of a load's requests. Immutable. */
export interface Tally {
  readonly sinceUs: number;
  readonly sent: number;
  readonly ended: number;
  readonly outcomes: readonly OutcomeCount[];
  /** In order of time; slices without a request are left out. */
  readonly buckets: readonly TrafficBucket[];
  /** In order of time, the latest MAX_MARKS. */
  readonly marks: readonly TrafficMark[];
  /** In the order in which they ended, the latest MAX_FAILED. */
  readonly failed: readonly FailedRequest[];
}

export const BUCKET_US = 250 * MS;
/** Two minutes; what is older is forgotten, save in the sums. */
const MAX_BUCKETS = 480;
/** More kinds of outcome than these are counted as one. */
const MAX_OUTCOMES = 400;

const MAX_MARKS = 200;
const MAX_FAILED = 500;

export function emptyTally(sinceUs: number): Tally {
  return { sinceUs, sent: 0, ended: 0, outcomes: [], buckets: [], marks: [], failed: [] };
}

export function countSent(tally: Tally): Tally {
  return { ...tally, sent: tally.sent + 1 };
}

export function withMark(tally: Tally, mark: TrafficMark): Tally {
  return { ...tally, marks: [...tally.marks, mark].slice(-MAX_MARKS) };
}

/** A request that could not be sent. */
export function countError(tally: Tally, atUs: number, words: string): Tally {
  const outcome = { verdict: "error", reason: null, server: null, node: null, words } as const;
  return count(tally, atUs, outcome, undefined);
}

export function countJourney(tally: Tally, journey: Journey, store: Store): Tally {
  const { outcome } = journey;
  const verdict = outcome?.verdict;
  const server = outcome?.server ?? null;
  return count(
    tally,
    journey.sentAtUs,
    {
      verdict: verdict?.kind ?? "dropped",
      reason: verdict?.reason ?? null,
      server,
      node: nodeOf(server ?? verdict?.place ?? "", store),
      words: wordsOf(journey),
    },
    rulesOfFirstPacket(connectionHops(journey)),
  );
}

function wordsOf({ outcome }: Journey): string {
  const explanation = outcome?.verdict.explanation ?? "";
  const { http } = outcome ?? {};
  return http ? `${explanation}: ${http.status} ${http.reason}` : explanation;
}

function nodeOf(serverOrPlace: string, store: Store): string | null {
  const [kind, first = "", second = ""] = serverOrPlace.split("/");
  if (kind === "node") return first;
  return kind === "pod" ? (store.find("Pod", first, second)?.spec.nodeName ?? null) : null;
}

/** Later packets of a connection are conntrack's: only the first one walks the NAT rules. */
function rulesOfFirstPacket(hops: readonly Hop[]): number {
  let rules = 0;
  for (const { role, direction, walks } of hops) {
    if (direction !== "original" || (role !== "SYN" && role !== "datagram")) continue;
    for (const { from, to } of walks) rules += to - from + 1;
  }
  return rules;
}

type OutcomeKind = Omit<OutcomeCount, "count">;

function count(tally: Tally, atUs: number, kind: OutcomeKind, rules: number | undefined): Tally {
  return {
    ...tally,
    ended: tally.ended + 1,
    outcomes: countOutcome(tally.outcomes, kind),
    buckets: countInBucket(tally.buckets, atUs, kind, rules),
    failed: kind.verdict === "delivered" ? tally.failed : withFailed(tally.failed, atUs, kind),
  };
}

function withFailed(
  failed: readonly FailedRequest[],
  atUs: number,
  { verdict, reason }: OutcomeKind,
): readonly FailedRequest[] {
  return [...failed, { atUs, verdict, reason }].slice(-MAX_FAILED);
}

function countInBucket(
  buckets: readonly TrafficBucket[],
  sentAtUs: number,
  kind: OutcomeKind,
  rules: number | undefined,
): readonly TrafficBucket[] {
  const atUs = sentAtUs - (sentAtUs % BUCKET_US);
  let index = buckets.length - 1;
  while (index >= 0 && (buckets[index] as TrafficBucket).atUs > atUs) index--;
  const known = buckets[index]?.atUs === atUs ? buckets[index] : undefined;
  const before = known ?? { atUs, outcomes: [], rulesTested: 0, firstPackets: 0 };
  const bucket: TrafficBucket = {
    atUs,
    outcomes: countOutcome(before.outcomes, kind),
    rulesTested: before.rulesTested + (rules ?? 0),
    firstPackets: before.firstPackets + (rules === undefined ? 0 : 1),
  };
  // A request may end after later ones: its slice is not always the last.
  const rest = buckets.slice(index + 1);
  const next = [...buckets.slice(0, known ? index : index + 1), bucket, ...rest];
  return next.slice(-MAX_BUCKETS);
}

function countOutcome(
  outcomes: readonly OutcomeCount[],
  kind: OutcomeKind,
): readonly OutcomeCount[] {
  const index = outcomes.findIndex((known) => isSame(known, kind));
  if (index < 0 && kind !== OTHER && outcomes.length >= MAX_OUTCOMES)
    return countOutcome(outcomes, OTHER);
  if (index < 0) return [...outcomes, { ...kind, count: 1 }];
  return outcomes.map((known, at) => (at === index ? { ...known, count: known.count + 1 } : known));
}

const OTHER: OutcomeKind = {
  verdict: "error",
  reason: null,
  server: null,
  node: null,
  words: "other outcomes: too many kinds to list",
};

/** Failures of one kind at one place are one, whatever ports they name. */
function isSame(a: OutcomeKind, b: OutcomeKind): boolean {
  return (
    a.verdict === b.verdict &&
    a.reason === b.reason &&
    a.server === b.server &&
    a.node === b.node &&
    (a.verdict !== "error" || a.words === b.words)
  );
}
