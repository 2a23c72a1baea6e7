import type { Cidr } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import type { IpSets } from "./netfilter/ipset";

/** `node/NAME`, `pod/NAMESPACE/NAME`, `host/NAME`, `elb/NAMESPACE/NAME`. */
export type NetnsId = string;

export interface InterfaceAddress {
  readonly ip: Ipv4;
  readonly prefix: number;
  /** It was added without `brd`. */
  readonly noBroadcast?: boolean;
}

export interface NetworkInterface {
  readonly name: string;
  /** As `ip addr` numbers them, from 1 (lo). */
  readonly index: number;
  readonly kind: "loopback" | "ethernet" | "veth" | "bridge" | "vxlan";
  readonly mac: string;
  readonly mtu: number;
  readonly addresses: readonly InterfaceAddress[];
  /** veth: the other end. */
  readonly peer?: { readonly netns: NetnsId; readonly name: string };
  /** Bridge that this interface is a port of. */
  readonly master?: string;
  /** Bridge ports: may a frame leave by the port it came in on. */
  readonly hairpin?: boolean;
  /** vxlan: how it wraps frames into UDP datagrams. */
  readonly vxlan?: Vxlan;
  /** Its own net.ipv4.conf values, beside those of `all`. */
  readonly conf?: InterfaceConf;
  /** `ip link set DEV down` */
  readonly down?: boolean;
}

/** `ip link add … type vxlan id VNI local LOCAL dstport PORT dev DEV nolearning`. */
export interface Vxlan {
  readonly vni: number;
  readonly local: Ipv4;
  readonly port: number;
}

/** net.ipv4.conf.NAME of one interface. */
export interface InterfaceConf {
  readonly rpFilter?: RpFilter;
  readonly routeLocalnet?: boolean;
  /** Answers ARP for addresses that it has a route to through another interface. */
  readonly proxyArp?: boolean;
}

/** 0 off, 1 strict, 2 loose. Source: RFC 3704; kernel ip-sysctl.rst. */
export type RpFilter = 0 | 1 | 2;

export interface Route {
  /** Absent: unicast. A blackhole has no device (""). */
  readonly type?: "blackhole" | "unreachable";
  readonly destination: Cidr;
  readonly via?: Ipv4;
  readonly dev: string;
  readonly src?: Ipv4;
  /** `proto kernel scope link`: came with the interface's address. */
  readonly kernel?: boolean;
  /** Who wrote it, where that is neither the kernel nor a person. */
  readonly proto?: "bird";
  readonly onlink?: boolean;
  /** Of routes to the same range the least counts; absent: 0. */
  readonly metric?: number;
  /** Somebody typed it: the daemons that write a node's routes leave it alone. */
  readonly byHand?: boolean;
}

/** A row of `ip rule`, beside those for local, main and default: which table is asked for which packets. */
export interface PolicyRule {
  readonly priority: number;
  readonly from?: Cidr;
  readonly to?: Cidr;
  readonly mark?: { readonly value: number; readonly mask: number };
  readonly table: number;
}

/** A permanent row of the ARP table. */
export interface Neighbour {
  readonly ip: Ipv4;
  readonly dev: string;
  readonly mac: string;
}

/** A permanent row of a VXLAN device's forwarding database: the machine behind which a MAC address is. */
export interface FdbEntry {
  readonly mac: string;
  readonly dev: string;
  readonly remote: Ipv4;
}

/** `ip route`'s own number for the table that is meant when none is. Source: kernel rtnetlink.h, RT_TABLE_MAIN. */
export const MAIN_TABLE = 254;

/** A socket that somebody serves on. */
export interface Listener {
  readonly protocol: Protocol;
  readonly port: number;
  /** Absent: 0.0.0.0. */
  readonly ip?: Ipv4;
  /** Who serves: `pod/NAMESPACE/NAME`, `node/NAME`, `host/NAME`, `elb/NAMESPACE/NAME`. */
  readonly owner: string;
  /** Which of the owner's processes, where it has several. */
  readonly process?: string;
  readonly program: ProgramKind;
}

/** bind(2): whether two sockets cannot be there at once. */
export function bindsClash(
  a: Pick<Listener, "protocol" | "port" | "ip">,
  b: Pick<Listener, "protocol" | "port" | "ip">,
): boolean {
  if (a.protocol !== b.protocol || a.port !== b.port) return false;
  return a.ip === undefined || b.ip === undefined || a.ip === b.ip;
}

/** What a server does with what it gets: answers itself, or calls on (a proxy). */
export type ProgramKind = "http" | "echo" | "dns" | "proxy" | "gateway" | "kubelet" | "healthz";

export interface Sysctls {
  readonly ipForward: boolean;
  readonly bridgeNfCallIptables: boolean;
  /** net.ipv4.conf.all.rp_filter: the greater of this and the interface's own counts. */
  readonly rpFilter: RpFilter;
  /** net.ipv4.conf.all.route_localnet: on if this or the interface's own is. */
  readonly routeLocalnet: boolean;
}

/** The configuration of one network namespace: immutable, replaced as a whole. What packets change (conntrack,
 *  counters) is in NetnsState. */
export interface Netns {
  readonly id: NetnsId;
  /** The machine it is on: a node's name; its own name for a host. */
  readonly machine: string;
  /** What a hop's first word says. */
  readonly label: string;
  readonly interfaces: readonly NetworkInterface[];
  /** The main table. */
  readonly routes: readonly Route[];
  /** In order of priority. */
  readonly rules?: readonly PolicyRule[];
  /** The other tables, by number. */
  readonly tables?: ReadonlyMap<number, readonly Route[]>;
  readonly neighbours?: readonly Neighbour[];
  readonly fdb?: readonly FdbEntry[];
  readonly listeners: readonly Listener[];
  readonly sysctls: Sysctls;
  /** `ipset`s, which rules may ask for members. */
  readonly sets?: IpSets;
  /** False: the machine is off. */
  readonly up: boolean;
}

export const HOST_SYSCTLS: Sysctls = {
  ipForward: false,
  bridgeNfCallIptables: false,
  rpFilter: 0,
  routeLocalnet: false,
};

export function findInterface(netns: Netns, name: string): NetworkInterface | undefined {
  return netns.interfaces.find((candidate) => candidate.name === name);
}
