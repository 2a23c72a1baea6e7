import { candidates } from "./endpoints";
import { average, DROPPED, type Expectation, inexact, REFUSED } from "./expectation";
import { nodePortTraffic, policyOf } from "./service-traffic";
import type { Front, Setting, Source } from "./setting";

const OUTSIDE: Source = { kind: "host", zone: "vpc" };

/** Shares add up to 1 but for this. */
const ROUNDING = 1e-9;

/** Through a load balancer, which has those nodes as targets that pass its health checks. */
export function balancerTraffic(
  setting: Setting,
  front: Front,
  passing: readonly string[],
): Expectation {
  const targets = targetsOf(setting, front, passing);
  const isTcp = (front.port.protocol ?? "TCP") === "TCP";
  if (targets.length === 0) return isTcp ? REFUSED : DROPPED;
  const all = average(targets.map((node) => atTarget(setting, front, node)));
  // A datagram that a target refuses is lost to the client.
  return isTcp ? all : { ...all, refused: 0, dropped: all.refused + all.dropped };
}

/** Through one that hands packets on to nodes, which see the client itself. When no node passes, it sends to all. */
export function forwardedTraffic(
  setting: Setting,
  front: Front,
  passing: readonly string[],
  source: Source,
): Expectation {
  const healthy = targetsOf(setting, front, passing);
  const nodes = setting.topology.nodes.filter(
    ({ name }) => healthy.length === 0 || healthy.includes(name),
  );
  if (nodes.length === 0) return DROPPED;
  return average(
    nodes.map(
      (node) =>
        nodePortTraffic(setting, front, node, "internal", node.ip, source) ?? inexact(REFUSED),
    ),
  );
}

function atTarget(setting: Setting, front: Front, name: string): Expectation {
  const node = setting.topology.nodes.find((one) => one.name === name);
  if (!node) return inexact(REFUSED);
  return nodePortTraffic(setting, front, node, "internal", node.ip, OUTSIDE) ?? inexact(REFUSED);
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
  const isChecked = (first.port.protocol ?? "TCP") === "TCP" && addresses.nodePorts[0];
  if (!isChecked) return passing;
  const { servers, exact } = average(nodes.map((node) => atTarget(setting, first, node)));
  const serving = [...servers.values()].reduce((sum, share) => sum + share, 0);
  if (serving < ROUNDING) return [];
  return exact && serving > 1 - ROUNDING ? nodes : passing;
}
