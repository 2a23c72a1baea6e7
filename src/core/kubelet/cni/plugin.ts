import type { ClusterConfig } from "../../api/cluster-config";
import type { IpSets } from "../../dataplane/netfilter/ipset";
import type { Chain, TableName } from "../../dataplane/netfilter/rules";
import type {
  FdbEntry,
  Neighbour,
  Netns,
  NetworkInterface,
  PolicyRule,
  Route,
} from "../../dataplane/netns";
import type { Ipv4 } from "../../net/ipv4";
import type { Allocation, NodeIpam } from "./host-local";
import type { CniNode } from "./node";
import type { PodNetwork } from "./pod-network";
import type { PodRef } from "./pod-ref";

/** What a node's tables hold because of the pod network. */
export interface NodeTables {
  readonly routes: readonly Route[];
  readonly rules?: readonly PolicyRule[];
  readonly tables?: ReadonlyMap<number, readonly Route[]>;
  readonly neighbours?: readonly Neighbour[];
  readonly fdb?: readonly FdbEntry[];
}

/** Chains of a node's rules; the rules of built-in chains are appended to what is there. */
export type NodeChains = { readonly [table in TableName]?: readonly Chain[] };

/** A machine outside the cluster that takes part in the pod network: the network's agent runs there, and no kubelet. */
export interface JoinedPlugin {
  /** Does it lease a range of the pod network, as its `podCidr`? */
  readonly leases: boolean;
  /** Beside lo and the machine's own card. */
  devices(host: CniNode): readonly NetworkInterface[];
  tables(host: CniNode, network: PodNetwork): NodeTables;
}

/** A pod that gets, or has, its main interface. */
export interface Attachment {
  readonly pod: PodRef;
  readonly node: CniNode;
  readonly ip: Ipv4;
  readonly hairpin: boolean;
  /** The node's addresses at this moment. */
  readonly ipam?: NodeIpam;
}

/** Both ends of a pod's interface: its own namespace, and its node's. */
export interface Attached {
  readonly host: Netns;
  readonly pod: Netns;
}

/** One way to make a pod network: what `spec.cni` chooses. */
export interface CniPlugin {
  /** A node's devices beside lo; one that is called eth0 stands for the machine's own. */
  devices(node: CniNode, config: ClusterConfig, ipam: NodeIpam): readonly NetworkInterface[];
  /** A node's tables without the rows that belong to single pods. */
  tables(node: CniNode, network: PodNetwork): NodeTables;
  /** What a machine outside the cluster needs to take part, without pods of its own; absent: nothing. */
  readonly joined?: JoinedPlugin;
  /** A node's rules before any pod is there. */
  chains(node: CniNode, config: ClusterConfig): NodeChains;
  sets?(config: ClusterConfig): IpSets;
  /** A node joins: what its agent takes beforehand. */
  join?(ipam: NodeIpam, node: CniNode, network: () => PodNetwork): NodeIpam;
  /** Is the address one of the node's own, that its tables lead to already? */
  owns(node: CniNode, ipam: NodeIpam, ip: Ipv4): boolean;
  /** The next address of a node. */
  allocate(ipam: NodeIpam, node: CniNode, network: () => PodNetwork): Allocation;
  /** Do devices or tables change with what was allocated? */
  isNetworkChange?(before: NodeIpam, after: NodeIpam, node: CniNode): boolean;
  /** CNI ADD: the veth pair, addresses and routes. */
  attach(host: Netns, attachment: Attachment, config: ClusterConfig): Attached;
  /** CNI DEL: succeeds also when things are gone. */
  detach(host: Netns, pod: PodRef): Netns;
  /** A node's chains that list its pods, as they are now. */
  podChains?(pods: readonly PodPort[]): NodeChains;
  isPodChain?(name: string): boolean;
}

/** The node's end of a pod's cable. */
export interface PodPort {
  readonly pod: PodRef;
  readonly dev: string;
}
