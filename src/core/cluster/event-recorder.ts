import type { Store } from "../api/store";
import type { KubeEvent, KubeObject } from "../api/types";
import { CowMap } from "../sim/cow-map";
import { hash32 } from "../sim/random";
import { formatTimestamp } from "../sim/time";

/** Events older than the last so many are forgotten (a cluster forgets them after an hour), some at a time. */
const MAX_EVENTS = 2_000;
const FORGOTTEN_AT_ONCE = 200;

export interface EventDraft {
  readonly about: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

/** Writes Events; the same one again counts up, as client-go's correlator does. */
export class EventRecorder {
  /** What is said to the namespace and name of its Event. */
  readonly #known: CowMap<string, readonly [namespace: string, name: string]>;
  #next: number;

  constructor(from?: EventRecorder) {
    this.#known = from ? from.#known.fork() : new CowMap();
    this.#next = from ? from.#next : 1;
  }

  fork(): EventRecorder {
    return new EventRecorder(this);
  }

  record(
    store: Store,
    nowUs: number,
    { about, type, reason, message, component }: EventDraft,
  ): void {
    const { namespace, name } = about.metadata;
    const home = namespace === "" ? "default" : namespace;
    const same = `${about.kind}/${namespace}/${name} ${reason} ${message}`;
    const time = formatTimestamp(nowUs);
    const knownName = this.#known.get(same);
    const known = knownName && store.find("Event", ...knownName);
    if (known) {
      store.put<KubeEvent>({ ...known, count: known.count + 1, lastTimestamp: time });
      return;
    }
    const id = `${hash32(same).toString(16).padStart(8, "0")}${this.#next.toString(16).padStart(8, "0")}`;
    const eventName = `${name}.${id}`;
    this.#known.set(same, [home, eventName]);
    store.put<KubeEvent>({
      apiVersion: "v1",
      kind: "Event",
      metadata: {
        name: eventName,
        namespace: home,
        uid: `event-${this.#next}`,
        resourceVersion: "",
      },
      involvedObject: { kind: about.kind, namespace, name },
      type,
      reason,
      message,
      source: { component },
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
    });
    this.#next++;
    this.#forgetOldest(store);
  }

  #forgetOldest(store: Store): void {
    if (this.#known.size < MAX_EVENTS + FORGOTTEN_AT_ONCE) return;
    for (const [same, [namespace, name]] of this.#known) {
      if (this.#known.size <= MAX_EVENTS) return;
      store.remove("Event", namespace, name);
      this.#known.delete(same);
    }
  }
}
