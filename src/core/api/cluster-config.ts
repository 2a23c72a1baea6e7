import type { LagSettings } from "./lags";

/** The spec of a `kind: Scenario` with every default filled in. See docs/scenario-format.md. */
export interface ClusterConfig {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly seed: number;
  readonly clusterCIDR: string;
  readonly serviceCIDR: string;
  /** What kubelets write into pods' resolv.conf; absent: the tenth address of serviceCIDR. */
  readonly clusterDNS?: string;
  readonly cni: CniName;
  readonly podRoutes: "nodes" | "vpc";
  /** Multus calls the pod network's plugins, and those of further networks for pods that ask for them. */
  readonly multus: boolean;
  readonly cloud: "aws" | "ip" | "none";
  /** Public address of the NAT gateway; absent: the internet routes node addresses both ways, un-NATed. */
  readonly natGateway?: string;
  readonly addons: readonly ("kubernetes" | "coredns")[];
  readonly kubeProxy: KubeProxyConfig;
  readonly lags: LagSettings;
  readonly options: NodeOptions;
  /** What a reader may try first. */
  readonly suggestions?: readonly Suggestion[];
  /** Kept as they were written; those who use them check them. */
  readonly layout?: unknown;
  readonly lesson?: unknown;
}

/** A request to send, or a line for a terminal, there or on the laptop. What comes of it, nobody says but the cluster. */
export type Suggestion =
  | SuggestedRequest
  | { readonly title: string; readonly command: string; readonly from?: string };

export interface SuggestedRequest {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** What to ask a web server for: `shop.example.com/cart`. */
  readonly url?: string;
}

/** Pod networks to choose from; see kubelet/cni. */
export const CNI_NAMES = ["bridge", "vxlan", "calico", "aws-vpc"] as const;
export type CniName = (typeof CNI_NAMES)[number];

/** Fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1) that change the rules. */
export interface KubeProxyConfig {
  readonly mode: "iptables";
  /** Absent: the scenario's clusterCIDR. "": none, so no local-traffic detector by CIDR. */
  readonly clusterCIDR?: string;
  readonly detectLocalMode?: "ClusterCIDR" | "NodeCIDR" | "BridgeInterface" | "InterfaceNamePrefix";
  readonly detectLocal?: {
    readonly bridgeInterface?: string;
    readonly interfaceNamePrefix?: string;
  };
  readonly nodePortAddresses?: readonly string[];
  readonly iptables: {
    readonly masqueradeAll: boolean;
    readonly masqueradeBit: number;
    readonly localhostNodePorts: boolean;
    /** Microseconds. */
    readonly minSyncPeriodUs: number;
  };
  readonly conntrack: { readonly tcpBeLiberal: boolean };
}

export interface NodeOptions {
  readonly hairpinMode: boolean;
  readonly bridgeNfCallIptables: boolean;
  readonly rpFilter: 0 | 1 | 2;
  /** The cloud drops what a node sends or gets under addresses that are not its own. */
  readonly sourceDestCheck: boolean;
}

export const DEFAULT_CLUSTER_CONFIG: ClusterConfig = {
  name: "default",
  title: "",
  description: "",
  seed: 1,
  clusterCIDR: "10.244.0.0/16",
  serviceCIDR: "10.96.0.0/12",
  cni: "bridge",
  podRoutes: "nodes",
  multus: false,
  cloud: "aws",
  addons: ["kubernetes", "coredns"],
  kubeProxy: {
    mode: "iptables",
    iptables: {
      masqueradeAll: false,
      masqueradeBit: 14,
      localhostNodePorts: true,
      minSyncPeriodUs: 1_000_000,
    },
    conntrack: { tcpBeLiberal: false },
  },
  lags: {},
  options: { hairpinMode: true, bridgeNfCallIptables: true, rpFilter: 0, sourceDestCheck: false },
};

export const NODE_PORT_RANGE = { from: 30_000, to: 32_767 } as const;
