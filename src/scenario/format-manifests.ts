import { compact, fieldOf, isList } from "../core/api/json";
import type { Store } from "../core/api/store";
import {
  type KubeObject,
  type ObjectKey,
  objectKey,
  type Service,
  type ServicePort,
} from "../core/api/types";
import { formatManifest } from "./format-manifest";
import { isHandMade, SYSTEM_NAMESPACES } from "./format-scenario";

/** In an order in which they can be applied. Machines are not for `kubectl apply`. */
const ORDER = [
  "Namespace",
  "NetworkAttachmentDefinition",
  "DaemonSet",
  "Deployment",
  "ReplicaSet",
  "Pod",
  "Service",
  "Ingress",
  "Endpoints",
  "EndpointSlice",
] as const;

const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

/** The manifest that somebody last applied for an object. */
export type LastApplied = (key: ObjectKey) => unknown;

/** The user's objects as another cluster takes them with `kubectl apply`: without what servers and controllers write
 *  there themselves, and without the cluster's own (kube-system, the Service kubernetes). */
export function formatManifests(store: Store, lastApplied: LastApplied): string {
  const objects = ORDER.flatMap((kind) =>
    [...store.list(kind)].filter((object) => isUsers(object, store)),
  );
  return objects.map((object) => formatManifest(declared(object, lastApplied))).join("---\n");
}

function isUsers(object: KubeObject, store: Store): boolean {
  const { namespace, name, ownerReferences = [], deletionTimestamp, labels } = object.metadata;
  if (ownerReferences.length > 0 || deletionTimestamp || namespace === "kube-system") return false;
  switch (object.kind) {
    case "Namespace":
      return !SYSTEM_NAMESPACES.includes(name);
    case "Endpoints":
      return !isKubernetes(namespace, name) && isHandMade(object, store);
    case "EndpointSlice":
      return !isKubernetes(namespace, name) && labels?.[MANAGED_BY] === undefined;
    default:
      return !isKubernetes(namespace, name);
  }
}

/** The API server's own Service. */
function isKubernetes(namespace: string, name: string): boolean {
  return namespace === "default" && name === "kubernetes";
}

function declared(object: KubeObject, lastApplied: LastApplied): object {
  const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
  const { name, namespace, labels, annotations } = object.metadata;
  const last = lastApplied(objectKey(object));
  const manifest = {
    ...rest,
    metadata: compact({
      name,
      namespace,
      labels: without(labels, "kubernetes.io/metadata.name"),
      annotations: without(annotations, "deployment.kubernetes.io/revision"),
      finalizers: fieldOf(fieldOf(last, "metadata"), "finalizers"),
    }),
  };
  if (object.kind === "Service") return { ...manifest, spec: serviceSpec(object.spec, last) };
  if (object.kind !== "Pod") return manifest;
  const { nodeName, ...spec } = object.spec;
  const chosen = fieldOf(fieldOf(last, "spec"), "nodeName");
  return { ...manifest, spec: chosen === undefined ? spec : { ...spec, nodeName } };
}

/** What a server wrote among the user's own: every namespace's name, every Deployment's revision. */
function without(pairs: Readonly<Record<string, string>> | undefined, servers: string) {
  const entries = Object.entries(pairs ?? {}).filter(([name]) => name !== servers);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Addresses and node ports are the other cluster's to choose, where the author did not. */
function serviceSpec(spec: Service["spec"], last: unknown): object {
  const { clusterIP, clusterIPs: _, ipFamilies: __, healthCheckNodePort, ...rest } = spec;
  const lastSpec = fieldOf(last, "spec");
  return compact({
    ...rest,
    clusterIP: clusterIP === "None" ? clusterIP : undefined,
    healthCheckNodePort: fieldOf(lastSpec, "healthCheckNodePort") && healthCheckNodePort,
    ports: spec.ports?.map((port) => withChosenPort(port, lastSpec)),
  });
}

function withChosenPort(port: ServicePort, lastSpec: unknown): ServicePort {
  const { nodePort, ...rest } = port;
  const ports = fieldOf(lastSpec, "ports");
  const isChosen = isList(ports) && ports.some((one) => fieldOf(one, "nodePort") === nodePort);
  return isChosen && nodePort !== undefined ? port : rest;
}
