import type { Kind } from "./types";

export interface Resource {
  readonly kind: Kind;
  readonly apiVersion: string;
  /** "" for the core group. */
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

function resource(kind: Kind, apiVersion: string, plural: string, namespaced = true): Resource {
  const slash = apiVersion.indexOf("/");
  return {
    kind,
    apiVersion,
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    plural,
    namespaced,
  };
}

const RESOURCES: Readonly<Record<Kind, Resource>> = {
  Namespace: resource("Namespace", "v1", "namespaces", false),
  Node: resource("Node", "v1", "nodes", false),
  Pod: resource("Pod", "v1", "pods"),
  Deployment: resource("Deployment", "apps/v1", "deployments"),
  ReplicaSet: resource("ReplicaSet", "apps/v1", "replicasets"),
  DaemonSet: resource("DaemonSet", "apps/v1", "daemonsets"),
  Service: resource("Service", "v1", "services"),
  Ingress: resource("Ingress", "networking.k8s.io/v1", "ingresses"),
  EndpointSlice: resource("EndpointSlice", "discovery.k8s.io/v1", "endpointslices"),
  Endpoints: resource("Endpoints", "v1", "endpoints"),
  Event: resource("Event", "v1", "events"),
  NetworkAttachmentDefinition: resource(
    "NetworkAttachmentDefinition",
    "k8s.cni.cncf.io/v1",
    "network-attachment-definitions",
  ),
  Host: resource("Host", "kubehop.dev/v1alpha1", "hosts", false),
  SecurityGroup: resource("SecurityGroup", "kubehop.dev/v1alpha1", "securitygroups", false),
};

export function resourceOf(kind: Kind): Resource {
  return RESOURCES[kind];
}

export function findResource(apiVersion: string, kind: string): Resource | undefined {
  if (!Object.hasOwn(RESOURCES, kind)) return undefined;
  const found = RESOURCES[kind as Kind];
  return found.apiVersion === apiVersion ? found : undefined;
}

/** `deployments.apps`, as in `deployments.apps "web" not found`. */
export function qualifiedPlural(kind: Kind): string {
  const { plural, group } = RESOURCES[kind];
  return group === "" ? plural : `${plural}.${group}`;
}

/** `Deployment.apps`, as in `Deployment.apps "web" is invalid`. */
export function qualifiedKind(kind: Kind): string {
  const { group } = RESOURCES[kind];
  return group === "" ? kind : `${kind}.${group}`;
}

/** `deployment.apps/web`, as kubectl names an object in its answers. */
export function formatObjectName(kind: Kind, name: string): string {
  return `${qualifiedKind(kind).toLowerCase()}/${name}`;
}
