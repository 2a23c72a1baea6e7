import type { Service } from "../../api/types";
import { type Ipv4, ipv4, parseIpv4 } from "../../net/ipv4";
import type { ControlContext } from "../context";
import type { ControllerState } from "../state";

/** Public addresses of load balancers: TEST-NET-1. */
const FIRST_PUBLIC = ipv4("192.0.2.10");
const FIRST_PRIVATE = ipv4("10.0.0.5");
const REGION = "us-west-2";
const INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-internal";

/** Public and private address of a new load balancer; an address that the Service asks for is taken as it is. */
export function allocateAddresses(
  ctx: ControlContext,
  state: ControllerState,
  wanted: string | undefined,
): { readonly ip: Ipv4; readonly vpcIp: Ipv4 } {
  const used = usedAddresses(ctx, state);
  const given = wanted === undefined ? undefined : parseIpv4(wanted);
  return { ip: given ?? nextFree(FIRST_PUBLIC, used), vpcIp: nextFree(FIRST_PRIVATE, used) };
}

function nextFree(first: Ipv4, used: ReadonlySet<Ipv4>): Ipv4 {
  let ip = first;
  while (used.has(ip)) ip++;
  return ip;
}

function usedAddresses(ctx: ControlContext, state: ControllerState): ReadonlySet<Ipv4> {
  const used = new Set<Ipv4>();
  const add = (text: string | undefined) => {
    const ip = text === undefined ? undefined : parseIpv4(text);
    if (ip !== undefined) used.add(ip);
  };
  for (const balancer of state.loadBalancers.values()) used.add(balancer.ip).add(balancer.vpcIp);
  for (const host of ctx.store.list("Host")) add(host.spec.ip);
  for (const node of ctx.store.list("Node")) {
    for (const { address } of node.status.addresses ?? []) add(address);
  }
  for (const service of ctx.store.list("Service")) {
    for (const { ip } of service.status.loadBalancer.ingress ?? []) add(ip);
  }
  add(ctx.config.natGateway);
  return used;
}

/** The classic ELB's DNS name: `a` and the Service's uid without dashes, cut to 32, then AWS's own number.
 *  Source: cloud-provider DefaultLoadBalancerName. */
export function elbHostname(ctx: ControlContext, service: Service): string {
  const { uid, annotations } = service.metadata;
  const name = `a${uid.replaceAll("-", "")}`.slice(0, 32);
  const number = ctx.random(`elb/${uid}`).int(1_000_000_000, 2_147_483_647);
  const prefix = annotations?.[INTERNAL] === "true" ? "internal-" : "";
  return `${prefix}${name}-${number}.${REGION}.elb.amazonaws.com`;
}
