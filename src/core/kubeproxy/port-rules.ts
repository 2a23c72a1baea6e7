import type { Chain, Match, Rule } from "../dataplane/netfilter/rules";
import { contains } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import { endpointChains, policyRules } from "./endpoint-rules";
import type { ChosenEndpoints, EndpointSet } from "./endpoints";
import * as m from "./matches";
import type { ServiceRole } from "./origin";
import type { ProxiedPort } from "./service-ports";
import { serviceRule as rule } from "./service-rule";
import type { LocalDetector } from "./settings";

/** The rules that one service port puts into the shared chains, and the chains that are its own. */
export interface PortRules {
  readonly natServices: readonly Rule[];
  readonly natNodePorts: readonly Rule[];
  readonly filterServices: readonly Rule[];
  readonly filterExternalServices: readonly Rule[];
  readonly filterNodePorts: readonly Rule[];
  readonly filterProxyFirewall: readonly Rule[];
  /** Of the nat table: SVC, SVL, EXT, FW and every SEP. */
  readonly chains: readonly Chain[];
}

export interface PortOptions {
  readonly detector: LocalDetector | undefined;
  readonly masqueradeAll: boolean;
  readonly nodeIp: Ipv4 | undefined;
  /** More than 1000 endpoints: rules about endpoints carry no comments. */
  readonly largeCluster: boolean;
}

export function portRules(
  port: ProxiedPort,
  set: EndpointSet,
  chosen: ChosenEndpoints,
  options: PortOptions,
): PortRules {
  const plan = planOf(port, set, chosen);
  return {
    natServices: natServices(port, plan),
    natNodePorts:
      port.nodePort !== 0 && set.usable
        ? [
            rule(
              port,
              "node-port",
              m.toPort(port.protocol, port.nodePort),
              m.jump(port.chains.ext),
              {
                comment: port.label,
              },
            ),
          ]
        : [],
    filterServices: plan.isServedInside
      ? []
      : [unserved(port, plan, [m.to(port.clusterIP), ...m.toPort(port.protocol, port.port)])],
    filterExternalServices: plan.isServedOutside ? [] : externalRefusals(port, plan),
    filterNodePorts: port.healthCheckNodePort === 0 ? [] : [healthCheck(port)],
    filterProxyFirewall: plan.hasFirewall ? port.vips.map((vip) => firewallDrop(port, vip)) : [],
    chains: ownChains(port, plan, chosen, options),
  };
}

/** What a service port gets, decided once. */
interface Plan {
  readonly usable: boolean;
  /** Traffic to the cluster IP (from outside) has somewhere to go. */
  readonly isServedInside: boolean;
  readonly isServedOutside: boolean;
  readonly hasFirewall: boolean;
}

function planOf(port: ProxiedPort, { usable }: EndpointSet, { local }: ChosenEndpoints): Plan {
  return {
    usable,
    isServedInside: usable && !(port.internalLocal && local.length === 0),
    isServedOutside: usable && !(port.externalLocal && local.length === 0),
    hasFirewall: usable && port.vips.length > 0 && port.sourceRanges.length > 0,
  };
}

function natServices(port: ProxiedPort, plan: Plan): readonly Rule[] {
  if (!plan.usable) return [];
  const { chains, label } = port;
  const front = (role: ServiceRole, ip: Ipv4, what: string, chain: string) =>
    rule(port, role, [m.to(ip), ...m.toPort(port.protocol, port.port)], m.jump(chain), {
      comment: `${label} ${what}`,
    });
  const rules: Rule[] = [];
  if (plan.isServedInside) {
    const chain = port.internalLocal ? chains.svl : chains.svc;
    rules.push(front("cluster-ip", port.clusterIP, "cluster IP", chain));
  }
  for (const ip of port.externalIPs)
    rules.push(front("external-ip", ip, "external IP", chains.ext));
  const entrance = plan.hasFirewall ? chains.fw : chains.ext;
  for (const vip of port.vips)
    rules.push(front("load-balancer-ip", vip, "loadbalancer IP", entrance));
  return rules;
}

function externalRefusals(port: ProxiedPort, plan: Plan): readonly Rule[] {
  const rules = [...port.externalIPs, ...port.vips].map((ip) =>
    unserved(port, plan, [m.to(ip), ...m.toPort(port.protocol, port.port)]),
  );
  if (port.nodePort === 0) return rules;
  const [protocol, dport] = m.toPort(port.protocol, port.nodePort);
  return [...rules, unserved(port, plan, [protocol, m.dstType("LOCAL"), dport])];
}

/** REJECT when nobody serves at all, DROP when only this node does not. */
function unserved(port: ProxiedPort, { usable }: Plan, matches: readonly Match[]): Rule {
  return usable
    ? rule(port, "no-local-endpoints", matches, m.DROP, {
        comment: `${port.label} has no local endpoints`,
      })
    : rule(port, "no-endpoints", matches, m.REJECT, { comment: `${port.label} has no endpoints` });
}

function healthCheck(port: ProxiedPort): Rule {
  return rule(port, "health-check-node-port", m.toPort("tcp", port.healthCheckNodePort), m.ACCEPT, {
    comment: `${port.label} health check node port`,
  });
}

function firewallDrop(port: ProxiedPort, vip: Ipv4): Rule {
  const matches = [m.to(vip), ...m.toPort(port.protocol, port.port)];
  return rule(port, "source-ranges-drop", matches, m.DROP, {
    comment: `${port.label} traffic not accepted by ${port.chains.fw}`,
  });
}

function ownChains(
  port: ProxiedPort,
  plan: Plan,
  { cluster, local }: ChosenEndpoints,
  options: PortOptions,
): readonly Chain[] {
  const { chains } = port;
  const result: Chain[] = [];
  const firstRules = (isInternal: boolean) =>
    isInternal && plan.isServedInside ? masqueradeClusterIp(port, options) : [];
  if (cluster.length > 0) {
    const rules = [
      ...firstRules(!port.internalLocal),
      ...policyRules(port, cluster, options.largeCluster),
    ];
    result.push({ name: chains.svc, rules });
  }
  if (local.length > 0) {
    const rules = [
      ...firstRules(port.internalLocal),
      ...policyRules(port, local, options.largeCluster),
    ];
    result.push({ name: chains.svl, rules });
  }
  if (plan.usable && port.hasExternalFront) {
    result.push({ name: chains.ext, rules: externalRules(port, plan, options) });
  }
  if (plan.hasFirewall)
    result.push({ name: chains.fw, rules: sourceRangeRules(port, options.nodeIp) });
  const used = new Map([...cluster, ...local].map((endpoint) => [endpoint.text, endpoint]));
  result.push(...endpointChains(port, [...used.values()], options.largeCluster));
  return result;
}

/** Clients that are no pods get a node's address, so that the answer comes back through this node. */
function masqueradeClusterIp(port: ProxiedPort, options: PortOptions): readonly Rule[] {
  const matches = [m.to(port.clusterIP), ...m.toPort(port.protocol, port.port)];
  if (!options.masqueradeAll) {
    if (!options.detector) return [];
    matches.push(m.podTraffic(options.detector, { negate: true }));
  }
  return [
    rule(port, "masquerade-cluster-ip", matches, m.jump(m.MARK_MASQ), {
      comment: `${port.label} cluster IP`,
    }),
  ];
}

function externalRules(port: ProxiedPort, plan: Plan, { detector }: PortOptions): readonly Rule[] {
  const { chains, label } = port;
  const about = `${label} external destinations`;
  if (!port.externalLocal) {
    return [
      rule(port, "masquerade-external", [], m.jump(m.MARK_MASQ), {
        comment: `masquerade traffic for ${about}`,
      }),
      rule(port, "external-policy", [], m.jump(chains.svc)),
    ];
  }
  const rules: Rule[] = [];
  if (detector) {
    const fromPods = [m.podTraffic(detector, { negate: false })];
    rules.push(
      rule(port, "pod-traffic", fromPods, m.jump(chains.svc), {
        comment: `pod traffic for ${about}`,
      }),
    );
  }
  const fromHere = [m.srcType("LOCAL")];
  rules.push(
    rule(port, "masquerade-local", fromHere, m.jump(m.MARK_MASQ), {
      comment: `masquerade LOCAL traffic for ${about}`,
    }),
    rule(port, "route-local", fromHere, m.jump(chains.svc), {
      comment: `route LOCAL traffic for ${about}`,
    }),
  );
  if (plan.isServedOutside) rules.push(rule(port, "external-policy", [], m.jump(chains.svl)));
  return rules;
}

function sourceRangeRules(port: ProxiedPort, nodeIp: Ipv4 | undefined): readonly Rule[] {
  const comment = `${port.label} loadbalancer IP`;
  const target = m.jump(port.chains.ext);
  const rules = port.sourceRanges.map((range) =>
    rule(port, "source-range", [m.fromRange(range)], target, { comment }),
  );
  if (allowsNode(port, nodeIp)) {
    for (const vip of port.vips)
      rules.push(rule(port, "source-vip", [m.from(vip)], target, { comment }));
  }
  const rest = `other traffic to ${port.label} will be dropped by KUBE-PROXY-FIREWALL`;
  return [...rules, rule(port, "source-rest", [], undefined, { comment: rest })];
}

/** The node itself is in a source range: then what it sends to its own VIP, from that VIP, is too. */
export function allowsNode(port: ProxiedPort, nodeIp: Ipv4 | undefined): boolean {
  return nodeIp !== undefined && port.sourceRanges.some((range) => contains(range, nodeIp));
}
