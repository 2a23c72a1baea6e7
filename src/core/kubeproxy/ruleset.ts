import { formatRule } from "../dataplane/netfilter/print";
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
  const inNat = foreignChains(previous, "nat", (name) => declared.nat.has(name));
  const inFilter = foreignChains(previous, "filter", (name) =>
    declared.filter.some((chain) => chain.name === name),
  );
  const filter = new Map(withJumps("filter", inFilter));
  for (const chain of [...declared.filter, ...abandonedChains(inFilter, () => false)])
    filter.set(chain.name, chain);
  const isOwn = (name: string) =>
    services.get(cache.ownerOf(name) ?? "")?.chains.has(name) ?? false;
  const nat = new NatChains(
    withJumps("nat", inNat),
    declared.nat,
    services,
    cache.ownerOf,
    abandonedChains(inNat, isOwn),
  );
  return {
    ...previous,
    mangle: withCanary(previous.mangle),
    filter: { ...previous.filter, name: "filter", chains: filter },
    nat: { ...previous.nat, name: "nat", chains: nat },
  };
}

const EMPTY_TABLES = { nat: tableOf("nat", []), filter: tableOf("filter", []) };

/** Chains of a Service or an endpoint: kube-proxy's own, whoever wrote them. Those that it does not know it deletes. */
const OF_SERVICES = /^KUBE-(SVC|SVL|EXT|FW|SEP)-/;

/** Built-in chains and those that kube-proxy does not write. */
function foreignChains(
  previous: Ruleset,
  table: "nat" | "filter",
  isDeclared: (name: string) => boolean,
): ReadonlyMap<string, Chain> {
  const { chains } = previous[table] ?? EMPTY_TABLES[table];
  if (chains instanceof NatChains) return chains.foreign;
  return new Map([...chains].filter(([name]) => !OF_SERVICES.test(name) && !isDeclared(name)));
}

const calledOf = new WeakMap<ReadonlyMap<string, Chain>, readonly string[]>();

/** Chains of Services that others jump to, but that are no more: the kernel will not have them deleted, so they stay,
 *  empty. */
function abandonedChains(
  foreign: ReadonlyMap<string, Chain>,
  isOwn: (name: string) => boolean,
): readonly Chain[] {
  let called = calledOf.get(foreign);
  if (!called) {
    const targets = [...foreign.values()].flatMap(({ rules }) => rules.map(({ target }) => target));
    const names = targets.flatMap((target) =>
      target?.kind === "jump" || target?.kind === "goto" ? [target.chain] : [],
    );
    called = [...new Set(names)].filter((name) => OF_SERVICES.test(name));
    calledOf.set(foreign, called);
  }
  return called.filter((name) => !isOwn(name)).map((name) => ({ name, rules: [] }));
}

function withJumps(
  table: "nat" | "filter",
  chains: ReadonlyMap<string, Chain>,
): ReadonlyMap<string, Chain> {
  let result: Map<string, Chain> | undefined;
  for (const { chain: name, rules } of JUMPS.filter((jumps) => jumps.table === table)) {
    const chain = chains.get(name) ?? { name, policy: "ACCEPT", rules: [] };
    const missing = rules.filter((rule) => !chain.rules.includes(rule));
    if (missing.length === 0) continue;
    const topped = withRulesOnTop(chain, missing);
    if (topped === chain) continue;
    result ??= new Map(chains);
    result.set(name, topped);
  }
  return result ?? chains;
}

/** Nodes start from the same chains, so they share the ones with jumps too. */
const topped = new WeakMap<Chain, Chain>();

function withRulesOnTop(chain: Chain, rules: readonly Rule[]): Chain {
  let result = topped.get(chain);
  if (!result) {
    // As `iptables -C` asks: a rule that reads the same is the same rule, whoever wrote it.
    const known = new Set(chain.rules.map((rule) => formatRule(chain.name, rule)));
    const missing = rules.filter((rule) => !known.has(formatRule(chain.name, rule)));
    const at = leadingRules(chain);
    result =
      missing.length === 0
        ? chain
        : { ...chain, rules: [...chain.rules.slice(0, at), ...missing, ...chain.rules.slice(at)] };
    topped.set(chain, result);
  }
  return result;
}

/** Calico puts its jumps back to the top whenever somebody else's come before them.
 *  Simplified: at once. Source: Calico, felix ChainInsertMode Insert. */
function leadingRules({ rules }: Chain): number {
  const first = rules.findIndex(
    ({ target }) => target?.kind !== "jump" || !target.chain.startsWith("cali-"),
  );
  return first < 0 ? rules.length : first;
}

const mangleWithCanary = new WeakMap<Table, Table>();
const emptyMangle = tableOf("mangle", []);

function withCanary(mangle: Table = emptyMangle): Table {
  if (mangle.chains.has(PROXY_CANARY.name)) return mangle;
  let table = mangleWithCanary.get(mangle);
  if (!table) {
    const chains = new Map(mangle.chains).set(PROXY_CANARY.name, PROXY_CANARY);
    table = { ...mangle, chains };
    mangleWithCanary.set(mangle, table);
  }
  return table;
}
