import type { StoreChange } from "../api/store";
import { type Kind, objectKey, type Pod } from "../api/types";
import { CowMap } from "../sim/cow-map";
import type { SimEvent } from "../sim/event-queue";
import type { ControlContext } from "./context";
import { type Missed, olderView, type View } from "./older-view";

/** A pod hears of the changes up to this one. */
export interface WatchEvent extends SimEvent {
  readonly server: string;
  readonly upTo: number;
}

/** Who watches what, and how fast. */
export interface WatchSpec {
  readonly event: string;
  readonly kinds: ReadonlySet<Kind>;
  watches(ctx: ControlContext, pod: Pod): boolean;
  /** From the API server's write to the pod's knowing of it. */
  lagUs(ctx: ControlContext, server: string, upTo: number): number;
}

interface Watcher {
  /** Number of the last change that it has heard of. */
  readonly heard: number;
  readonly isTold: boolean;
}

/** What each pod of some program knows of some kinds: each hears of changes in its own time.
 *  Simplified: the watch itself sends no packets, so nothing but time keeps it back. */
export class PodWatches {
  readonly #spec: WatchSpec;
  readonly #watchers: CowMap<string, Watcher>;
  /** Changes that somebody has still to hear of, by number. */
  readonly #changes: CowMap<number, Missed>;
  #last: number;

  constructor(spec: WatchSpec, from?: PodWatches) {
    this.#spec = spec;
    this.#watchers = from ? from.#watchers.fork() : new CowMap();
    this.#changes = from ? from.#changes.fork() : new CowMap();
    this.#last = from ? from.#last : 0;
  }

  fork(): PodWatches {
    return new PodWatches(this.#spec, this);
  }

  isOwn(event: SimEvent): event is WatchEvent {
    return event.type === this.#spec.event;
  }

  /** Those who watch, as `pod/NAMESPACE/NAME`. */
  get servers(): readonly string[] {
    return [...this.#watchers].map(([server]) => server);
  }

  onStoreChange(ctx: ControlContext, change: StoreChange): void {
    const { object, previous, type } = change;
    if (object.kind === "Pod") this.#onPod(ctx, type, object);
    if (!this.#spec.kinds.has(object.kind) || this.#watchers.size === 0) return;
    this.#last++;
    this.#changes.set(this.#last, {
      key: objectKey(object),
      kind: object.kind,
      was: type === "DELETED" ? object : type === "ADDED" ? undefined : previous,
    });
    for (const [server, watcher] of [...this.#watchers])
      if (!watcher.isTold) this.#tell(ctx, server, watcher);
  }

  handle(ctx: ControlContext, { server, upTo }: WatchEvent): void {
    const watcher = this.#watchers.get(server);
    if (!watcher) return;
    const now = { heard: Math.max(watcher.heard, upTo), isTold: false };
    this.#watchers.set(server, now);
    if (now.heard < this.#last) this.#tell(ctx, server, now);
    this.#forgetHeard();
  }

  /** The cluster as this pod knows it. One that does not watch, knows all. */
  viewOf(server: string, store: View): View {
    const heard = this.#watchers.get(server)?.heard ?? this.#last;
    if (heard >= this.#last) return store;
    const missed: Missed[] = [];
    for (const [number, change] of this.#changes) if (number > heard) missed.push(change);
    return olderView(store, missed);
  }

  /** It lists all there is when it starts, and watches from then on. */
  #onPod(ctx: ControlContext, type: StoreChange["type"], pod: Pod): void {
    const { namespace, name } = pod.metadata;
    const server = `pod/${namespace}/${name}`;
    if (type === "DELETED") {
      if (this.#watchers.delete(server)) this.#forgetHeard();
    } else if (!this.#watchers.has(server) && this.#spec.watches(ctx, pod)) {
      this.#watchers.set(server, { heard: this.#last, isTold: false });
    }
  }

  #tell(ctx: ControlContext, server: string, watcher: Watcher): void {
    const upTo = this.#last;
    this.#watchers.set(server, { ...watcher, isTold: true });
    const event: WatchEvent = { type: this.#spec.event, server, upTo };
    ctx.schedule(this.#spec.lagUs(ctx, server, upTo), event);
  }

  #forgetHeard(): void {
    let heard = this.#last;
    for (const watcher of this.#watchers.values()) heard = Math.min(heard, watcher.heard);
    for (const number of [...this.#changes.keys()])
      if (number <= heard) this.#changes.delete(number);
  }
}
