import { quantize } from "../dataplane/netfilter/print-match";
import type { Chain, Match, Rule } from "../dataplane/netfilter/rules";
import type { Endpoint } from "./endpoints";
import * as m from "./matches";
import { endpointChainName } from "./names";
import type { ProxiedPort } from "./service-ports";
import { serviceRule } from "./service-rule";

/** The choice among endpoints in KUBE-SVC or KUBE-SVL: first whom affinity remembers, then chance. */
export function policyRules(
  port: ProxiedPort,
  endpoints: readonly Endpoint[],
  largeCluster: boolean,
): readonly Rule[] {
  const rules: Rule[] = [];
  const commentOn = (endpoint: Endpoint) =>
    largeCluster ? undefined : `${port.label} -> ${endpoint.text}`;
  if (port.affinitySeconds !== undefined) {
    for (const endpoint of endpoints) {
      const list = endpointChainName(port.label, port.protocol, endpoint.text);
      const seconds = port.affinitySeconds;
      const remembered: Match = { kind: "recent", mode: "rcheck", list, seconds, reap: true };
      rules.push(
        serviceRule(port, "affinity", [remembered], m.jump(list), {
          comment: commentOn(endpoint),
          endpoint: endpoint.text,
        }),
      );
    }
  }
  endpoints.forEach((endpoint, index) => {
    const left = endpoints.length - index;
    const chain = endpointChainName(port.label, port.protocol, endpoint.text);
    rules.push(
      serviceRule(port, "endpoint", left > 1 ? [oneIn(left)] : [], m.jump(chain), {
        comment: commentOn(endpoint),
        endpoint: endpoint.text,
      }),
    );
  });
  return rules;
}

/** kube-proxy writes ten digits, iptables makes a multiple of 2⁻³¹ of them. */
function oneIn(count: number): Match {
  return { kind: "statistic-random", probability: quantize(Number((1 / count).toFixed(10))) };
}

export function endpointChains(
  port: ProxiedPort,
  endpoints: readonly Endpoint[],
  largeCluster: boolean,
): readonly Chain[] {
  return endpoints.map((endpoint) => {
    const name = endpointChainName(port.label, port.protocol, endpoint.text);
    return { name, rules: endpointChainRules(port, endpoint, name, largeCluster) };
  });
}

const chainRules = new Map<string, readonly Rule[]>();

/** Written anew at every sync of the service, yet always the same: kept, so that equal rules stay one object. */
function endpointChainRules(
  port: ProxiedPort,
  endpoint: Endpoint,
  chain: string,
  largeCluster: boolean,
): readonly Rule[] {
  const hasAffinity = port.affinitySeconds !== undefined;
  const key = `${chain} ${hasAffinity} ${largeCluster}`;
  const known = chainRules.get(key);
  if (known) return known;
  const about = { comment: largeCluster ? undefined : port.label, endpoint: endpoint.text };
  const { protocol } = port;
  const dnat: Match[] = [{ kind: "protocol", protocol }];
  if (hasAffinity) dnat.push({ kind: "recent", mode: "set", list: chain });
  dnat.push({ kind: "transport", protocol });
  const rules = [
    serviceRule(port, "hairpin", [m.from(endpoint.ip)], m.jump(m.MARK_MASQ), about),
    serviceRule(port, "dnat", dnat, { kind: "DNAT", ip: endpoint.ip, port: endpoint.port }, about),
  ];
  chainRules.set(key, rules);
  return rules;
}
