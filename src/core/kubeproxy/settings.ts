import type { ClusterConfig } from "../api/cluster-config";
import type { Node } from "../api/types";
import { type Cidr, contains, parseCidr } from "../net/cidr";
import { type Ipv4, parseIpv4 } from "../net/ipv4";

/** How kube-proxy tells traffic of local pods from other traffic; absent: it cannot. */
export type LocalDetector =
  | { readonly kind: "source"; readonly range: Cidr }
  | { readonly kind: "in-interface"; readonly name: string };

/** KubeProxyConfiguration as the rules need it: the same for all nodes, save NodeCIDR detection. */
export interface ProxySettings {
  readonly mark: number;
  readonly masqueradeAll: boolean;
  readonly tcpBeLiberal: boolean;
  readonly localhostNodePorts: boolean;
  /** Absent: NodePorts on every local address. */
  readonly nodePortRanges?: readonly (Cidr | "primary")[];
  readonly detector: LocalDetector | "node-cidr" | undefined;
  readonly clusterCIDR: Cidr | undefined;
}

/** What kube-proxy knows of the node it runs on. */
export interface NodeView {
  readonly name: string;
  /** `topology.kubernetes.io/zone`; "" without the label. */
  readonly zone: string;
  readonly ip: Ipv4 | undefined;
  readonly podCIDR: Cidr | undefined;
}

const ZONE_LABEL = "topology.kubernetes.io/zone";
const LOOPBACK_NETWORK: Ipv4 = 0x7f000000;
const LOOPBACK_PREFIX = 127;

const settingsOf = new WeakMap<ClusterConfig, ProxySettings>();

export function proxySettings(config: ClusterConfig): ProxySettings {
  let settings = settingsOf.get(config);
  if (!settings) {
    settings = readSettings(config);
    settingsOf.set(config, settings);
  }
  return settings;
}

function readSettings(config: ClusterConfig): ProxySettings {
  const { iptables, conntrack, nodePortAddresses } = config.kubeProxy;
  const nodePortRanges = readNodePortRanges(nodePortAddresses);
  return {
    mark: (1 << iptables.masqueradeBit) >>> 0,
    masqueradeAll: iptables.masqueradeAll,
    tcpBeLiberal: conntrack.tcpBeLiberal,
    localhostNodePorts: iptables.localhostNodePorts && (nodePortRanges?.some(hasLoopback) ?? true),
    ...(nodePortRanges && { nodePortRanges }),
    detector: readDetector(config),
    clusterCIDR: firstIpv4Range(config.clusterCIDR),
  };
}

/** Absent when the list is empty or covers every address. */
function readNodePortRanges(
  texts: readonly string[] = [],
): readonly (Cidr | "primary")[] | undefined {
  const ranges = texts
    .map((text) => (text === "primary" ? text : parseCidr(text)))
    .filter((range) => range !== undefined);
  const all =
    ranges.length === 0 || ranges.some((range) => range !== "primary" && range.prefix === 0);
  return all ? undefined : ranges;
}

function hasLoopback(range: Cidr | "primary"): boolean {
  if (range === "primary") return false;
  return range.network >>> 24 === LOOPBACK_PREFIX || contains(range, LOOPBACK_NETWORK);
}

function readDetector(config: ClusterConfig): LocalDetector | "node-cidr" | undefined {
  const {
    detectLocalMode = "ClusterCIDR",
    detectLocal,
    clusterCIDR = defaultClusterCidr(config),
  } = config.kubeProxy;
  switch (detectLocalMode) {
    case "ClusterCIDR": {
      const range = firstIpv4Range(clusterCIDR);
      return range && { kind: "source", range };
    }
    case "NodeCIDR":
      return "node-cidr";
    case "BridgeInterface": {
      const name = detectLocal?.bridgeInterface;
      return name ? { kind: "in-interface", name } : undefined;
    }
    case "InterfaceNamePrefix": {
      const prefix = detectLocal?.interfaceNamePrefix;
      return prefix ? { kind: "in-interface", name: `${prefix}+` } : undefined;
    }
  }
}

/** Where pods have addresses of the VPC, their range tells nobody apart: EKS leaves the field empty. */
function defaultClusterCidr({ cni, clusterCIDR }: ClusterConfig): string {
  return cni === "aws-vpc" ? "" : clusterCIDR;
}

/** Dual-stack settings list one range per family. */
function firstIpv4Range(text: string): Cidr | undefined {
  for (const part of text.split(",")) {
    const range = parseCidr(part.trim());
    if (range) return range;
  }
  return undefined;
}

export function detectorOn(settings: ProxySettings, node: NodeView): LocalDetector | undefined {
  if (settings.detector !== "node-cidr") return settings.detector;
  return node.podCIDR && { kind: "source", range: node.podCIDR };
}

export function nodeView(node: Node): NodeView {
  const internal = node.status.addresses.find(
    ({ type, address }) => type === "InternalIP" && parseIpv4(address) !== undefined,
  );
  const podCIDRs = node.spec.podCIDRs ?? (node.spec.podCIDR ? [node.spec.podCIDR] : []);
  return {
    name: node.metadata.name,
    zone: node.metadata.labels?.[ZONE_LABEL] ?? "",
    ip: internal && parseIpv4(internal.address),
    podCIDR: podCIDRs.map(parseCidr).find((range) => range !== undefined),
  };
}

export function sameView(a: NodeView, b: NodeView): boolean {
  return (
    a.zone === b.zone &&
    a.ip === b.ip &&
    a.podCIDR?.network === b.podCIDR?.network &&
    a.podCIDR?.prefix === b.podCIDR?.prefix
  );
}
