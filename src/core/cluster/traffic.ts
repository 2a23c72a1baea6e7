import type { Store } from "../api/store";
import type { Milestone } from "../controllers/context";
import type { HttpOptions } from "../net/http-message";
import { type Decider, seededDecider } from "../sim/decider";
import type { SimEvent } from "../sim/event-queue";
import { SECOND } from "../sim/time";
import { badRequest, type CommandResult, DONE } from "./command";
import type { Journey } from "./connection";
import {
  countError,
  countJourney,
  countSent,
  emptyTally,
  type Tally,
  withMark,
} from "./traffic-tally";
import { connectionHops, placesOf } from "./ways";

/** Requests that are sent one after the other, without anybody following them. */
export type TrafficCommand =
  | {
      readonly type: "burst";
      readonly from: string;
      readonly to: string;
      readonly http?: HttpOptions;
      readonly count: number;
      readonly intervalUs: number;
    }
  /** Until it is stopped, at most MAX_STEADY requests; takes the place of a steady load that runs. */
  | {
      readonly type: "startTraffic";
      readonly from: string;
      readonly to: string;
      readonly http?: HttpOptions;
      readonly perSecond: number;
    }
  | { readonly type: "stopTraffic" };

/** The next request of a load is due. */
export interface TrafficDue extends SimEvent {
  readonly type: "trafficDue";
  readonly load: number;
}

/** A load under way. */
export interface Load {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  /** What each of them asks a web server for. */
  readonly http?: HttpOptions;
  readonly startedAtUs: number;
  readonly sent: number;
  readonly intervalUs: number;
  /** Requests of a burst. */
  readonly count?: number;
  /** Of a steady load. */
  readonly perSecond?: number;
}

/** A request that has just ended: enough to draw it. */
export interface RecentRequest {
  /** Counts up over the run. */
  readonly id: number;
  /** Where its first packet went. See core/trace/place. */
  readonly places: readonly string[];
  readonly failed: boolean;
}

/** Immutable: a snapshot shares it. */
export interface TrafficState {
  readonly loads: readonly Load[];
  readonly tally: Tally;
  /** The latest last. */
  readonly recent: readonly RecentRequest[];
}

const MAX_RECENT = 12;
export const MAX_BURST = 1_000;
/** A steady load ends by itself after so many: opening a saved run sends them all again. */
export const MAX_STEADY = 6_000;
export const MAX_PER_SECOND = 200;

type Schedule = (delayUs: number, event: TrafficDue) => unknown;

/** What sends requests by itself, and the counts of what became of them. */
export class Traffic {
  #state: TrafficState;
  #nextLoad: number;

  constructor(from?: Traffic) {
    this.#state = from ? from.#state : { loads: [], tally: emptyTally(0), recent: [] };
    this.#nextLoad = from ? from.#nextLoad : 1;
  }

  fork(): Traffic {
    return new Traffic(this);
  }

  get state(): TrafficState {
    return this.#state;
  }

  execute(command: TrafficCommand, nowUs: number, schedule: Schedule): CommandResult {
    switch (command.type) {
      case "burst": {
        const { from, to, http, count, intervalUs } = command;
        if (!isWithin(count, 1, MAX_BURST))
          return badRequest(`a burst has 1-${MAX_BURST} requests`);
        if (!isWithin(intervalUs, 0, SECOND))
          return badRequest("the requests of a burst are 0-1000000 µs apart");
        this.#start({ from, to, ...(http && { http }), intervalUs, count }, nowUs, schedule);
        return DONE;
      }
      case "startTraffic": {
        const { from, to, http, perSecond } = command;
        if (!isWithin(perSecond, 1, MAX_PER_SECOND))
          return badRequest(`a steady load has 1-${MAX_PER_SECOND} requests per second`);
        this.#stop();
        const intervalUs = Math.round(SECOND / perSecond);
        this.#start({ from, to, ...(http && { http }), intervalUs, perSecond }, nowUs, schedule);
        return DONE;
      }
      case "stopTraffic":
        return this.#stop() ? DONE : badRequest("no steady load is running");
    }
  }

  /** Counts start anew with the first load after a time without any. */
  #start(
    load: Pick<Load, "from" | "to" | "http" | "intervalUs" | "count" | "perSecond">,
    nowUs: number,
    schedule: Schedule,
  ): void {
    const { loads, tally } = this.#state;
    const id = this.#nextLoad++;
    this.#state = {
      ...this.#state,
      loads: [...loads, { ...load, id, startedAtUs: nowUs, sent: 0 }],
      tally: loads.length === 0 ? emptyTally(nowUs) : tally,
    };
    schedule(0, dueOf(id, load));
  }

  #stop(): boolean {
    const { loads } = this.#state;
    const left = loads.filter(({ count }) => count !== undefined);
    if (left.length === loads.length) return false;
    this.#state = { ...this.#state, loads: left };
    return true;
  }

  /** The load whose request is to be sent now; undefined when it was stopped meanwhile. */
  take({ load: id }: TrafficDue, schedule: Schedule): Load | undefined {
    const { loads, tally } = this.#state;
    const load = loads.find((candidate) => candidate.id === id);
    if (!load) return undefined;
    const sent = load.sent + 1;
    const isLast = sent >= (load.count ?? MAX_STEADY);
    this.#state = {
      ...this.#state,
      loads: isLast
        ? loads.filter((one) => one !== load)
        : loads.map((one) => (one === load ? { ...load, sent } : one)),
      tally: countSent(tally),
    };
    if (!isLast) schedule(load.intervalUs, dueOf(id, load));
    return load;
  }

  /** Marks are kept as long as requests of a load are sent or under way. */
  note(atUs: number, milestone: Milestone): void {
    const { loads, tally } = this.#state;
    if (loads.length === 0 && tally.ended === tally.sent) return;
    this.#state = { ...this.#state, tally: withMark(tally, { ...milestone, atUs }) };
  }

  /** It could not even be sent. */
  refused(atUs: number, words: string): void {
    this.#state = { ...this.#state, tally: countError(this.#state.tally, atUs, words) };
  }

  /** A request of a load has ended. One from before the counts began is not counted any more. */
  ended(journey: Journey, store: Store): void {
    const { tally, recent } = this.#state;
    if (journey.sentAtUs < tally.sinceUs) return;
    const failed = journey.outcome?.verdict.kind !== "delivered";
    const latest = { id: journey.id, places: placesOf(connectionHops(journey)), failed };
    this.#state = {
      ...this.#state,
      tally: countJourney(tally, journey, store),
      recent: [...recent, latest].slice(-MAX_RECENT),
    };
  }
}

/** A steady load goes on by itself: a cluster with nothing else pending is quiet. */
function dueOf(load: number, { count }: Pick<Load, "count">): TrafficDue {
  return { type: "trafficDue", load, ...(count === undefined && { background: true }) };
}

export function isTrafficDue(event: SimEvent): event is TrafficDue {
  return event.type === "trafficDue";
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

/** As Linux hands out source ports: one after the other, so that none comes back while conntrack remembers it.
 *  Source: kernel __inet_hash_connect. */
export function portsInTurn(seed: number, name: string): Decider {
  const decider = seededDecider(seed, name);
  const connection = /^connection\/(\d+)\/port$/.exec(name)?.[1];
  if (connection === undefined) return decider;
  return { ...decider, anyPort: (from, to) => from + (Number(connection) % (to - from + 1)) };
}
