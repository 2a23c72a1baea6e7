import {
  type Attempt,
  add,
  countServers,
  type Distribution,
  type Outcome,
  serversOf,
  shares,
} from "./compare";
import type { Flow } from "./flows";
import { chiSquareTail } from "./statistics";

/** How often each server answers, over all flows to one destination that are to be shared out alike. */
export interface FrequencyTest {
  readonly flows: readonly string[];
  readonly distance: number;
  readonly degrees: number;
  /** How likely frequencies at least as far off as the observed ones are. */
  readonly probability: number;
  readonly text: string;
}

/** The chi-square test says nothing about fewer. */
const SMALLEST_MEAN = 5;

interface Pool {
  readonly flows: string[];
  readonly expected: Distribution;
  readonly observed: Map<string, number>;
  attempts: number;
}

export function frequencyTests(
  flows: readonly Flow[],
  outcomesOf: (id: string) => readonly Outcome[],
  attemptsOf: (id: string) => readonly Attempt[],
): readonly FrequencyTest[] {
  const pools = new Map<string, Pool>();
  for (const { id, to } of flows) {
    const expected = serversOf(outcomesOf(id));
    if (expected.size < 2) continue;
    const counts = countServers(attemptsOf(id));
    // What nobody foresaw is reported for itself.
    if ([...counts.keys()].some((key) => !expected.has(key))) continue;
    const key = JSON.stringify([to, rounded(expected)]);
    const pool: Pool = pools.get(key) ?? { flows: [], expected, observed: new Map(), attempts: 0 };
    pools.set(key, pool);
    pool.flows.push(id);
    pool.attempts += attemptsOf(id).length;
    for (const [server, count] of counts) add(pool.observed, server, count);
  }
  return [...pools.values()].flatMap((pool) => testOf(pool) ?? []);
}

function testOf({ flows, expected, observed, attempts }: Pool): FrequencyTest | undefined {
  const cells = cellsOf(expected, observed, attempts);
  if (cells.length < 2) return undefined;
  const distance = cells.reduce((sum, { mean, count }) => sum + (count - mean) ** 2 / mean, 0);
  const degrees = cells.length - 1;
  const probability = chiSquareTail(distance, degrees);
  const text = [
    `frequencies do not fit (p = ${probability.toExponential(1)}), ${attempts} attempts, ${flows.length} flows`,
    `  paths:  ${shares(expected)}`,
    `  kernel: ${shares(observed)}`,
  ].join("\n");
  return { flows, distance, degrees, probability, text };
}

interface Cell {
  readonly mean: number;
  readonly count: number;
}

/** Rare ones count together, as the chi-square test says nothing about small means. */
function cellsOf(expected: Distribution, observed: Distribution, attempts: number): Cell[] {
  const all = [...expected]
    .map(([key, share]) => ({ mean: share * attempts, count: observed.get(key) ?? 0 }))
    .sort((a, b) => a.mean - b.mean);
  const cells: Cell[] = [];
  let open: Cell = { mean: 0, count: 0 };
  for (const { mean, count } of all) {
    open = { mean: open.mean + mean, count: open.count + count };
    if (open.mean < SMALLEST_MEAN) continue;
    cells.push(open);
    open = { mean: 0, count: 0 };
  }
  return cells;
}

/** Shares that were added up in another order are still the same. */
function rounded(distribution: Distribution): readonly (readonly [string, string])[] {
  return [...distribution].map(([key, share]) => [key, share.toFixed(9)] as const).sort();
}

/** A run with nothing wrong fails as rarely as this, however many frequencies it tests (Bonferroni). */
const FALSE_ALARMS = 1e-6;

/** Those whose frequencies are no coincidence; and all of them when, taken together, they are none. */
export function findImprobable(tests: readonly FrequencyTest[]): readonly FrequencyTest[] {
  const sum = (of: (test: FrequencyTest) => number) => tests.reduce((all, one) => all + of(one), 0);
  const together = chiSquareTail(
    sum(({ distance }) => distance),
    sum(({ degrees }) => degrees),
  );
  if (tests.length > 0 && together < FALSE_ALARMS / 2) return tests;
  return tests.filter(({ probability }) => probability < FALSE_ALARMS / 2 / tests.length);
}
