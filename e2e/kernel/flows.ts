import type { Service } from "../../src/core/api/types";
import type { Topology } from "../../src/core/cluster/topology";

export interface Flow {
  readonly id: string;
  readonly from: string;
  readonly to: {
    readonly ip: string;
    readonly port: number;
    readonly protocol: "tcp" | "udp" | "sctp";
  };
  /** What a gateway is asked for. */
  readonly http?: { readonly host: string; readonly path: string };
}

type Destination = Flow["to"];

/** Nothing listens here. */
const UNSERVED_PORT = 9;
/** Last octet of a pod address that nobody has. */
const UNOWNED_OCTET = 240;

/** Machines that only the addons use. */
const SILENT_HOSTS = new Set(["apiserver", "resolver"]);

/** Every source to every destination that matters. */
export function allFlows(
  topology: Topology,
  services: readonly Service[],
  hasSctp: boolean,
): readonly Flow[] {
  const everywhere = destinations(topology, services).filter(
    ({ protocol }) => hasSctp || protocol !== "sctp",
  );
  const loopback = services.flatMap((service) => nodePorts(service, ["127.0.0.1"]));
  return sources(topology).flatMap((from) =>
    [...everywhere, ...(from.startsWith("node/") ? loopback : [])]
      .filter(({ ip }) => !isBesideRouter(topology, from, ip))
      .map((to) => ({
        id: `${from} > ${to.ip}:${to.port}/${to.protocol}`,
        from,
        to,
      })),
  );
}

/** From inside the VPC to an NLB without a NAT gateway: the VPC sends the answer back through the load balancer; in the lab
 *  it would go straight to its client, past the router that the load balancer is rules of. */
function isBesideRouter(
  { loadBalancers, hosts, natGateway }: Topology,
  from: string,
  ip: string,
): boolean {
  const isNlb = loadBalancers.some((balancer) => balancer.kind === "nlb" && balancer.ip === ip);
  const isOutside = hosts.some(({ name, zone }) => from === `host/${name}` && zone === "internet");
  return isNlb && !isOutside && natGateway === undefined;
}

function sources({ pods, nodes, hosts }: Topology): readonly string[] {
  return [
    ...pods.filter((pod) => !pod.hostNetwork).map((pod) => `pod/${pod.namespace}/${pod.name}`),
    ...nodes.map(({ name }) => `node/${name}`),
    ...hosts.filter(({ name }) => !SILENT_HOSTS.has(name)).map(({ name }) => `host/${name}`),
  ];
}

function destinations(topology: Topology, services: readonly Service[]): readonly Destination[] {
  const { nodes, pods, hosts, loadBalancers } = topology;
  // The bridge has an address too, and what listens on all addresses listens there.
  const bridgeIps = nodes.slice(0, 2).flatMap(({ bridgeIp }) => bridgeIp ?? []);
  const publicIps = nodes.flatMap(({ externalIp }) => externalIp ?? []).slice(0, 2);
  const nodeIps = [...nodes.map(({ ip }) => ip), ...bridgeIps, ...publicIps];
  const found: Destination[] = [
    ...services.flatMap((service) => [...fronts(service), ...nodePorts(service, nodeIps)]),
    ...loadBalancers.flatMap(({ ip, ports }) =>
      ports
        // The lab's load balancers relay only these.
        .filter(({ protocol }) => protocol !== "SCTP")
        .map(({ protocol, port }) => destination(ip, port, protocol)),
    ),
    ...[...pods, ...hosts, ...nodes.slice(0, 1)].flatMap(({ ip, listens }) =>
      listens.map(({ protocol, port }) => destination(ip, port, protocol)),
    ),
    ...pods.flatMap(({ further = [], listens }) =>
      further.flatMap(({ ip }) =>
        listens.map(({ protocol, port }) => destination(ip, port, protocol)),
      ),
    ),
    ...pods
      .filter(({ hostNetwork }) => hostNetwork)
      .flatMap(({ listens }) =>
        listens.flatMap(({ protocol, port }) =>
          bridgeIps.map((ip) => destination(ip, port, protocol)),
        ),
      ),
  ];
  for (const ip of [...nodeIps.slice(0, 1), ...pods.slice(0, 2).map((pod) => pod.ip)])
    found.push(destination(ip, UNSERVED_PORT, "TCP"), destination(ip, UNSERVED_PORT, "UDP"));
  for (const { podCIDR } of nodes.slice(0, 2)) {
    const unowned = podAddress(podCIDR, UNOWNED_OCTET);
    found.push(destination(unowned, 80, "TCP"), destination(unowned, 53, "UDP"));
  }
  return [...new Map(found.map((one) => [`${one.ip}:${one.port}/${one.protocol}`, one])).values()];
}

function podAddress(podCIDR: string, lastOctet: number): string {
  return podCIDR.replace(/\d+\/\d+$/, String(lastOctet));
}

function fronts({ spec, status }: Service): readonly Destination[] {
  const clusterIp = spec.clusterIP && spec.clusterIP !== "None" ? [spec.clusterIP] : [];
  const ingress = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const ips = [...clusterIp, ...(spec.externalIPs ?? []), ...ingress];
  const served = ips.flatMap((ip) =>
    (spec.ports ?? []).map(({ protocol, port }) => destination(ip, port, protocol)),
  );
  return [...served, ...clusterIp.map((ip) => destination(ip, UNSERVED_PORT, "TCP"))];
}

function nodePorts({ spec }: Service, ips: readonly string[]): readonly Destination[] {
  return (spec.ports ?? []).flatMap(({ protocol, nodePort }) =>
    nodePort ? ips.map((ip) => destination(ip, nodePort, protocol)) : [],
  );
}

function destination(ip: string, port: number, protocol: string): Destination {
  return { ip, port, protocol: protocol.toLowerCase() as Destination["protocol"] };
}
