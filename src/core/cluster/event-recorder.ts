import type { Store } from "../api/store";
import type { KubeEvent, KubeObject, ObjectKey } from "../api/types";
import { CowMap } from "../sim/cow-map";
import { formatTimestamp } from "../sim/time";

/** Events older than the last so many are forgotten (a cluster forgets them after an hour), some at a time. */
const MAX_EVENTS = 2_000;
const FORGOTTEN_AT_ONCE = 200;

/** Nanoseconds from 1970 to virtual time 0, 2026-01-01. */
const EPOCH_NS = 1_767_225_600_000_000_000n;

/** Names of Events sort by time. Source: client-go/tools/record, makeEvent: the time in nanoseconds, in hexadecimal. */
function eventSuffix(nowUs: number, count: number): string {
  return (EPOCH_NS + BigInt(nowUs) * 1_000n + BigInt(count % 1_000)).toString(16);
}

export interface EventDraft {
  readonly about: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

/** Writes Events; the same one again counts up, as client-go's correlator does. */
export class EventRecorder {
  /** What is said to the key of its Event. */
  readonly #known: CowMap<string, ObjectKey>;
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
    const knownKey = this.#known.get(same);
    const known = knownKey && store.findKeyed("Event", knownKey);
    if (known) {
      store.put<KubeEvent>({ ...known, count: known.count + 1, lastTimestamp: time });
      return;
    }
    const eventName = `${name}.${eventSuffix(nowUs, this.#next)}`;
    const key: ObjectKey = `Event/${home}/${eventName}`;
    this.#known.set(same, key);
    const event: KubeEvent = {
      apiVersion: "v1",
      kind: "Event",
      metadata: {
        name: eventName,
        namespace: home,
        uid: `event-${this.#next}`,
        resourceVersion: store.nextVersion,
      },
      involvedObject: { kind: about.kind, namespace, name, uid: about.metadata.uid },
      type,
      reason,
      message,
      source: { component },
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
    };
    store.add(key, event);
    this.#next++;
    this.#forgetOldest(store);
  }

  #forgetOldest(store: Store): void {
    if (this.#known.size < MAX_EVENTS + FORGOTTEN_AT_ONCE) return;
    for (const [same, key] of this.#known) {
      if (this.#known.size <= MAX_EVENTS) return;
      store.removeKeyed("Event", key);
      this.#known.delete(same);
    }
  }
}
