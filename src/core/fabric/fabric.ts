import type { NetnsId } from "../dataplane/netns";
import { type Cidr, cidr, contains } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";

export type Zone = "internet" | "vpc";

/** One rule of a security group: what it is about, and who the other side is. */
export interface FirewallRule {
  readonly protocol: Protocol | "all";
  /** Ports, or an ICMP type and code; absent: every one. */
  readonly from?: number;
  readonly to?: number;
  readonly peers: Cidr | ReadonlySet<Ipv4>;
  /** As people read it: `tcp 30080 from 0.0.0.0/0`. */
  readonly text: string;
}

/** A security group, as a machine's network card applies it. */
export interface FirewallGroup {
  readonly name: string;
  readonly ingress: readonly FirewallRule[];
  readonly egress: readonly FirewallRule[];
}

/** A port of a load balancer of layer 4, which hands packets on to machines at their own port. */
export interface ForwardedPort {
  readonly protocol: Protocol;
  readonly port: number;
  readonly targetPort: number;
  readonly targets: readonly { readonly label: string; readonly ip: Ipv4 }[];
}

/** A machine's place outside: which addresses it answers for, and where. */
export interface Attachment {
  readonly netns: NetnsId;
  /** What hops call it. */
  readonly label: string;
  readonly zone: Zone;
  /** Addresses on its own network. */
  readonly addresses: readonly Ipv4[];
  /** Its network cards, where it has several: which one has which of the addresses. */
  readonly cards?: readonly { readonly dev: string; readonly addresses: readonly Ipv4[] }[];
  /** An instance of the cloud that may only send and get what bears its own addresses. */
  readonly sourceDestCheck?: boolean;
  /** Internet addresses that lead to it: unchanged (`nat` absent), or 1:1 to a private one. */
  readonly publicAddresses?: readonly { readonly ip: Ipv4; readonly natTo?: Ipv4 }[];
  /** Firewalls at its network card; absent: all open. */
  readonly groups?: readonly FirewallGroup[];
  /** A load balancer that keeps clients' addresses: what comes to these ports it hands on. */
  readonly forwards?: readonly ForwardedPort[];
}

/** A row of the VPC's route table beside `local` and the default. */
export interface VpcRoute {
  readonly destination: Cidr;
  readonly target: NetnsId;
}

export interface PodRange {
  readonly range: Cidr;
  readonly node: string;
}

/** What lies between machines: immutable, made anew when a machine comes or goes. */
export interface Fabric {
  readonly vpcCidr: Cidr;
  readonly natGateway?: Ipv4;
  readonly routes: readonly VpcRoute[];
  /** Ranges of the pod network and the nodes that have them, whoever knows of it. */
  readonly podRanges: readonly PodRange[];
  readonly attachments: ReadonlyMap<NetnsId, Attachment>;
  readonly vpc: ReadonlyMap<Ipv4, Attachment>;
  readonly internet: ReadonlyMap<Ipv4, Attachment>;
  readonly published: ReadonlyMap<Ipv4, { readonly attachment: Attachment; readonly natTo?: Ipv4 }>;
  /** Some load balancer hands packets on: what machines send may be answers that go back through it. */
  readonly hasForwarders: boolean;
}

export const VPC_CIDR = cidr("10.0.0.0/16");

export function createFabric(
  attachments: readonly Attachment[],
  options: {
    readonly natGateway?: Ipv4;
    readonly routes: readonly VpcRoute[];
    readonly podRanges: readonly PodRange[];
  },
): Fabric {
  const vpc = new Map<Ipv4, Attachment>();
  const internet = new Map<Ipv4, Attachment>();
  const published = new Map<Ipv4, { attachment: Attachment; natTo?: Ipv4 }>();
  for (const attachment of attachments) {
    const own = attachment.zone === "vpc" ? vpc : internet;
    for (const ip of attachment.addresses) own.set(ip, attachment);
    for (const { ip, natTo } of attachment.publicAddresses ?? []) {
      published.set(ip, { attachment, ...(natTo !== undefined && { natTo }) });
    }
  }
  return {
    vpcCidr: VPC_CIDR,
    ...(options.natGateway !== undefined && { natGateway: options.natGateway }),
    routes: options.routes,
    podRanges: options.podRanges,
    attachments: new Map(attachments.map((attachment) => [attachment.netns, attachment])),
    vpc,
    internet,
    published,
    hasForwarders: attachments.some(({ forwards }) => forwards !== undefined),
  };
}

/** Most specific row of the VPC route table for a destination outside the VPC's own range. */
export function findVpcRoute(fabric: Fabric, destination: Ipv4): VpcRoute | undefined {
  let best: VpcRoute | undefined;
  for (const route of fabric.routes) {
    if (
      contains(route.destination, destination) &&
      (!best || route.destination.prefix > best.destination.prefix)
    )
      best = route;
  }
  return best;
}
