/** Kubernetes objects, as far as they matter to the network. Fields that we do not model are kept as they came
 *  (an object is plain JSON), so that what goes in comes out. Names and shapes: Kubernetes API v1.32. */

import type { KubeEvent, Namespace, Node } from "./types/cluster";
import type { EndpointSlice, Endpoints } from "./types/endpoints";
import type { Ingress } from "./types/ingress";
import type { Host, NetworkAttachmentDefinition, SecurityGroup } from "./types/machine";
import type { Pod } from "./types/pod";
import type { Service } from "./types/service";
import type { DaemonSet, Deployment, ReplicaSet } from "./types/workload";

export type * from "./types/cluster";
export type * from "./types/endpoints";
export type * from "./types/ingress";
export type * from "./types/machine";
export type * from "./types/meta";
export type * from "./types/pod";
export type * from "./types/service";
export type * from "./types/workload";

export interface KindMap {
  Namespace: Namespace;
  Node: Node;
  Pod: Pod;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  DaemonSet: DaemonSet;
  Service: Service;
  Ingress: Ingress;
  EndpointSlice: EndpointSlice;
  Endpoints: Endpoints;
  Event: KubeEvent;
  Host: Host;
  SecurityGroup: SecurityGroup;
  NetworkAttachmentDefinition: NetworkAttachmentDefinition;
}

export type Kind = keyof KindMap;
export type KubeObject = KindMap[Kind];

export const KINDS: readonly Kind[] = [
  "Namespace",
  "Node",
  "Pod",
  "Deployment",
  "ReplicaSet",
  "DaemonSet",
  "Service",
  "Ingress",
  "EndpointSlice",
  "Endpoints",
  "Event",
  "Host",
  "SecurityGroup",
  "NetworkAttachmentDefinition",
];

/** `Kind/namespace/name`, or `Kind/name` when cluster-scoped: the key of an object everywhere. */
export type ObjectKey = string;

export function objectKey(object: {
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string };
}): ObjectKey {
  return keyOf(object.kind, object.metadata.namespace, object.metadata.name);
}

export function keyOf(kind: string, namespace: string, name: string): ObjectKey {
  return namespace === "" ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
