import type { Topology } from "../../../src/core/cluster/topology";

/** What the API server gave a Service. */
export interface ServiceAddresses {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIP?: string;
  /** In the order of the Service's ports. */
  readonly nodePorts: readonly (number | undefined)[];
  /** Load balancer addresses that kube-proxy knows. */
  readonly ingressIps: readonly string[];
}

/** Whose address this is. */
export type Owner =
  | {
      readonly kind: "node";
      readonly node: Topology["nodes"][number];
      readonly address: NodeAddress;
    }
  | { readonly kind: "pod"; readonly pod: Topology["pods"][number] }
  | { readonly kind: "host"; readonly host: Topology["hosts"][number] }
  | { readonly kind: "balancer"; readonly balancer: Topology["loadBalancers"][number] }
  | { readonly kind: "nobody" };

export type NodeAddress = "internal" | "external" | "bridge" | "loopback";

/** `from` matters for 127.0.0.1. */
export function ownerOf(topology: Topology, ip: string, from: string): Owner {
  for (const node of topology.nodes) {
    const own: readonly (readonly [string | undefined, NodeAddress])[] = [
      [node.ip, "internal"],
      [node.externalIp, "external"],
      [node.bridgeIp, "bridge"],
      [node.tunnelIp, "bridge"],
      [from === `node/${node.name}` ? "127.0.0.1" : undefined, "loopback"],
    ];
    const address = own.find(([address]) => address === ip)?.[1];
    if (address) return { kind: "node", node, address };
  }
  const pod = topology.pods.find((one) => one.ip === ip);
  if (pod) return { kind: "pod", pod };
  const host = topology.hosts.find((one) => one.ip === ip);
  if (host) return { kind: "host", host };
  const balancer = topology.loadBalancers.find((one) => one.ip === ip);
  return balancer ? { kind: "balancer", balancer } : { kind: "nobody" };
}

export function inCidr(ip: string, cidr: string): boolean {
  const [network = "", prefix = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(toNumber(ip) / size) === Math.floor(toNumber(network) / size);
}

function toNumber(ip: string): number {
  return ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
