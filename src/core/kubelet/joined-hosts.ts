import type { Host } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { NODE_CIDR_PREFIX } from "../controllers/pod-cidrs";
import { type Cidr, cidrOf, overlaps, parseCidr, subnet } from "../net/cidr";
import { parseIpv4 } from "../net/ipv4";
import { type CniNode, NODE_PREFIX } from "./cni/node";
import { pluginOf } from "./cni/plugins";

/** Machines outside the cluster that take part in its pod network, where that asks anything of them. */
export function joinedHosts(ctx: ControlContext, nodes: readonly CniNode[]): readonly CniNode[] {
  const plugin = pluginOf(ctx.config).joined;
  if (!plugin) return [];
  const hosts = [...ctx.store.list("Host")]
    .filter(takesPart)
    .flatMap((host) => machine(host) ?? []);
  if (!plugin.leases) return hosts;
  const taken = nodes.flatMap(({ podCidr }) => podCidr ?? []);
  const held = hosts.map((host) => ({ ...host, ...heldLease(ctx, host) }));
  taken.push(...held.flatMap(({ podCidr }) => podCidr ?? []));
  return held.map((host) => {
    if (host.podCidr) return host;
    const podCidr = freeLease(ctx.config.clusterCIDR, taken);
    if (podCidr) taken.push(podCidr);
    return podCidr ? { ...host, podCidr } : host;
  });
}

export function takesPart({ spec }: Host): boolean {
  return spec.zone === "vpc" && spec.podNetwork === true;
}

/** Its name says that it is no node: the two may be called the same. */
function machine({ metadata, spec }: Host): CniNode | undefined {
  const ip = parseIpv4(spec.ip);
  if (ip === undefined) return undefined;
  const id = `host/${metadata.name}` as const;
  return { name: id, id, ip, link: cidrOf(ip, NODE_PREFIX) };
}

/** The range that its tunnel's address is the first of. */
function heldLease({ plane, config }: ControlContext, { id }: CniNode) {
  const tunnel = plane.find(id)?.interfaces.find(({ kind }) => kind === "vxlan");
  const ip = tunnel?.addresses[0]?.ip;
  return ip === undefined ? {} : { podCidr: cidrOf(ip, leasePrefix(config.clusterCIDR)) };
}

/** Nodes are given theirs from the other end. Simplified: flanneld leases one at random. */
function freeLease(clusterCidr: string, taken: readonly Cidr[]): Cidr | undefined {
  const cluster = parseCidr(clusterCidr);
  if (!cluster) return undefined;
  const prefix = leasePrefix(clusterCidr);
  for (let index = 2 ** (prefix - cluster.prefix) - 1; index >= 0; index--) {
    const range = subnet(cluster, prefix, index);
    if (range && !taken.some((other) => overlaps(other, range))) return range;
  }
  return undefined;
}

function leasePrefix(clusterCidr: string): number {
  return Math.max(NODE_CIDR_PREFIX, parseCidr(clusterCidr)?.prefix ?? 0);
}
