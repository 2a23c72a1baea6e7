import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of seeded random values. Each subject has its own stream, so that one drawing more does
 *  not change what another draws. */
export interface RandomStream {
  /** 31 random bits, as the kernel's `statistic` match compares them: 0 ≤ n < 2³¹. */
  bits31(): number;
  /** Uniform integer, both ends included. */
  int(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
}

/** 32-bit FNV-1a over UTF-16 code units: turns a stream's name into its seed. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** The stream called `name` of a run with this seed; the same two give the same values for ever. */
export function randomStream(seed: number, name: string): RandomStream {
  const generator = xoroshiro128plus((seed ^ hash32(name)) | 0);
  // Nearby seeds start alike in xoroshiro: leave the first values behind.
  for (let i = 0; i < 4; i++) generator.next();
  const int = (min: number, max: number) => uniformInt(generator, min, max);
  return {
    bits31: () => generator.next() >>> 1,
    int,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error("pick from an empty list");
      return item;
    },
  };
}
