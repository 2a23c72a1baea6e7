import { any, bool, int32, list, named, openStruct, string, strings, struct } from "../schema";
import { TYPE_META } from "./meta";
import { CONDITIONS } from "./pod";

const OBJECT_REFERENCE = openStruct("v1.ObjectReference", {
  kind: string,
  namespace: string,
  name: string,
  uid: string,
});

export const NAMESPACE = struct("v1.Namespace", {
  ...TYPE_META,
  spec: struct("v1.NamespaceSpec", { finalizers: strings }),
  status: openStruct("v1.NamespaceStatus", { phase: named("v1.NamespacePhase") }),
});

export const NODE = struct("v1.Node", {
  ...TYPE_META,
  spec: struct("v1.NodeSpec", {
    podCIDR: string,
    podCIDRs: strings,
    providerID: string,
    unschedulable: bool,
    taints: list(
      struct("v1.Taint", {
        key: string,
        value: string,
        effect: named("v1.TaintEffect"),
        timeAdded: string,
      }),
    ),
    configSource: any,
    externalID: string,
  }),
  status: openStruct("v1.NodeStatus", {
    addresses: list(
      struct("v1.NodeAddress", { type: named("v1.NodeAddressType"), address: string }),
    ),
    conditions: CONDITIONS("v1.NodeCondition"),
  }),
});

const HINTS = list(struct("v1.Hint", { name: string }));

export const ENDPOINT_SLICE = struct("v1.EndpointSlice", {
  ...TYPE_META,
  addressType: named("v1.AddressType"),
  endpoints: list(
    struct("v1.Endpoint", {
      addresses: strings,
      conditions: struct("v1.EndpointConditions", {
        ready: bool,
        serving: bool,
        terminating: bool,
      }),
      hostname: string,
      targetRef: OBJECT_REFERENCE,
      deprecatedTopology: any,
      nodeName: string,
      zone: string,
      hints: struct("v1.EndpointHints", { forZones: HINTS, forNodes: HINTS }),
    }),
  ),
  ports: list(
    struct("v1.EndpointPort", {
      name: string,
      protocol: named("v1.Protocol"),
      port: int32,
      appProtocol: string,
    }),
  ),
});

const ENDPOINT_ADDRESSES = list(
  struct("v1.EndpointAddress", {
    ip: string,
    hostname: string,
    nodeName: string,
    targetRef: OBJECT_REFERENCE,
  }),
);

export const ENDPOINTS = struct("v1.Endpoints", {
  ...TYPE_META,
  subsets: list(
    struct("v1.EndpointSubset", {
      addresses: ENDPOINT_ADDRESSES,
      notReadyAddresses: ENDPOINT_ADDRESSES,
      ports: list(
        struct("v1.EndpointPort", {
          name: string,
          port: int32,
          protocol: named("v1.Protocol"),
          appProtocol: string,
        }),
      ),
    }),
  ),
});

export const EVENT = openStruct("v1.Event", {
  ...TYPE_META,
  involvedObject: OBJECT_REFERENCE,
  type: string,
  reason: string,
  message: string,
  source: openStruct("v1.EventSource", { component: string, host: string }),
  count: int32,
  firstTimestamp: string,
  lastTimestamp: string,
});

export const NETWORK_ATTACHMENT_DEFINITION = struct("v1.NetworkAttachmentDefinition", {
  ...TYPE_META,
  spec: struct("v1.NetworkAttachmentDefinitionSpec", { config: string }),
});

export const HOST = struct("v1alpha1.Host", {
  ...TYPE_META,
  spec: struct("v1alpha1.HostSpec", {
    zone: string,
    ip: string,
    hostnames: strings,
    listens: list(struct("v1alpha1.HostListen", { protocol: named("v1.Protocol"), port: int32 })),
    publicIP: string,
    podNetwork: bool,
  }),
});

const SECURITY_GROUP_RULES = list(
  struct("v1alpha1.SecurityGroupRule", {
    protocol: string,
    fromPort: int32,
    toPort: int32,
    cidr: string,
    sourceGroup: string,
    description: string,
  }),
);

export const SECURITY_GROUP_SPEC = {
  description: string,
  attachedTo: strings,
  ingress: SECURITY_GROUP_RULES,
  egress: SECURITY_GROUP_RULES,
} as const;

export const SECURITY_GROUP = struct("v1alpha1.SecurityGroup", {
  ...TYPE_META,
  spec: struct("v1alpha1.SecurityGroupSpec", SECURITY_GROUP_SPEC),
});
