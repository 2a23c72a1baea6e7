import type { OutcomeCount, Tally, TrafficBucket } from "../../worker/what-if-protocol";
import { FAILURES, type Failure, failureOf } from "./outcomes";

/** One line of a chart: a value for each instant. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface TrafficSeries {
  /** Seconds of virtual time at which each slice begins. */
  readonly seconds: readonly number[];
  /** Requests per second answered, by pod (or other server) and by node. */
  readonly servers: readonly Line[];
  readonly nodes: readonly Line[];
  /** Requests per second that failed, by how. */
  readonly failures: readonly Line[];
  /** Rules that a request's first packet was tested against, on average. */
  readonly rules: readonly Line[];
}

const BUCKET_US = 250_000;
const SHOWN_US = 60_000_000;
/** More lines than this cannot be told apart. */
const MAX_LINES = 6;

/** The last minute of a load's counts, slice by slice; nothing sent is a zero. */
export function seriesOf({ buckets, sinceUs }: Tally, nowUs: number): TrafficSeries {
  const slices = slicesBetween(Math.max(sinceUs, nowUs - SHOWN_US), nowUs);
  const byTime = new Map(buckets.map((bucket) => [bucket.atUs, bucket]));
  const found = slices.map((atUs) => byTime.get(atUs));
  const ofFailure = (name: Failure): Line => ({
    name,
    values: found.map((bucket) => perSecond(bucket, (outcome) => failureOf(outcome) === name)),
  });
  return {
    seconds: slices.map((atUs) => atUs / 1_000_000),
    servers: linesBy(found, ({ server }) => server && shortServer(server)),
    nodes: linesBy(found, ({ node }) => node),
    failures: FAILURES.map(ofFailure),
    rules: [
      {
        name: "rules",
        values: found.map((bucket) =>
          bucket && bucket.firstPackets > 0 ? bucket.rulesTested / bucket.firstPackets : null,
        ),
      },
    ],
  };
}

function slicesBetween(fromUs: number, toUs: number): readonly number[] {
  const slices: number[] = [];
  for (let atUs = fromUs - (fromUs % BUCKET_US); atUs <= toUs; atUs += BUCKET_US) slices.push(atUs);
  return slices;
}

/** The busiest by name, the rest as one. */
function linesBy(
  buckets: readonly (TrafficBucket | undefined)[],
  nameOf: (outcome: OutcomeCount) => string | null,
): readonly Line[] {
  const totals = new Map<string, number>();
  for (const bucket of buckets)
    for (const outcome of bucket?.outcomes ?? []) {
      const name = outcome.verdict === "delivered" ? nameOf(outcome) : null;
      if (name !== null) totals.set(name, (totals.get(name) ?? 0) + outcome.count);
    }
  const names = [...totals.keys()].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  const shown = new Set(names.length > MAX_LINES ? names.slice(0, MAX_LINES - 1) : names);
  const isOf = (name: string) => (outcome: OutcomeCount) =>
    outcome.verdict === "delivered" && nameOf(outcome) === name;
  const lines = [...shown].sort().map((name) => ({
    name,
    values: buckets.map((bucket) => perSecond(bucket, isOf(name))),
  }));
  if (shown.size === names.length) return lines;
  const isOther = (outcome: OutcomeCount) => {
    const name = outcome.verdict === "delivered" ? nameOf(outcome) : null;
    return name !== null && !shown.has(name);
  };
  const values = buckets.map((bucket) => perSecond(bucket, isOther));
  return [...lines, { name: `${names.length - shown.size} others`, values }];
}

function perSecond(
  bucket: TrafficBucket | undefined,
  isMeant: (outcome: OutcomeCount) => boolean,
): number {
  const count = (bucket?.outcomes ?? []).reduce(
    (sum, outcome) => sum + (isMeant(outcome) ? outcome.count : 0),
    0,
  );
  return (count * 1_000_000) / BUCKET_US;
}

/** `kuard-x` of `pod/default/kuard-x`. */
export function shortServer(server: string): string {
  return server.replace(/^(pod\/[^/]+|node|host)\//, "");
}
