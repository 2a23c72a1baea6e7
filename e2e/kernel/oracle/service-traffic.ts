import { inCidr, type NodeAddress } from "./addresses";
import { type Candidate, candidates, usable, zoneOf } from "./endpoints";
import { at, average, DROPPED, type Expectation, inexact, LEAVES, REFUSED } from "./expectation";
import { type Front, frontOfNodeAddress, isOwnClient, type Setting, type Source } from "./setting";

type Policy = "Cluster" | "Local";

/** To a clusterIP, from a pod or process of this node. */
export function internalTraffic(setting: Setting, front: Front, node: string): Expectation {
  return traffic(setting, front, node, policyOf(front.service.spec.internalTrafficPolicy));
}

/** To an external address of the Service, as this node sees it. */
export function externalTraffic(
  setting: Setting,
  front: Front,
  node: string,
  source: Source,
): Expectation {
  const policy = policyOf(front.service.spec.externalTrafficPolicy);
  const expected = traffic(
    setting,
    front,
    node,
    isOwnClient(setting, source, node) ? "Cluster" : policy,
  );
  // External traffic is not filtered where it starts.
  return source.kind === "node" && source.node === node && expected === REFUSED ? LEAVES : expected;
}

/** To a load balancer's address that the node's own rules serve. */
export function vipTraffic(
  setting: Setting,
  front: Front,
  node: string,
  source: Source,
): Expectation {
  const ranges = front.service.spec.loadBalancerSourceRanges ?? [];
  const ip = source.kind === "host" ? "" : source.ip;
  const isLetIn = ranges.length === 0 || ranges.some((range) => inCidr(ip, range));
  // Without endpoints there is nothing to protect: the refusal comes first.
  return isLetIn || endpointsOf(setting, front, "Cluster", node).length === 0
    ? externalTraffic(setting, front, node, source)
    : DROPPED;
}

/** To the node's nodePort; undefined: not served at this address. */
export function nodePortTraffic(
  setting: Setting,
  front: Front,
  { name: node, ip }: { readonly name: string; readonly ip: string },
  address: NodeAddress,
  asked: string,
  source: Source,
): Expectation | undefined {
  const { nodePortAddresses = [], iptables = {} } = setting.manifests.scenario.kubeProxy ?? {};
  if (address === "loopback" && iptables.localhostNodePorts === false) return undefined;
  const served = nodePortAddresses.some((one) =>
    one === "primary" ? asked === ip : inCidr(asked, one),
  );
  if (nodePortAddresses.length > 0 && !served) return undefined;
  // The way there may hide a pod's address, and the way back may be another one.
  const isStray = source.kind === "pod" && source.node !== node;
  return isStray && policyOf(front.service.spec.externalTrafficPolicy) === "Local"
    ? inexact(
        average([traffic(setting, front, node, "Cluster"), traffic(setting, front, node, "Local")]),
      )
    : externalTraffic(setting, front, node, source);
}

/** Through a load balancer, which has those nodes as targets that pass its health checks. */
export function balancerTraffic(
  setting: Setting,
  front: Front,
  passing: readonly string[],
): Expectation {
  const targets = targetsOf(setting, front, passing);
  const outside: Source = { kind: "host", zone: "vpc" };
  const isTcp = (front.port.protocol ?? "TCP") === "TCP";
  if (targets.length === 0) return isTcp ? REFUSED : DROPPED;
  const all = average(targets.map((node) => externalTraffic(setting, front, node, outside)));
  // A datagram that a target refuses is lost to the client.
  return isTcp ? all : { ...all, refused: 0, dropped: all.refused + all.dropped };
}

/** Policy Local: nodes with a ready endpoint. Otherwise any node leads anywhere, so all pass or none does; where some
 *  endpoints serve and some do not, chance decides, and what passed is taken as given. */
function targetsOf(
  setting: Setting,
  { service, addresses, nodePort }: Front,
  passing: readonly string[],
): readonly string[] {
  const { topology, manifests, fronts } = setting;
  const nodes = topology.nodes.map(({ name }) => name);
  const own = fronts.filter((one) => one.service === service);
  const first = own[0];
  if (!first || nodePort === undefined) return passing;
  if (policyOf(service.spec.externalTrafficPolicy) === "Local") {
    const ready = own
      .flatMap(({ port }) => candidates(manifests, topology.pods, service, port))
      .filter((one) => one.ready);
    return nodes.filter((node) => ready.some((one) => one.node === node));
  }
  if ((first.port.protocol ?? "TCP") !== "TCP" || addresses.nodePorts[0] === undefined)
    return passing;
  const { servers, exact } = average(nodes.map((node) => traffic(setting, first, node, "Cluster")));
  const serving = [...servers.values()].reduce((sum, share) => sum + share, 0);
  if (!exact || (serving > 1e-9 && serving < 1 - 1e-9)) return passing;
  return serving > 0.5 ? nodes : [];
}

function traffic(setting: Setting, front: Front, node: string, policy: Policy): Expectation {
  const endpoints = endpointsOf(setting, front, policy, node);
  if (endpoints.length > 0) return sharedOut(setting, endpoints, front.port.protocol);
  return endpointsOf(setting, front, "Cluster", node).length > 0 ? DROPPED : REFUSED;
}

function endpointsOf(
  { manifests, topology }: Setting,
  { service, port }: Front,
  policy: Policy,
  node: string,
): readonly Candidate[] {
  const all = candidates(manifests, topology.pods, service, port);
  return usable(all, policy, node, zoneOf(manifests, node));
}

function sharedOut(
  setting: Setting,
  endpoints: readonly Candidate[],
  protocol: string | undefined,
): Expectation {
  return average(
    endpoints.map(({ ip, port }) => {
      const there = at(setting, ip, port, protocol);
      // What a node has itself may lead on from there, for those who come from elsewhere.
      const onward = frontOfNodeAddress(setting, ip, port, protocol);
      if (!onward || onward.service.spec.selector === undefined) return there;
      return inexact(average([there, clusterTraffic(setting, onward)]));
    }),
  );
}

/** To its pods alone: a Service of Services would lead in circles. */
function clusterTraffic(setting: Setting, front: Front): Expectation {
  const { manifests, topology } = setting;
  const all = candidates(manifests, topology.pods, front.service, front.port);
  return average(all.map(({ ip, port }) => at(setting, ip, port, front.port.protocol)));
}

function policyOf(text: string | undefined): Policy {
  return text === "Local" ? "Local" : "Cluster";
}
