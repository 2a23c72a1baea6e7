import type { StoreChange } from "../api/store";
import { objectKey, type Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { CowMap } from "../sim/cow-map";
import type { SimEvent } from "../sim/event-queue";
import { MS } from "../sim/time";
import { type Missed, olderView } from "./older-view";
import type { DnsStore } from "./records";

/** A CoreDNS hears of the changes up to this one. */
export interface DnsWatchEvent extends SimEvent {
  readonly type: "dnsWatch";
  readonly server: string;
  readonly upTo: number;
}

export function isDnsWatchEvent(event: SimEvent): event is DnsWatchEvent {
  return event.type === "dnsWatch";
}

/** From the API server's write to CoreDNS's knowing of it; the same as kube-proxy's, which watches the same way. */
const WATCH_LAG_US = { min: 20 * MS, max: 80 * MS } as const;

interface Watcher {
  /** Number of the last change that it has heard of. */
  readonly heard: number;
  readonly isTold: boolean;
}

/** What each CoreDNS pod knows of Services, EndpointSlices and Namespaces: each hears of changes in its own time.
 *  Simplified: the watch itself sends no packets, so nothing but time keeps it back. */
export class DnsWatches {
  readonly #watchers: CowMap<string, Watcher>;
  /** Changes that somebody has still to hear of, by number. */
  readonly #changes: CowMap<number, Missed>;
  #last: number;

  constructor(from?: DnsWatches) {
    this.#watchers = from ? from.#watchers.fork() : new CowMap();
    this.#changes = from ? from.#changes.fork() : new CowMap();
    this.#last = from ? from.#last : 0;
  }

  fork(): DnsWatches {
    return new DnsWatches(this);
  }

  onStoreChange(ctx: ControlContext, change: StoreChange): void {
    const { object, previous, type } = change;
    switch (object.kind) {
      case "Pod":
        this.#onPod(ctx, type, object);
        return;
      case "Service":
      case "EndpointSlice":
      case "Namespace":
        if (this.#watchers.size === 0) return;
        this.#last++;
        this.#changes.set(this.#last, {
          key: objectKey(object),
          kind: object.kind,
          was: type === "DELETED" ? object : type === "ADDED" ? undefined : previous,
        });
        for (const [server, watcher] of [...this.#watchers])
          if (!watcher.isTold) this.#tell(ctx, server, watcher);
        return;
    }
  }

  handle(ctx: ControlContext, { server, upTo }: DnsWatchEvent): void {
    const watcher = this.#watchers.get(server);
    if (!watcher) return;
    const now = { heard: Math.max(watcher.heard, upTo), isTold: false };
    this.#watchers.set(server, now);
    if (now.heard < this.#last) this.#tell(ctx, server, now);
    this.#forgetHeard();
  }

  /** The cluster as this server knows it. One that does not watch, knows all. */
  viewOf(server: string, store: DnsStore): DnsStore {
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
    } else if (!this.#watchers.has(server) && servesDns(ctx, pod)) {
      this.#watchers.set(server, { heard: this.#last, isTold: false });
    }
  }

  #tell(ctx: ControlContext, server: string, watcher: Watcher): void {
    const upTo = this.#last;
    this.#watchers.set(server, { ...watcher, isTold: true });
    const usualUs = ctx
      .random(`coredns/${server}/watch/${upTo}`)
      .int(WATCH_LAG_US.min, WATCH_LAG_US.max);
    const lagUs = ctx.lagUs("dnsWatch") ?? usualUs;
    const event: DnsWatchEvent = { type: "dnsWatch", server, upTo };
    ctx.schedule(lagUs, event);
  }

  #forgetHeard(): void {
    let heard = this.#last;
    for (const watcher of this.#watchers.values()) heard = Math.min(heard, watcher.heard);
    for (const number of [...this.#changes.keys()])
      if (number <= heard) this.#changes.delete(number);
  }
}

function servesDns(ctx: ControlContext, { spec }: Pod): boolean {
  return spec.containers.some((container) =>
    ctx.programOf(container).some(({ program }) => program === "dns"),
  );
}
