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
const SECOND_US = 1_000_000;
const SHOWN_US = 60_000_000;
/** Over longer times quarter seconds are noise: seconds are shown instead. */
const FINE_US = 15_000_000;
/** More lines than this cannot be told apart. */
const MAX_LINES = 6;

/** What was counted in one slice of time; the slice that goes on is as long as it is so far. */
interface Slice extends Omit<TrafficBucket, "atUs"> {
  readonly lengthUs: number;
}

/** The last minute of a load's counts, slice by slice; nothing sent is a zero. */
export function seriesOf({ buckets, sinceUs }: Tally, nowUs: number): TrafficSeries {
  const fromUs = Math.max(sinceUs, nowUs - SHOWN_US);
  const stepUs = nowUs - fromUs > FINE_US ? SECOND_US : BUCKET_US;
  const starts = startsBetween(fromUs, nowUs, stepUs);
  const slices = starts.map((atUs) => {
    const found = buckets.filter((bucket) => bucket.atUs >= atUs && bucket.atUs < atUs + stepUs);
    return sliceOf(found, Math.max(BUCKET_US, Math.min(stepUs, nowUs - atUs)));
  });
  const ofFailure = (name: Failure): Line => ({
    name,
    values: slices.map((slice) => perSecond(slice, (outcome) => failureOf(outcome) === name)),
  });
  return {
    seconds: starts.map((atUs) => atUs / SECOND_US),
    servers: linesBy(slices, ({ server }) => server && shortServer(server)),
    nodes: linesBy(slices, ({ node }) => node),
    failures: FAILURES.map(ofFailure),
    rules: [
      {
        name: "rules",
        values: slices.map(({ rulesTested, firstPackets }) =>
          firstPackets > 0 ? rulesTested / firstPackets : null,
        ),
      },
    ],
  };
}

function startsBetween(fromUs: number, toUs: number, stepUs: number): readonly number[] {
  const starts: number[] = [];
  for (let atUs = fromUs - (fromUs % stepUs); atUs <= toUs; atUs += stepUs) starts.push(atUs);
  return starts;
}

function sliceOf(buckets: readonly TrafficBucket[], lengthUs: number): Slice {
  return {
    outcomes: buckets.flatMap(({ outcomes }) => outcomes),
    rulesTested: buckets.reduce((sum, bucket) => sum + bucket.rulesTested, 0),
    firstPackets: buckets.reduce((sum, bucket) => sum + bucket.firstPackets, 0),
    lengthUs,
  };
}

/** The busiest by name, the rest as one. */
function linesBy(
  slices: readonly Slice[],
  nameOf: (outcome: OutcomeCount) => string | null,
): readonly Line[] {
  const totals = new Map<string, number>();
  for (const { outcomes } of slices)
    for (const outcome of outcomes) {
      const name = outcome.verdict === "delivered" ? nameOf(outcome) : null;
      if (name !== null) totals.set(name, (totals.get(name) ?? 0) + outcome.count);
    }
  const names = [...totals.keys()].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  const shown = new Set(names.length > MAX_LINES ? names.slice(0, MAX_LINES - 1) : names);
  const isOf = (name: string) => (outcome: OutcomeCount) =>
    outcome.verdict === "delivered" && nameOf(outcome) === name;
  const lines = [...shown].sort().map((name) => ({
    name,
    values: slices.map((slice) => perSecond(slice, isOf(name))),
  }));
  if (shown.size === names.length) return lines;
  const isOther = (outcome: OutcomeCount) => {
    const name = outcome.verdict === "delivered" ? nameOf(outcome) : null;
    return name !== null && !shown.has(name);
  };
  const values = slices.map((slice) => perSecond(slice, isOther));
  return [...lines, { name: `${names.length - shown.size} others`, values }];
}

function perSecond(
  { outcomes, lengthUs }: Slice,
  isMeant: (outcome: OutcomeCount) => boolean,
): number {
  const meant = outcomes.filter(isMeant);
  return (meant.reduce((sum, { count }) => sum + count, 0) * SECOND_US) / lengthUs;
}

/** `kuard-x` of `pod/default/kuard-x`. */
export function shortServer(server: string): string {
  return server.replace(/^(pod\/[^/]+|node|host)\//, "");
}
