import type { PathOutcome } from "../../src/cli/paths";

export type Outcome = Omit<PathOutcome, "reason"> & { readonly reason: string | null };

/** What one attempt on the kernel came to. */
export interface Attempt {
  readonly verdict: "delivered" | "refused" | "dropped";
  readonly error?: string;
  readonly server?: string;
  readonly sees?: string;
  readonly local?: string;
}

/** How probable, or how frequent, each thing is that can be told apart. */
export type Distribution = ReadonlyMap<string, number>;

export function describeOutcome(outcome: Outcome): string {
  const { verdict, server, serverSeesSrcIp, serverLocal } = outcome;
  return verdict === "delivered" ? `${server} ${serverLocal} sees ${serverSeesSrcIp}` : verdict;
}

export function describeAttempt({ verdict, server, local, sees }: Attempt): string {
  return verdict === "delivered" ? `${server} ${local} sees ${sees}` : verdict;
}

/** What can be told apart from outside, each with its probability. */
export function expectedOf(outcomes: readonly Outcome[]): Distribution {
  const expected = new Map<string, number>();
  for (const outcome of outcomes) add(expected, describeOutcome(outcome), outcome.probability);
  return expected;
}

/** The same without the source address that a server saw: alike for all clients of a Service. */
export function serversOf(outcomes: readonly Outcome[]): Distribution {
  const expected = new Map<string, number>();
  for (const { verdict, server, serverLocal, probability } of outcomes)
    add(expected, server === null ? verdict : `${server} ${serverLocal}`, probability);
  return expected;
}

export function countServers(attempts: readonly Attempt[]): Distribution {
  const counts = new Map<string, number>();
  for (const { verdict, server, local } of attempts)
    add(counts, server === undefined ? verdict : `${server} ${local}`, 1);
  return counts;
}

export function add(counts: Map<string, number>, key: string, value: number): void {
  counts.set(key, (counts.get(key) ?? 0) + value);
}

/** Something that the kernel did and `paths` does not list, or nothing done at all; undefined: they agree. */
export function findUnforeseen(
  outcomes: readonly Outcome[],
  attempts: readonly Attempt[],
): string | undefined {
  const expected = expectedOf(outcomes);
  const observed = new Map<string, number>();
  for (const attempt of attempts) add(observed, describeAttempt(attempt), 1);
  if (attempts.length > 0 && [...observed.keys()].every((key) => expected.has(key)))
    return undefined;
  const reasons = new Set(outcomes.flatMap(({ reason }) => reason ?? []));
  const errors = new Set(attempts.flatMap(({ error }) => error ?? []));
  return [
    "the kernel does what `paths` does not list",
    `  paths:  ${shares(expected)}${inBrackets(reasons)}`,
    `  kernel: ${shares(observed)} of ${attempts.length}${inBrackets(errors)}`,
  ].join("\n");
}

/** `50.0 % pod/default/web-1 10.244.1.2:80, 50.0 % refused`. */
export function shares(distribution: Distribution): string {
  const total = [...distribution.values()].reduce((sum, value) => sum + value, 0);
  return [...distribution]
    .map(([key, value]) => `${((100 * value) / total).toFixed(1)} % ${key}`)
    .join(", ");
}

function inBrackets(words: ReadonlySet<string>): string {
  return words.size === 0 ? "" : ` (${[...words].join(", ")})`;
}
