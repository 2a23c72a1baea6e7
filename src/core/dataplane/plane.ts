import { CowMap } from "../sim/cow-map";
import { ConntrackTable } from "./netfilter/conntrack";
import { EMPTY_RULESET, type Rule, type Ruleset, type TableName } from "./netfilter/rules";
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
  /** `-m recent`: list name and source address to the instant (µs) it was last set. */
  readonly recent: CowMap<string, number>;
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

  /** Replaces the rules. Counters of rules that are no longer there, or were written anew, start again from zero. */
  setRuleset(id: NetnsId, ruleset: Ruleset): void {
    const previous = this.ruleset(id);
    this.#rulesets.set(id, ruleset);
    if (!this.#states.get(id)?.counters.size) return;
    const { counters } = this.mutableState(id);
    for (const name of ["raw", "mangle", "nat", "filter"] satisfies TableName[]) {
      for (const chain of previous[name]?.chains.values() ?? []) {
        if (ruleset[name]?.chains.get(chain.name) === chain) continue;
        for (const rule of chain.rules) counters.delete(rule);
      }
    }
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
        }
      : { conntrack: new ConntrackTable(), counters: new CowMap(), recent: new CowMap() };
    this.#states.set(id, state);
    this.#owned.add(id);
    return state;
  }
}
