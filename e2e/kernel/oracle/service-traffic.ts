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

export function policyOf(text: string | undefined): Policy {
  return text === "Local" ? "Local" : "Cluster";
}
