import type { RandomStream } from "../sim/random";

/** Source: apimachinery/pkg/util/rand: no vowels, no 0 1 3, so that no words appear. */
const SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** What follows generateName. */
export function randomSuffix(random: RandomStream): string {
  return Array.from({ length: 5 }, () => random.pick([...SUFFIX_ALPHABET])).join("");
}

/** A version 4 UUID in form, from a seeded stream. */
export function newUid(random: RandomStream): string {
  const hex = (length: number) =>
    Array.from({ length }, () => random.int(0, 15).toString(16)).join("");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${random.pick([..."89ab"])}${hex(3)}-${hex(12)}`;
}
