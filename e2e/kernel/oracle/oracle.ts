// Who should answer, worked out from manifests alone: selectors, ports, readiness and policies. It knows neither rules
// nor routes, and shares no code with what it judges; addresses and the pods that there are come from the dump.
import type { Topology } from "../../../src/core/cluster/topology";
import type { Flow } from "../flows";
import { inCidr, type Owner, ownerOf } from "./addresses";
import { balancerTraffic, forwardedTraffic } from "./balancer-traffic";
import { sameProtocol } from "./endpoints";
import {
  at,
  average,
  DROPPED,
  type Expectation,
  inexact,
  LEAVES,
  REFUSED,
  UNANSWERED,
} from "./expectation";
import { externalTraffic, internalTraffic, nodePortTraffic, vipTraffic } from "./service-traffic";
import { type Front, isAtHome, type Setting, type Source, sourceOf } from "./setting";

type NodeOwner = Extract<Owner, { kind: "node" }>;

export function expectationOf(setting: Setting, { from, to }: Flow): Expectation {
  const source = sourceOf(setting, from);
  const { nodeOptions = {} } = setting.manifests.scenario;
  const { hairpinMode = true, bridgeNfCallIptables = true, rpFilter = 0 } = nodeOptions;
  const isOrdinary =
    hairpinMode && bridgeNfCallIptables && rpFilter === 0 && !nodeOptions.sourceDestCheck;
  const expected = resolve(setting, source, from, to);
  // Answers may not find a pod with an address from elsewhere.
  // What security groups close, nobody answers: which these are, the oracle does not know.
  const isOpen = setting.topology.securityGroups.length === 0;
  const isFound = source.kind !== "pod" || isAtHome(setting, source.node, source.ip);
  return isOrdinary && isOpen && isFound ? expected : inexact(expected);
}

function resolve(setting: Setting, source: Source, from: string, to: Flow["to"]): Expectation {
  const isFurther = setting.topology.pods.some(({ further = [] }) =>
    further.some(({ ip }) => ip === to.ip),
  );
  if (isFurther) return overFurtherNetwork(setting, source, from, to);
  if (source.kind !== "host") {
    const served = ownRules(setting, source, to);
    if (served) return served;
  }
  const owner = ownerOf(setting.topology, to.ip, from);
  switch (owner.kind) {
    case "balancer": {
      const { service, targets, kind } = owner.balancer;
      const [front] = frontsAt(
        setting,
        to,
        ({ addresses }) => `${addresses.namespace}/${addresses.name}` === service,
      );
      if (!front) return UNANSWERED;
      return kind === "nlb"
        ? forwardedTraffic(setting, front, targets, source)
        : balancerTraffic(setting, front, targets);
    }
    case "node":
      return isReachable(setting, source, owner)
        ? atNode(setting, seenAs(setting, source, owner), owner, to)
        : DROPPED;
    case "pod":
    case "host":
      return isReachable(setting, source, owner)
        ? at(setting, to.ip, to.port, to.protocol)
        : DROPPED;
    case "nobody":
      return setting.fronts.some(({ addresses }) => addresses.clusterIP === to.ip)
        ? DROPPED
        : UNANSWERED;
  }
}

/** Between pods that Multus has plugged into one bridge; their node takes part if it is the gateway there. Nobody else
 *  knows that there is such a network. */
function overFurtherNetwork(
  { topology }: Setting,
  source: Source,
  from: string,
  { ip, port, protocol }: Flow["to"],
): Expectation {
  const nameOf = ({ namespace, name }: Topology["pods"][number]) => `pod/${namespace}/${name}`;
  const client = topology.pods.find((pod) => nameOf(pod) === from);
  const bridges = (client?.further ?? []).map(({ bridge }) => bridge);
  const server = topology.pods.find(
    ({ node, further = [] }) =>
      source.kind !== "host" &&
      node === source.node &&
      further.some((one) => one.ip === ip && (one.isGateway || bridges.includes(one.bridge))),
  );
  if (!server) return UNANSWERED;
  const listens = server.listens.some(
    (one) => one.port === port && sameProtocol(one.protocol, protocol),
  );
  return listens
    ? { ...DROPPED, servers: new Map([[`${nameOf(server)} ${ip}:${port}`, 1]]), dropped: 0 }
    : REFUSED;
}

/** What the rules of the client's own node make of it; undefined: nothing. */
function ownRules(
  setting: Setting,
  source: Exclude<Source, { kind: "host" }>,
  to: Flow["to"],
): Expectation | undefined {
  const { node } = source;
  const served = [
    ...frontsAt(setting, to, ({ addresses }) => addresses.clusterIP === to.ip).map((front) =>
      internalTraffic(setting, front, node),
    ),
    ...frontsAt(setting, to, (front) => hasExternalIp(front, to.ip)).map((front) =>
      externalTraffic(setting, front, node, source),
    ),
    ...frontsAt(setting, to, ({ addresses }) => addresses.ingressIps.includes(to.ip)).map((front) =>
      vipTraffic(setting, front, node, source),
    ),
  ];
  return oneOf(served.filter((one) => one !== LEAVES));
}

/** Through a tunnel a machine comes under an address of the pod network. */
function seenAs({ topology }: Setting, source: Source, { node, address }: NodeOwner): Source {
  if (address !== "bridge") return source;
  if (source.kind === "host" && source.tunnelIp !== undefined)
    return { kind: "pod", node: "", ip: source.tunnelIp };
  if (source.kind !== "node" || source.node === node.name) return source;
  const tunnelIp = topology.nodes.find(({ name }) => name === source.node)?.tunnelIp;
  return tunnelIp === undefined ? source : { ...source, kind: "pod", ip: tunnelIp };
}

function atNode(
  setting: Setting,
  source: Source,
  { node, address }: NodeOwner,
  to: Flow["to"],
): Expectation {
  const external = frontsAt(setting, to, (front) => hasExternalIp(front, to.ip)).map((front) =>
    externalTraffic(setting, front, node.name, source),
  );
  const claimed = oneOf(external.filter((one) => one !== LEAVES));
  if (claimed) return claimed;
  const front = setting.fronts.find(
    ({ port, nodePort }) => nodePort === to.port && sameProtocol(port.protocol, to.protocol),
  );
  // The internet gateway has translated the one into the other.
  const arrived = address === "external" ? node.ip : to.ip;
  const served = front && nodePortTraffic(setting, front, node, address, arrived, source);
  const expected = served ?? ownServer(setting, node, address, arrived, to);
  // From inside, the way back may leave the gateway out.
  const isPlain = address !== "external" || (source.kind === "host" && source.zone === "internet");
  // Filter rules stop a nodePort without endpoints also where it is not served.
  return isPlain && (served || !front) ? expected : inexact(expected);
}

function ownServer(
  setting: Setting,
  node: NodeOwner["node"],
  address: NodeOwner["address"],
  arrived: string,
  { port, protocol }: Flow["to"],
): Expectation {
  return address === "loopback"
    ? loopbackOf(at(setting, node.ip, port, protocol), port)
    : at(setting, arrived, port, protocol);
}

/** The node's own server, reached by 127.0.0.1. */
function loopbackOf(expected: Expectation, port: number): Expectation {
  const renamed = [...expected.servers].map(
    ([server, share]) => [`${server.split(" ")[0]} 127.0.0.1:${port}`, share] as const,
  );
  return { ...expected, servers: new Map(renamed) };
}

function hasExternalIp({ service }: Front, ip: string): boolean {
  return service.spec.externalIPs?.includes(ip) ?? false;
}

/** Several Services may claim an address; which of them has it is theirs to settle. */
function oneOf(claims: readonly Expectation[]): Expectation | undefined {
  return claims.length > 1 ? inexact(average(claims)) : claims[0];
}

function frontsAt(
  { fronts }: Setting,
  { port, protocol }: Flow["to"],
  leadsTo: (front: Front) => boolean,
): readonly Front[] {
  return fronts.filter(
    (front) =>
      front.port.port === port && sameProtocol(front.port.protocol, protocol) && leadsTo(front),
  );
}

/** Machines of the cluster reach everything; who else knows the way? */
function isReachable(setting: Setting, source: Source, owner: Owner): boolean {
  if (source.kind !== "host") return true;
  const { podRoutes, natGateway, cni } = setting.manifests.scenario;
  const inVpc = source.zone === "vpc";
  const knowsPods = inVpc && (podRoutes === "vpc" || source.joined === true);
  switch (owner.kind) {
    case "node":
      if (owner.address === "external") return true;
      if (owner.address === "bridge") return knowsPods;
      return inVpc || natGateway === undefined;
    case "pod": {
      const { node, ip, hostNetwork } = owner.pod;
      const podCIDR = setting.topology.nodes.find(({ name }) => name === node)?.podCIDR ?? "";
      if (cni === "aws-vpc") return inVpc || natGateway === undefined;
      if (hostNetwork) return inVpc || natGateway === undefined;
      return knowsPods && inCidr(ip, podCIDR);
    }
    case "host":
      return inVpc || owner.host.zone === "internet" || natGateway === undefined;
    default:
      return true;
  }
}
