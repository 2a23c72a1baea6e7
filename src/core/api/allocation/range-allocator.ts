import { CowMap } from "../../sim/cow-map";
import type { RandomStream } from "../../sim/random";

/** Numbers 0 … size-1, each with at most one owner. The static band at the start is left to people who ask for a
 *  number: random picks go there only when the rest is full.
 *  Source: pkg/registry/core/service/allocator/bitmap.go, randomScanStrategyWithOffset. */
export class RangeAllocator {
  readonly #owners: CowMap<number, string>;

  constructor(
    readonly size: number,
    readonly staticBand: number,
    owners: CowMap<number, string> = new CowMap(),
  ) {
    this.#owners = owners;
  }

  fork(): RangeAllocator {
    return new RangeAllocator(this.size, this.staticBand, this.#owners.fork());
  }

  get used(): number {
    return this.#owners.size;
  }

  ownerOf(index: number): string | undefined {
    return this.#owners.get(index);
  }

  take(index: number, owner: string): void {
    this.#owners.set(index, owner);
  }

  /** A free number, now taken; undefined when the range is full. */
  takeRandom(random: RandomStream, owner: string): number | undefined {
    if (this.used >= this.size) return undefined;
    const index =
      this.#findFree(random, this.staticBand, this.size) ??
      this.#findFree(random, 0, this.staticBand);
    if (index !== undefined) this.take(index, owner);
    return index;
  }

  /** Frees a number, unless it has become another's meanwhile. */
  release(index: number, owner: string): void {
    if (this.#owners.get(index) === owner) this.#owners.delete(index);
  }

  /** From a random start, the next free number of `from` ≤ n < `to`, round the end. */
  #findFree(random: RandomStream, from: number, to: number): number | undefined {
    const count = to - from;
    if (count <= 0) return undefined;
    const start = random.int(0, count - 1);
    for (let step = 0; step < count; step++) {
      const index = from + ((start + step) % count);
      if (!this.#owners.has(index)) return index;
    }
    return undefined;
  }
}
