import { CowMap } from "../sim/cow-map";
import { ConntrackTable } from "./netfilter/conntrack";
import { forgetRules } from "./netfilter/forget";
import type { Buckets } from "./netfilter/rates";
import type { RecentLists } from "./netfilter/recent";
import { EMPTY_RULESET, type Match, type Rule, type Ruleset } from "./netfilter/rules";
import type { Listener, Netns, NetnsId } from "./netns";

/** What one rule has seen. */
export interface Counter {
  readonly packets: number;
  readonly bytes: number;
}

/** What packets leave behind in one network namespace. */
export interface NetnsState {
  readonly conntrack: ConntrackTable;
  readonly counters: CowMap<Rule, Counter>;
  /** `-m recent`: who was seen when, by list name. */
  readonly recent: RecentLists;
  /** `-m limit` and `hashlimit`. */
  readonly buckets: Buckets;
  /** Where the counters of `-m statistic --mode nth` stand. */
  readonly nth: CowMap<Match, number>;
}

/** Every machine's network: configuration, rules, and what packets left behind. Knows no Kubernetes.
 *  `fork` is cheap, so that a path can be tried without a trace. */
export class Plane {
  readonly #netns: CowMap<NetnsId, Netns>;
  readonly #rulesets: CowMap<NetnsId, Ruleset>;
  readonly #states: CowMap<NetnsId, NetnsState>;
  /** Namespaces whose state nobody else shares. */
  #owned = new Set<NetnsId>();

  constructor(from?: Plane) {
    this.#netns = from ? from.#netns.fork() : new CowMap();
    this.#rulesets = from ? from.#rulesets.fork() : new CowMap();
    this.#states = from ? from.#states.fork() : new CowMap();
  }

  fork(): Plane {
    this.#owned = new Set();
    return new Plane(this);
  }

  all(): MapIterator<Netns> {
    return this.#netns.values();
  }

  find(id: NetnsId): Netns | undefined {
    return this.#netns.get(id);
  }

  get(id: NetnsId): Netns {
    const netns = this.#netns.get(id);
    if (!netns) throw new Error(`no network namespace ${id}`);
    return netns;
  }

  /** Adds or replaces a namespace's configuration; its conntrack and counters stay. */
  put(netns: Netns): void {
    this.#netns.set(netns.id, netns);
  }

  remove(id: NetnsId): void {
    this.#netns.delete(id);
    this.#rulesets.delete(id);
    this.#states.delete(id);
    this.#owned.delete(id);
  }

  addListeners(id: NetnsId, listeners: readonly Listener[]): void {
    const netns = this.get(id);
    this.put({ ...netns, listeners: [...netns.listeners, ...listeners] });
  }

  removeListenersOf(id: NetnsId, owner: string): void {
    const netns = this.find(id);
    if (netns)
      this.put({
        ...netns,
        listeners: netns.listeners.filter((listener) => listener.owner !== owner),
      });
  }

  ruleset(id: NetnsId): Ruleset {
    return this.#rulesets.get(id) ?? EMPTY_RULESET;
  }

  /** Replaces the rules. What the kernel remembers for rules that are no longer there, or were written anew, is
   *  forgotten; with `isEdit` what was left in its chain is not new. */
  setRuleset(id: NetnsId, ruleset: Ruleset, isEdit = false): void {
    const previous = this.ruleset(id);
    this.#rulesets.set(id, ruleset);
    const state = this.#states.get(id);
    if (!state) return;
    const { counters, recent, buckets, nth } = state;
    if (counters.size + recent.size + buckets.size + nth.size > 0)
      forgetRules(this.mutableState(id), previous, ruleset, isEdit);
  }

  /** Every machine's tables and counters are as if no packet had ever been sent. */
  forgetTraffic(): void {
    for (const id of [...this.#states.keys()]) this.#states.delete(id);
    this.#owned.clear();
  }

  /** For reading only. */
  state(id: NetnsId): NetnsState | undefined {
    return this.#states.get(id);
  }

  /** The namespace's state, made this plane's own. */
  mutableState(id: NetnsId): NetnsState {
    const current = this.#states.get(id);
    if (current && this.#owned.has(id)) return current;
    const state: NetnsState = current
      ? {
          conntrack: new ConntrackTable(current.conntrack),
          counters: current.counters.fork(),
          recent: current.recent.fork(),
          buckets: current.buckets.fork(),
          nth: current.nth.fork(),
        }
      : {
          conntrack: new ConntrackTable(),
          counters: new CowMap(),
          recent: new CowMap(),
          buckets: new CowMap(),
          nth: new CowMap(),
        };
    this.#states.set(id, state);
    this.#owned.add(id);
    return state;
  }
}
