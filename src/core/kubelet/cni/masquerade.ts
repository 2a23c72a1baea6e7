import type { Chain, Rule } from "../../dataplane/netfilter/rules";
import { type Cidr, cidr } from "../../net/cidr";
import { cniOrigin } from "./origin";
import type { NodeChains } from "./plugin";

const MULTICAST = cidr("224.0.0.0/4");
const CHAIN = "CNI-MASQUERADE";
const COMMENT = "kubehop bridge CNI: masquerade what leaves the pod network";

const chainsOf = new Map<string, NodeChains>();

/** Pods keep their addresses among each other; outside nobody could answer them. The same chains for all nodes. */
export function masqueradeChains(podNetwork: Cidr | undefined): NodeChains {
  if (!podNetwork) return {};
  const key = `${podNetwork.network}/${podNetwork.prefix}`;
  let chains = chainsOf.get(key);
  if (!chains) {
    chains = { nat: natChains(podNetwork) };
    chainsOf.set(key, chains);
  }
  return chains;
}

function natChains(podNetwork: Cidr): readonly Chain[] {
  const origin = cniOrigin("bridge", "masquerade");
  const leaves: Rule = {
    matches: [
      { kind: "source", range: podNetwork },
      { kind: "destination", range: podNetwork, negate: true },
    ],
    target: { kind: "jump", chain: CHAIN },
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
    { name: CHAIN, rules: [masquerade] },
  ];
}
