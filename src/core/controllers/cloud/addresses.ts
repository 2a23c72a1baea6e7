import type { Service } from "../../api/types";
import { type Ipv4, ipv4, parseIpv4 } from "../../net/ipv4";
import type { ControlContext } from "../context";
import type { ControllerState } from "../state";
import type { LoadBalancerKind } from "./kinds";

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

/** `a` and the Service's uid without dashes, cut to 32. Source: cloud-provider DefaultLoadBalancerName. */
export function loadBalancerName({
  metadata,
}: {
  readonly metadata: Pick<Service["metadata"], "uid">;
}): string {
  return `a${metadata.uid.replaceAll("-", "")}`.slice(0, 32);
}

/** The load balancer's DNS name: its name, then AWS's own number, for an NLB 16 hexadecimal digits. */
export function elbHostname(ctx: ControlContext, service: Service, kind: LoadBalancerKind): string {
  const { uid, annotations } = service.metadata;
  const name = loadBalancerName(service);
  const random = ctx.random(`elb/${uid}`);
  if (kind === "nlb") {
    const hex = () => random.int(0, 0xffff_ffff).toString(16).padStart(8, "0");
    return `${name}-${hex()}${hex()}.elb.${REGION}.amazonaws.com`;
  }
  const number = random.int(1_000_000_000, 2_147_483_647);
  const prefix = annotations?.[INTERNAL] === "true" ? "internal-" : "";
  return `${prefix}${name}-${number}.${REGION}.elb.amazonaws.com`;
}
