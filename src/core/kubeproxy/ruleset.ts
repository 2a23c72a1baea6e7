import type { Chain, Rule, Ruleset, Table } from "../dataplane/netfilter/rules";
import { tableOf } from "../dataplane/netfilter/rules";
import type { Ipv4 } from "../net/ipv4";
import { NatChains } from "./nat-chains";
import { fixedRules, JUMPS, nodePortsTail, PROXY_CANARY } from "./node-chains";
import { type ServiceRules, ServiceRulesCache, sameItems } from "./service-rules";
import type { ProxySettings } from "./settings";

/** The chains that kube-proxy declares and writes whole at every sync, even when they are empty. */
interface DeclaredChains {
  readonly nat: ReadonlyMap<string, Chain>;
  readonly filter: readonly Chain[];
}

interface Assembly {
  readonly settings: ProxySettings;
  readonly services: readonly ServiceRules[];
  readonly nodePortAddresses: string;
  readonly declared: DeclaredChains;
}

/** Nodes sync at different moments; this many latest contents are remembered so that they share their chains. */
const KEPT_ASSEMBLIES = 16;

/** Owned by whoever runs the world, created once; forks may share it. */
export class RuleCache {
  readonly services = new ServiceRulesCache();
  readonly #assemblies: Assembly[] = [];
  readonly ownerOf = (chain: string): string | undefined => this.services.ownerOf(chain);

  declaredChains(
    settings: ProxySettings,
    services: readonly ServiceRules[],
    addresses: readonly Ipv4[] | undefined,
  ): DeclaredChains {
    const nodePortAddresses = addresses?.join() ?? "all";
    const known = this.#assemblies.find(
      (one) =>
        one.settings === settings &&
        one.nodePortAddresses === nodePortAddresses &&
        sameItems(one.services, services),
    );
    if (known) return known.declared;
    const declared = declareChains(settings, services, addresses);
    this.#assemblies.unshift({ settings, services, nodePortAddresses, declared });
    if (this.#assemblies.length > KEPT_ASSEMBLIES) this.#assemblies.pop();
    return declared;
  }
}

function declareChains(
  settings: ProxySettings,
  services: readonly ServiceRules[],
  addresses: readonly Ipv4[] | undefined,
): DeclaredChains {
  const { postrouting, markMasq, forward, firewall } = fixedRules(settings);
  const of = (rules: (service: ServiceRules) => readonly Rule[]) => services.flatMap(rules);
  const tail = nodePortsTail(settings, addresses);
  const nat: Chain[] = [
    PROXY_CANARY,
    { name: "KUBE-SERVICES", rules: [...of((service) => service.natServices), ...tail] },
    { name: "KUBE-NODEPORTS", rules: of((service) => service.natNodePorts) },
    { name: "KUBE-POSTROUTING", rules: postrouting },
    { name: "KUBE-MARK-MASQ", rules: markMasq },
  ];
  const filter: Chain[] = [
    PROXY_CANARY,
    { name: "KUBE-SERVICES", rules: of((service) => service.filterServices) },
    { name: "KUBE-EXTERNAL-SERVICES", rules: of((service) => service.filterExternalServices) },
    { name: "KUBE-FORWARD", rules: forward },
    { name: "KUBE-NODEPORTS", rules: of((service) => service.filterNodePorts) },
    { name: "KUBE-PROXY-FIREWALL", rules: of((service) => service.filterProxyFirewall) },
    { name: "KUBE-FIREWALL", rules: firewall },
  ];
  return { nat: new Map(nat.map((chain) => [chain.name, chain])), filter };
}

/** What one node's kube-proxy makes of the rules it finds. */
export interface SyncInput {
  readonly previous: Ruleset;
  /** By `namespace/name`, in the order in which they are written. */
  readonly services: ReadonlyMap<string, ServiceRules>;
  readonly settings: ProxySettings;
  /** The node's addresses that NodePorts answer on; absent: all local ones. */
  readonly nodePortAddresses: readonly Ipv4[] | undefined;
  readonly cache: RuleCache;
}

/** The node's rules after a sync. Chains of others stay; base jumps that are missing are put at the top. */
export function syncRuleset(input: SyncInput): Ruleset {
  const { previous, services, settings, cache } = input;
  const declared = cache.declaredChains(settings, [...services.values()], input.nodePortAddresses);
  const foreignNat = withJumps("nat", foreignChains(previous, "nat"));
  const filter = new Map(withJumps("filter", foreignChains(previous, "filter")));
  for (const chain of declared.filter) filter.set(chain.name, chain);
  return {
    ...previous,
    mangle: withCanary(previous.mangle),
    filter: { name: "filter", chains: filter },
    nat: { name: "nat", chains: new NatChains(foreignNat, declared.nat, services, cache.ownerOf) },
  };
}

const EMPTY_TABLES = { nat: tableOf("nat", []), filter: tableOf("filter", []) };

/** Built-in chains and those that kube-proxy did not write. */
function foreignChains(previous: Ruleset, table: "nat" | "filter"): ReadonlyMap<string, Chain> {
  const { chains } = previous[table] ?? EMPTY_TABLES[table];
  if (chains instanceof NatChains) return chains.foreign;
  return new Map([...chains].filter(([name]) => !name.startsWith("KUBE-")));
}

function withJumps(
  table: "nat" | "filter",
  chains: ReadonlyMap<string, Chain>,
): ReadonlyMap<string, Chain> {
  let result: Map<string, Chain> | undefined;
  for (const { chain: name, rules } of JUMPS.filter((jumps) => jumps.table === table)) {
    const chain = chains.get(name) ?? { name, policy: "ACCEPT", rules: [] };
    if (rules.every((rule) => chain.rules.includes(rule))) continue;
    result ??= new Map(chains);
    result.set(name, withRulesOnTop(chain, rules));
  }
  return result ?? chains;
}

/** Nodes start from the same chains, so they share the ones with jumps too. */
const topped = new WeakMap<Chain, Chain>();

function withRulesOnTop(chain: Chain, rules: readonly Rule[]): Chain {
  let result = topped.get(chain);
  if (!result) {
    result = {
      ...chain,
      rules: [...rules, ...chain.rules.filter((rule) => !rules.includes(rule))],
    };
    topped.set(chain, result);
  }
  return result;
}

const mangleWithCanary = new WeakMap<Table, Table>();
const emptyMangle = tableOf("mangle", []);

function withCanary(mangle: Table = emptyMangle): Table {
  if (mangle.chains.has(PROXY_CANARY.name)) return mangle;
  let table = mangleWithCanary.get(mangle);
  if (!table) {
    const chains = new Map(mangle.chains).set(PROXY_CANARY.name, PROXY_CANARY);
    table = { name: "mangle", chains };
    mangleWithCanary.set(mangle, table);
  }
  return table;
}
