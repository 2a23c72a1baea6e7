import {
  type ClusterConfig,
  CNI_NAMES,
  type CniName,
  DEFAULT_CLUSTER_CONFIG,
  type KubeProxyConfig,
  type NodeOptions,
} from "../core/api/cluster-config";
import { compact } from "../core/api/json";
import { isCidr, NOT_A_CIDR } from "../core/api/validation/addresses";
import { type FieldError, invalid, unsupported } from "../core/api/validation/field-error";
import { cidr, formatCidr, overlaps, parseCidr } from "../core/net/cidr";
import { parseIpv4 } from "../core/net/ipv4";
import { parseDurationUs } from "./duration";
import { lagsOf } from "./lags";
import type { KubeProxySpec, NodeOptionsSpec, ScenarioSpec } from "./scenario-spec";
import { suggestionsOf } from "./suggestions";

/** A node's share of the pod network. */
export const NODE_PREFIX = 24;
/** kube-apiserver: "the mask must be >= 12", "must be at least 8 IP addresses". */
const SERVICE_PREFIXES = { shortest: 12, longest: 29 };

const NOT_AN_IPV4_CIDR = "must be a valid IPv4 CIDR, (e.g. 10.244.0.0/16)";

/** The spec with defaults filled in, and what is wrong with it. With errors the defaults stand in. */
export function clusterConfigOf(
  name: string | undefined,
  spec: ScenarioSpec,
): { readonly config: ClusterConfig; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const defaults = DEFAULT_CLUSTER_CONFIG;
  const choose = <T extends string>(
    field: string,
    value: string | undefined,
    allowed: readonly T[],
    fallback: T,
  ): T => {
    if (value === undefined) return fallback;
    const found = allowed.find((one) => one === value);
    if (found === undefined) errors.push(unsupported(field, value, allowed));
    return found ?? fallback;
  };
  const clusterCIDR = checkClusterCidr(spec.clusterCIDR ?? defaults.clusterCIDR, errors);
  const serviceCIDR = checkServiceCidr(spec.serviceCIDR ?? defaults.serviceCIDR, errors);
  if (clusterCIDR && serviceCIDR && overlaps(cidr(clusterCIDR), cidr(serviceCIDR))) {
    const field = spec.serviceCIDR === undefined ? "spec.clusterCIDR" : "spec.serviceCIDR";
    const [value, other] =
      field === "spec.serviceCIDR"
        ? [serviceCIDR, `clusterCIDR ${clusterCIDR}`]
        : [clusterCIDR, `serviceCIDR ${serviceCIDR}`];
    errors.push(invalid(field, value, `must not overlap ${other}`));
  }
  if (spec.natGateway !== undefined && parseIpv4(spec.natGateway) === undefined) {
    errors.push(invalid("spec.natGateway", spec.natGateway, "must be a valid IPv4 address"));
  }
  const cni = choose("spec.cni", spec.cni, CNI_NAMES, defaults.cni);
  const config: ClusterConfig = compact({
    ...defaults,
    name: name ?? defaults.name,
    title: spec.title ?? defaults.title,
    description: spec.description ?? defaults.description,
    seed: spec.seed ?? defaults.seed,
    clusterCIDR: clusterCIDR ?? defaults.clusterCIDR,
    serviceCIDR: serviceCIDR ?? defaults.serviceCIDR,
    cni,
    multus: spec.multus ?? defaults.multus,
    podRoutes: choose("spec.podRoutes", spec.podRoutes, ["nodes", "vpc"], defaults.podRoutes),
    cloud: choose("spec.cloud", spec.cloud, ["aws", "ip", "none"], defaults.cloud),
    natGateway: spec.natGateway,
    addons: spec.addons
      ? spec.addons.map((addon, index) =>
          choose(`spec.addons[${index}]`, addon, ["kubernetes", "coredns"], "kubernetes"),
        )
      : defaults.addons,
    kubeProxy: kubeProxyOf(spec.kubeProxy ?? {}, errors),
    lags: lagsOf(spec.lags, errors),
    options: nodeOptionsOf(spec.nodeOptions ?? {}, cni, errors),
    suggestions: suggestionsOf(spec.suggestions, errors),
    layout: spec.layout,
    lesson: spec.lesson,
  });
  return { config, errors };
}

function checkClusterCidr(text: string, errors: FieldError[]): string | undefined {
  const range = parseCidr(text);
  const field = "spec.clusterCIDR";
  if (!range) errors.push(invalid(field, text, NOT_AN_IPV4_CIDR));
  else if (range.prefix > NODE_PREFIX) {
    errors.push(invalid(field, text, `must hold at least one /${NODE_PREFIX}, a node's pod CIDR`));
  } else return formatCidr(range);
}

function checkServiceCidr(text: string, errors: FieldError[]): string | undefined {
  const range = parseCidr(text);
  const field = "spec.serviceCIDR";
  const { shortest, longest } = SERVICE_PREFIXES;
  if (!range) errors.push(invalid(field, text, NOT_AN_IPV4_CIDR));
  else if (range.prefix < shortest || range.prefix > longest) {
    errors.push(invalid(field, text, `the prefix must be between ${shortest} and ${longest}`));
  } else return formatCidr(range);
}

const RP_FILTERS = [0, 1, 2] as const;

/** Off where pods' addresses travel between machines as they are, as whoever sets such a network up switches it off. */
function checksSources(cni: CniName): boolean {
  return cni === "vxlan" || cni === "aws-vpc";
}

function nodeOptionsOf(spec: NodeOptionsSpec, cni: CniName, errors: FieldError[]): NodeOptions {
  const defaults = DEFAULT_CLUSTER_CONFIG.options;
  const rpFilter = RP_FILTERS.find((one) => one === (spec.rpFilter ?? defaults.rpFilter));
  if (rpFilter === undefined) {
    errors.push(invalid("spec.nodeOptions.rpFilter", spec.rpFilter ?? "", "must be 0, 1 or 2"));
  }
  return {
    hairpinMode: spec.hairpinMode ?? defaults.hairpinMode,
    bridgeNfCallIptables: spec.bridgeNfCallIptables ?? defaults.bridgeNfCallIptables,
    rpFilter: rpFilter ?? defaults.rpFilter,
    sourceDestCheck: spec.sourceDestCheck ?? checksSources(cni),
  };
}

const DETECT_MODES = ["ClusterCIDR", "NodeCIDR", "BridgeInterface", "InterfaceNamePrefix"] as const;

function kubeProxyOf(spec: KubeProxySpec, errors: FieldError[]): KubeProxyConfig {
  const defaults = DEFAULT_CLUSTER_CONFIG.kubeProxy;
  const at = "spec.kubeProxy";
  const {
    mode,
    clusterCIDR,
    detectLocalMode,
    detectLocal,
    nodePortAddresses,
    iptables = {},
  } = spec;
  if (mode && mode !== "iptables") errors.push(unsupported(`${at}.mode`, mode, ["iptables"]));
  if (clusterCIDR && !parseCidr(clusterCIDR)) {
    errors.push(invalid(`${at}.clusterCIDR`, clusterCIDR, NOT_AN_IPV4_CIDR));
  }
  const detect = DETECT_MODES.find((one) => one === detectLocalMode);
  if (detectLocalMode && !detect) {
    errors.push(unsupported(`${at}.detectLocalMode`, detectLocalMode, DETECT_MODES));
  }
  for (const [name, needed] of [
    ["bridgeInterface", detect === "BridgeInterface"],
    ["interfaceNamePrefix", detect === "InterfaceNamePrefix"],
  ] as const) {
    if (needed && !detectLocal?.[name]) {
      const detail = `must not be empty when detectLocalMode is ${detect}`;
      errors.push(invalid(`${at}.detectLocal.${name}`, "", detail));
    }
  }
  for (const [index, range] of (nodePortAddresses ?? []).entries()) {
    if (range === "primary" ? nodePortAddresses?.length === 1 : isCidr(range)) continue;
    errors.push(invalid(`${at}.nodePortAddresses[${index}]`, range, NOT_A_CIDR));
  }
  const bit = iptables.masqueradeBit ?? defaults.iptables.masqueradeBit;
  if (bit < 0 || bit > 31) {
    errors.push(invalid(`${at}.iptables.masqueradeBit`, bit, "must be within the range [0, 31]"));
  }
  const period = iptables.minSyncPeriod;
  const periodUs =
    period === undefined ? defaults.iptables.minSyncPeriodUs : parseDurationUs(period);
  if (periodUs === undefined) {
    errors.push(
      invalid(
        `${at}.iptables.minSyncPeriod`,
        period ?? "",
        "must be a duration, (e.g. 1s or 500ms)",
      ),
    );
  }
  return compact({
    mode: "iptables" as const,
    clusterCIDR,
    detectLocalMode: detect,
    detectLocal,
    nodePortAddresses,
    iptables: {
      masqueradeAll: iptables.masqueradeAll ?? defaults.iptables.masqueradeAll,
      masqueradeBit: bit,
      localhostNodePorts: iptables.localhostNodePorts ?? defaults.iptables.localhostNodePorts,
      minSyncPeriodUs: periodUs ?? defaults.iptables.minSyncPeriodUs,
    },
    conntrack: { tcpBeLiberal: spec.conntrack?.tcpBeLiberal ?? defaults.conntrack.tcpBeLiberal },
  });
}
