import { chiSquareTail } from "./statistics";

/** One way of `kubehop paths`. */
export interface Outcome {
  readonly probability: number;
  readonly verdict: "delivered" | "refused" | "dropped";
  readonly reason: string | null;
  readonly server: string | null;
  readonly serverSeesSrcIp: string | null;
  readonly serverLocal: string | null;
}

/** What one attempt on the kernel came to. */
export interface Attempt {
  readonly verdict: "delivered" | "refused" | "dropped";
  readonly error?: string;
  readonly server?: string;
  readonly sees?: string;
  readonly local?: string;
}

/** Rarer than this, frequencies are no coincidence. */
const SIGNIFICANT = 1e-6;
/** The chi-square test says nothing about fewer. */
const SMALLEST_MEAN = 5;

export function describeOutcome(outcome: Outcome): string {
  const { verdict, server, serverSeesSrcIp, serverLocal } = outcome;
  return verdict === "delivered" ? `${server} ${serverLocal} sees ${serverSeesSrcIp}` : verdict;
}

function describeAttempt({ verdict, server, local, sees }: Attempt): string {
  return verdict === "delivered" ? `${server} ${local} sees ${sees}` : verdict;
}

/** What can be told apart from outside, each with its probability. */
export function expectedOf(outcomes: readonly Outcome[]): ReadonlyMap<string, number> {
  const expected = new Map<string, number>();
  for (const outcome of outcomes) {
    const key = describeOutcome(outcome);
    expected.set(key, (expected.get(key) ?? 0) + outcome.probability);
  }
  return expected;
}

/** Why simulation and kernel disagree; undefined: they agree. */
export function findDisagreement(
  outcomes: readonly Outcome[],
  attempts: readonly Attempt[],
): string | undefined {
  const expected = expectedOf(outcomes);
  const observed = new Map<string, number>();
  for (const attempt of attempts) {
    const key = describeAttempt(attempt);
    observed.set(key, (observed.get(key) ?? 0) + 1);
  }
  const unforeseen = [...observed.keys()].some((key) => !expected.has(key));
  const unlikely = likelihood(expected, observed, attempts.length) < SIGNIFICANT;
  if (!unforeseen && !unlikely && attempts.length > 0) return undefined;
  const reasons = new Set(outcomes.flatMap(({ reason }) => reason ?? []));
  const errors = new Set(attempts.flatMap(({ error }) => error ?? []));
  const list = (counts: ReadonlyMap<string, number>, total: number) =>
    [...counts].map(([key, count]) => `${((100 * count) / total).toFixed(1)} % ${key}`).join(", ");
  return [
    unforeseen ? "the kernel does what `paths` does not list" : "the frequencies do not fit",
    `  paths:  ${list(expected, 1)}${reasons.size > 0 ? ` (${[...reasons].join(", ")})` : ""}`,
    `  kernel: ${list(observed, attempts.length)} of ${attempts.length}${errors.size > 0 ? ` (${[...errors].join(", ")})` : ""}`,
  ].join("\n");
}

/** How likely frequencies are at least as far off as these. */
function likelihood(
  expected: ReadonlyMap<string, number>,
  observed: ReadonlyMap<string, number>,
  total: number,
): number {
  let sum = 0;
  for (const [key, probability] of expected) {
    const mean = probability * total;
    if (mean < SMALLEST_MEAN) return 1;
    sum += ((observed.get(key) ?? 0) - mean) ** 2 / mean;
  }
  return expected.size < 2 ? 1 : chiSquareTail(sum, expected.size - 1);
}
