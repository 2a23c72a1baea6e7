import { randomStream } from "../../../src/core/sim/random";

/** Seeded choices. */
export interface Dice {
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
  /** Both ends included. */
  int(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
  /** Each item in so many of a hundred cases. */
  some<T>(items: readonly T[], percent: number): readonly T[];
  /** These fields in so many of a hundred cases, none of them otherwise. */
  maybe<T extends object>(percent: number, fields: () => T): T | Record<string, never>;
}

export function diceOf(seed: number): Dice {
  const stream = randomStream(seed, "kernel test");
  const chance = (percent: number) => stream.int(0, 99) < percent;
  return {
    chance,
    int: (from, to) => stream.int(from, to),
    pick: (items) => stream.pick(items),
    some: (items, percent) => items.filter(() => chance(percent)),
    maybe: (percent, fields) => (chance(percent) ? fields() : {}),
  };
}
