/** A Map whose `fork` is cheap: both sides share the entries until one of them writes.
 *  Values must be immutable; then a fork is a snapshot. Iteration is in insertion order. */
export class CowMap<K, V> {
  #entries: Map<K, V>;
  #shared = false;

  constructor(entries: Map<K, V> = new Map()) {
    this.#entries = entries;
  }

  fork(): CowMap<K, V> {
    this.#shared = true;
    const copy = new CowMap(this.#entries);
    copy.#shared = true;
    return copy;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): void {
    this.#own().set(key, value);
  }

  delete(key: K): boolean {
    return this.#entries.has(key) && this.#own().delete(key);
  }

  keys(): MapIterator<K> {
    return this.#entries.keys();
  }

  values(): MapIterator<V> {
    return this.#entries.values();
  }

  entries(): MapIterator<[K, V]> {
    return this.#entries.entries();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#entries.entries();
  }

  #own(): Map<K, V> {
    if (this.#shared) {
      this.#entries = new Map(this.#entries);
      this.#shared = false;
    }
    return this.#entries;
  }
}
