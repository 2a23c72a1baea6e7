import type { Labels } from "../api/types";
import { CowMap } from "../sim/cow-map";

/** Keys by some property of theirs (pods by node, objects by owner): an index that forks cheaply. */
export class Buckets {
  readonly #buckets: CowMap<string, CowMap<string, true>>;
  /** Buckets that nobody else shares. */
  #owned = new Set<string>();

  constructor(from?: Buckets) {
    this.#buckets = from ? from.#buckets.fork() : new CowMap();
  }

  fork(): Buckets {
    this.#owned = new Set();
    return new Buckets(this);
  }

  add(bucket: string, key: string): void {
    this.#own(bucket).set(key, true);
  }

  remove(bucket: string, key: string): void {
    if (!this.#buckets.get(bucket)?.has(key)) return;
    const keys = this.#own(bucket);
    keys.delete(key);
    if (keys.size > 0) return;
    this.#buckets.delete(bucket);
    this.#owned.delete(bucket);
  }

  size(bucket: string): number {
    return this.#buckets.get(bucket)?.size ?? 0;
  }

  /** In the order they were added; a copy, so that the index may change meanwhile. */
  keys(bucket: string): readonly string[] {
    const keys = this.#buckets.get(bucket);
    return keys ? [...keys.keys()] : [];
  }

  #own(bucket: string): CowMap<string, true> {
    const current = this.#buckets.get(bucket);
    if (current && this.#owned.has(bucket)) return current;
    const own = current ? current.fork() : new CowMap<string, true>();
    this.#buckets.set(bucket, own);
    this.#owned.add(bucket);
    return own;
  }
}

/** The bucket under which what carries or asks for `key: value` is found. */
export function labelBucket(namespace: string, key: string, value: string): string {
  return `${namespace} ${key}=${value}`;
}

/** One pair that everything selected must carry; undefined when there is none. */
export function narrowestBucket(namespace: string, pairs: Labels | undefined): string | undefined {
  for (const key in pairs) return labelBucket(namespace, key, pairs[key] ?? "");
  return undefined;
}
