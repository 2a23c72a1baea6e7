/** Something that is due. Events are plain data, so that the queue can be copied with a snapshot. */
export interface SimEvent {
  readonly type: string;
  /** Recurs for ever (heartbeats, steady probes): a cluster with only these pending is quiet. */
  readonly background?: boolean;
}

export interface Scheduled<E extends SimEvent> {
  /** Virtual microseconds since the cluster was created. */
  readonly atUs: number;
  /** Order of scheduling; equal times run in this order. */
  readonly seq: number;
  readonly event: E;
}

/** A binary heap by time, then by order of scheduling. */
export class EventQueue<E extends SimEvent> {
  #heap: Scheduled<E>[] = [];
  #nextSeq = 1;
  #foreground = 0;

  fork(): EventQueue<E> {
    const copy = new EventQueue<E>();
    copy.#heap = this.#heap.slice();
    copy.#nextSeq = this.#nextSeq;
    copy.#foreground = this.#foreground;
    return copy;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Events pending that are not background ones. */
  get foreground(): number {
    return this.#foreground;
  }

  get nextAtUs(): number | undefined {
    return this.#heap[0]?.atUs;
  }

  schedule(atUs: number, event: E): void {
    if (!Number.isSafeInteger(atUs)) throw new Error(`not a time: ${atUs}`);
    const heap = this.#heap;
    const item = { atUs, seq: this.#nextSeq++, event };
    if (!event.background) this.#foreground++;
    let index = heap.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(item, heap[parent] as Scheduled<E>)) break;
      heap[index] = heap[parent] as Scheduled<E>;
      index = parent;
    }
    heap[index] = item;
  }

  pop(): Scheduled<E> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (!first.event.background) this.#foreground--;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(item: Scheduled<E>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && before(heap[right] as Scheduled<E>, heap[child] as Scheduled<E>))
        child = right;
      if (!before(heap[child] as Scheduled<E>, item)) break;
      heap[index] = heap[child] as Scheduled<E>;
      index = child;
    }
    heap[index] = item;
  }
}

function before(a: Scheduled<SimEvent>, b: Scheduled<SimEvent>): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.seq < b.seq);
}
