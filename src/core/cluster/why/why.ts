import type { ObjectKey } from "../../api/types";
import type { PlaceId } from "../../trace/place";
import type { SharedEdit } from "../command";

/** What is behind a request that came to nothing. The names are stable: docs/verdicts.md has a row for each, and links,
 *  scripts and tests go by them. */
export const WHY_CODES = [
  // A Service and its endpoints.
  "SelectorMatchesNothing",
  "NoPods",
  "NoSelectorNoEndpoints",
  "EndpointPortMissing",
  "TargetPortNameMissing",
  "EndpointsNotReady",
  "EndpointsOnDeadNode",
  "EndpointsBehind",
  "KubeProxyStopped",
  "KubeProxyBehind",
  "WrongTargetPort",
  // A Service and the request.
  "NoSuchServicePort",
  "ServiceOtherProtocol",
  "ClusterIpPinged",
  "ClusterIpFromOutside",
  "NodePortOtherProtocol",
  "NoServiceOnNodePort",
  "ExternalTrafficPolicyLocal",
  "InternalTrafficPolicyLocal",
  "SourceRangeRefused",
  "NotANodePort",
  "NotALoadBalancer",
  "LoadBalancerPending",
  "LoadBalancerPortUnknown",
  "NoHealthyTargets",
  "ServiceUnknown",
  // Pods, containers, machines.
  "PodUnknown",
  "PodStarting",
  "PodTerminating",
  "PodFailed",
  "PodUnschedulable",
  "HostPortClash",
  "NoAddressLeft",
  "ContainerDown",
  "ContainerPortClash",
  "NothingListens",
  "ListensOnLocalhost",
  "NodeDown",
  "InterfaceDown",
  // Ways and addresses.
  "PodCidrNotRouted",
  "PodIpFromInternet",
  "NobodyHasAddress",
  "ConntrackToGonePod",
  "NoRoute",
  "NotForwarding",
  "SourceDestCheck",
  "RpFilter",
  "MartianAddress",
  "NoHairpin",
  "TunnelUnknown",
  "NoNatMapping",
  "TtlExceeded",
  "ReplyFromStranger",
  "ReplyLost",
  // Rules of somebody.
  "NetfilterRule",
  "PortsExhausted",
  "SecurityGroupClosed",
  "ConnectionReset",
  // Names.
  "DnsNxdomain",
  "DnsWrongNamespace",
  "DnsNotTheClusters",
  "ExternalNameUnknown",
  "DnsNoData",
  "DnsServfail",
  "DnsTimeout",
  "DnsRefused",
  "NotModelled",
] as const;

export type WhyCode = (typeof WHY_CODES)[number];

/** A line for the laptop's terminal, and what in its output matters. */
export interface Look {
  readonly command: string;
  /** Where it looks: `laptop`, `node/NAME`, `pod/NAMESPACE/NAME`, `host/NAME`. */
  readonly place: string;
  /** Part of its output. */
  readonly shows: string;
}

/** What would make the request arrive. */
export interface Fix {
  readonly title: string;
  /** Carried out one after the other; each can be taken back. */
  readonly edits?: readonly SharedEdit[];
  /** A line for the laptop's terminal, where there is no edit for it. */
  readonly command?: string;
  /** The request as it should be. */
  readonly send?: { readonly from: string; readonly to: string };
}

/** The line of a table that decided. */
export interface Evidence {
  readonly what: "rule" | "route" | "conntrack entry" | "event" | "message";
  readonly text: string;
  /** Of whose table. */
  readonly node?: string;
}

/** Why a request came to nothing: worked out from the world at that moment, the request's hops, and the objects. */
export interface WhyNot {
  readonly code: WhyCode;
  readonly place: PlaceId;
  readonly title: string;
  /** One or two sentences that name the real objects. */
  readonly cause: string;
  readonly evidence?: Evidence;
  /** The objects that are named, the most telling first. */
  readonly objects: readonly ObjectKey[];
  readonly look: readonly Look[];
  readonly fix: readonly Fix[];
}

/** A verdict without its place, which whoever asks knows. */
export type Finding = Omit<WhyNot, "place" | "objects" | "look" | "fix"> & {
  readonly objects?: readonly ObjectKey[];
  readonly look?: readonly Look[];
  readonly fix?: readonly Fix[];
};

export function placed(finding: Finding, place: PlaceId): WhyNot {
  const { objects = [], look = [], fix = [] } = finding;
  return { ...finding, place, objects: [...new Set(objects)], look, fix };
}
