import {
  type ChainChanges,
  type EditableChains,
  withChanges,
} from "../dataplane/netfilter/edit-chains";
import type { Chain } from "../dataplane/netfilter/rules";
import type { ServiceRules } from "./service-rules";

/** The chains of a node's nat table: those that kube-proxy writes whole at every sync, those of others, and each
 *  Service's own, left where they are. So a sync costs as much as the list of Services, not as all their chains. */
export class NatChains implements EditableChains {
  /** Built-in chains and what others put here. */
  readonly foreign: ReadonlyMap<string, Chain>;
  readonly #declared: ReadonlyMap<string, Chain>;
  readonly #services: ReadonlyMap<string, ServiceRules>;
  readonly #ownerOf: (chain: string) => string | undefined;
  /** Empty ones that somebody else still jumps to. */
  readonly #abandoned: readonly Chain[];

  constructor(
    foreign: ReadonlyMap<string, Chain>,
    declared: ReadonlyMap<string, Chain>,
    services: ReadonlyMap<string, ServiceRules>,
    ownerOf: (chain: string) => string | undefined,
    abandoned: readonly Chain[],
  ) {
    this.foreign = foreign;
    this.#declared = declared;
    this.#services = services;
    this.#ownerOf = ownerOf;
    this.#abandoned = abandoned;
  }

  /** What others change is theirs. */
  edited(changes: ChainChanges): NatChains {
    const foreign = withChanges(this.foreign, changes);
    return new NatChains(foreign, this.#declared, this.#services, this.#ownerOf, this.#abandoned);
  }

  get(name: string): Chain | undefined {
    const fixed = this.#declared.get(name) ?? this.foreign.get(name);
    if (fixed) return fixed;
    const owner = this.#ownerOf(name);
    const own = owner === undefined ? undefined : this.#services.get(owner)?.chains.get(name);
    return own ?? this.#abandoned.find((chain) => chain.name === name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get size(): number {
    let size = this.foreign.size + this.#declared.size + this.#abandoned.length;
    for (const service of this.#services.values()) size += service.chains.size;
    return size;
  }

  *values(): Generator<Chain, undefined, unknown> {
    yield* this.foreign.values();
    yield* this.#declared.values();
    yield* this.#abandoned;
    for (const service of this.#services.values()) yield* service.chains.values();
    return undefined;
  }

  *keys(): Generator<string, undefined, unknown> {
    for (const chain of this.values()) yield chain.name;
    return undefined;
  }

  *entries(): Generator<[string, Chain], undefined, unknown> {
    for (const chain of this.values()) yield [chain.name, chain];
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, Chain], undefined, unknown> {
    return this.entries();
  }

  forEach(visit: (chain: Chain, name: string, map: ReadonlyMap<string, Chain>) => void): void {
    for (const chain of this.values()) visit(chain, chain.name, this);
  }
}
