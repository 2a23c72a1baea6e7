import type { ClusterConfig } from "../api/cluster-config";
import type { Node } from "../api/types";
import {
  BUILT_IN_CHAINS,
  type Chain,
  type Match,
  type Rule,
  type Ruleset,
  TABLE_NAMES,
  type TableName,
  tableOf,
} from "../dataplane/netfilter/rules";
import { type Cidr, cidr } from "../net/cidr";
import { cniNode } from "./cni/node";
import type { NodeChains } from "./cni/plugin";
import { pluginOf } from "./cni/plugins";

/** Watched by the kubelet, to notice that somebody flushed the rules. */
const CANARY: Chain = { name: "KUBE-KUBELET-CANARY", rules: [] };
/** By it others find out whether the kubelet's iptables is the nft or the legacy one. */
const HINT: Chain = { name: "KUBE-IPTABLES-HINT", rules: [] };

const LOOPBACK: Cidr = cidr("127.0.0.0/8");

/** Though route_localnet is on, nobody else may speak to this machine's 127/8. */
const LOCALNET: Rule = kubeletRule(
  [
    { kind: "source", range: LOOPBACK, negate: true },
    { kind: "destination", range: LOOPBACK },
    { kind: "ctstate", states: ["RELATED", "ESTABLISHED", "DNAT"], negate: true },
  ],
  { target: { kind: "DROP" }, comment: "block incoming localnet connections" },
);

function kubeletRule(matches: readonly Match[], rest: Pick<Rule, "target" | "comment">): Rule {
  return { matches, ...rest, origin: "kubelet|localnet-firewall" };
}

function toFirewall(chain: string): Chain {
  const rule = kubeletRule([], { target: { kind: "jump", chain: "KUBE-FIREWALL" } });
  return { name: chain, policy: "ACCEPT", rules: [rule] };
}

/** Source: kubelet 1.32, pkg/kubelet/kubelet_network_linux.go. */
const KUBELET: NodeChains = {
  mangle: [HINT, CANARY],
  nat: [CANARY],
  filter: [
    CANARY,
    { name: "KUBE-FIREWALL", rules: [LOCALNET] },
    toFirewall("INPUT"),
    toFirewall("OUTPUT"),
  ],
};

const EMPTY: NodeChains = {};

const rulesets = new WeakMap<NodeChains, Ruleset>();

/** A node's rules before kube-proxy's first sync: what the kubelet and the CNI plugin put there. */
export function nodeBaseRuleset(config: ClusterConfig, node: Node): Ruleset {
  const machine = cniNode(node);
  const chains = machine ? pluginOf(config).chains(machine, config) : EMPTY;
  let ruleset = rulesets.get(chains);
  if (!ruleset) {
    ruleset = combine([KUBELET, chains]);
    rulesets.set(chains, ruleset);
  }
  return ruleset;
}

/** One after the other; the rules of built-in chains are appended. */
function combine(parts: readonly NodeChains[]): Ruleset {
  const ruleset: { [name in TableName]?: Ruleset[TableName] } = {};
  for (const name of TABLE_NAMES) {
    const chains = new Map<string, Chain>();
    for (const chain of parts.flatMap((part) => part[name] ?? [])) {
      const before = isBuiltIn(name, chain.name) ? chains.get(chain.name) : undefined;
      const rules = [...(before?.rules ?? []), ...chain.rules];
      chains.set(chain.name, before ? { ...chain, rules } : chain);
    }
    if (chains.size > 0) ruleset[name] = tableOf(name, [...chains.values()]);
  }
  return ruleset;
}

function isBuiltIn(table: TableName, chain: string): boolean {
  return (BUILT_IN_CHAINS[table] as readonly string[]).includes(chain);
}
