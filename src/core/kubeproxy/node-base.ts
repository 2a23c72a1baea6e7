import type { ClusterConfig } from "../api/cluster-config";
import type { Node } from "../api/types";
import { type Chain, type Rule, type Ruleset, tableOf } from "../dataplane/netfilter/rules";
import { cidr } from "../net/cidr";
import { jump } from "./matches";
import { formatOrigin } from "./origin";
import { nodeView, type ProxySettings, proxySettings } from "./settings";

const MULTICAST = cidr("224.0.0.0/4");
const MASQUERADE_CHAIN = "CNI-MASQUERADE";
const COMMENT = "kubehop bridge CNI: masquerade what leaves the pod network";

/** Made by kubelet, watched by it to notice that somebody flushed the rules. */
const KUBELET_CANARY: Chain = { name: "KUBE-KUBELET-CANARY", rules: [] };

const rulesetOf = new WeakMap<ProxySettings, Ruleset>();

/** A node's rules before kube-proxy's first sync: what kubelet and the CNI plugin put there. A node without pod
 *  CIDR has no pod network to masquerade. */
export function nodeBaseRuleset(config: ClusterConfig, node: Node): Ruleset {
  const settings = proxySettings(config);
  if (!settings.clusterCIDR || !nodeView(node).podCIDR) {
    return { mangle: tableOf("mangle", [KUBELET_CANARY]) };
  }
  let ruleset = rulesetOf.get(settings);
  if (!ruleset) {
    ruleset = {
      mangle: tableOf("mangle", [KUBELET_CANARY]),
      nat: tableOf("nat", cniChains(settings.clusterCIDR)),
    };
    rulesetOf.set(settings, ruleset);
  }
  return ruleset;
}

/** Pods keep their addresses among each other; outside nobody could answer them. */
function cniChains(podNetwork: NonNullable<ProxySettings["clusterCIDR"]>): readonly Chain[] {
  const origin = formatOrigin({ by: "cni", role: "masquerade" });
  const leaves: Rule = {
    matches: [
      { kind: "source", range: podNetwork },
      { kind: "destination", range: podNetwork, negate: true },
    ],
    target: jump(MASQUERADE_CHAIN),
    comment: COMMENT,
    origin,
  };
  const masquerade: Rule = {
    matches: [{ kind: "destination", range: MULTICAST, negate: true }],
    target: { kind: "MASQUERADE" },
    comment: COMMENT,
    origin,
  };
  return [
    { name: "POSTROUTING", policy: "ACCEPT", rules: [leaves] },
    { name: MASQUERADE_CHAIN, rules: [masquerade] },
  ];
}
