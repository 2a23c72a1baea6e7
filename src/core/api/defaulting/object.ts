import type { DecodedManifest } from "../decode";
import { compact, isList, isObject } from "../json";
import { resourceOf } from "../resources";
import type {
  DaemonSet,
  Deployment,
  EndpointSlice,
  Endpoints,
  Ingress,
  KubeEvent,
  KubeObject,
  NetworkAttachmentDefinition,
  Node,
  ObjectMeta,
  Pod,
  ReplicaSet,
  Service,
} from "../types";
import { defaultPodSpec, defaultPodTemplate } from "./pod";
import { defaultSecurityGroupSpec } from "./security-group";
import { defaultServiceSpec } from "./service";

const DEPLOYMENT_DEFAULTS = { progressDeadlineSeconds: 600, revisionHistoryLimit: 10 };
const DAEMON_SET_DEFAULTS = {
  revisionHistoryLimit: 10,
  updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
};

/** A decoded manifest as an object of its kind, defaults filled in. It may still be invalid. */
export function defaultObject(manifest: DecodedManifest): KubeObject {
  const metadata = defaultMeta(manifest);
  switch (manifest.kind) {
    case "Namespace":
      return { ...typed(manifest, "Namespace", "v1"), metadata, status: { phase: "Active" } };
    case "Node": {
      const status = partial<Node["status"]>(manifest.status);
      return {
        ...typed(manifest, "Node", "v1"),
        metadata,
        spec: partial<Node["spec"]>(manifest.spec),
        status: {
          ...status,
          addresses: status.addresses ?? [],
          conditions: status.conditions ?? [],
        },
      };
    }
    case "Pod": {
      const status = partial<Pod["status"]>(manifest.status);
      return {
        ...typed(manifest, "Pod", "v1"),
        metadata,
        spec: defaultPodSpec(partial(manifest.spec)),
        status: { ...status, phase: status.phase ?? "Pending" },
      };
    }
    case "Deployment": {
      const spec = partial<Deployment["spec"]>(manifest.spec);
      return {
        ...typed(manifest, "Deployment", "apps/v1"),
        metadata,
        spec: {
          ...DEPLOYMENT_DEFAULTS,
          ...spec,
          ...workload(spec),
          strategy: defaultStrategy(spec.strategy),
        },
      };
    }
    case "ReplicaSet": {
      const spec = partial<ReplicaSet["spec"]>(manifest.spec);
      return {
        ...typed(manifest, "ReplicaSet", "apps/v1"),
        metadata,
        spec: { ...spec, ...workload(spec) },
      };
    }
    case "DaemonSet": {
      const spec = partial<DaemonSet["spec"]>(manifest.spec);
      return {
        ...typed(manifest, "DaemonSet", "apps/v1"),
        metadata,
        spec: {
          ...DAEMON_SET_DEFAULTS,
          ...spec,
          selector: spec.selector as DaemonSet["spec"]["selector"],
          template: defaultPodTemplate(spec.template),
        },
      };
    }
    case "Service": {
      const status = partial<Service["status"]>(manifest.status);
      return {
        ...typed(manifest, "Service", "v1"),
        metadata,
        spec: defaultServiceSpec(partial(manifest.spec)),
        status: { ...status, loadBalancer: status.loadBalancer ?? {} },
      };
    }
    case "Ingress": {
      const status = partial<Ingress["status"]>(manifest.status);
      return {
        ...typed(manifest, "Ingress", "networking.k8s.io/v1"),
        metadata,
        spec: partial<Ingress["spec"]>(manifest.spec),
        status: { ...status, loadBalancer: status.loadBalancer ?? {} },
      };
    }
    case "EndpointSlice":
      return {
        ...typed(manifest, "EndpointSlice", "discovery.k8s.io/v1"),
        metadata,
        ...slice(manifest),
      };
    case "Endpoints":
      return { ...typed(manifest, "Endpoints", "v1"), metadata, ...subsets(manifest) };
    case "Event":
      return defaultEvent(manifest, metadata);
    case "NetworkAttachmentDefinition":
      return {
        ...typed(manifest, "NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1"),
        metadata,
        spec: partial<NetworkAttachmentDefinition["spec"]>(manifest.spec),
      };
    case "Host":
      return {
        ...typed(manifest, "Host", "kubehop.dev/v1alpha1"),
        metadata,
        spec: hostSpec(manifest.spec),
      };
    case "SecurityGroup":
      return {
        ...typed(manifest, "SecurityGroup", "kubehop.dev/v1alpha1"),
        metadata,
        spec: defaultSecurityGroupSpec(partial(manifest.spec)),
      };
  }
}

function defaultMeta({ kind, metadata }: DecodedManifest): ObjectMeta {
  const namespaced = resourceOf(kind).namespaced;
  return {
    ...metadata,
    name: metadata.name ?? "",
    namespace: namespaced ? metadata.namespace || "default" : "",
    uid: metadata.uid ?? "",
    resourceVersion: metadata.resourceVersion ?? "",
  };
}

function typed<K extends string, V extends string>(
  manifest: DecodedManifest,
  kind: K,
  apiVersion: V,
) {
  return { ...manifest, apiVersion, kind };
}

/** The decoder saw to the types of the fields that are there. */
function partial<T>(value: unknown): Partial<T> {
  return isObject(value) ? (value as Partial<T>) : {};
}

function listOf<T>(value: unknown): readonly Partial<T>[] {
  return isList(value) ? (value as readonly Partial<T>[]) : [];
}

/** A missing selector stays missing: validation says so. */
function workload(spec: Partial<ReplicaSet["spec"]>) {
  return {
    replicas: spec.replicas ?? 1,
    selector: spec.selector as ReplicaSet["spec"]["selector"],
    template: defaultPodTemplate(spec.template),
  };
}

function defaultStrategy(given: Deployment["spec"]["strategy"]): Deployment["spec"]["strategy"] {
  const type = given?.type ?? "RollingUpdate";
  if (type !== "RollingUpdate") return { ...given, type };
  return {
    type,
    rollingUpdate: {
      maxSurge: given?.rollingUpdate?.maxSurge ?? "25%",
      maxUnavailable: given?.rollingUpdate?.maxUnavailable ?? "25%",
    },
  };
}

function slice(
  manifest: DecodedManifest,
): Pick<EndpointSlice, "addressType" | "endpoints" | "ports"> {
  type Slice = EndpointSlice;
  return {
    addressType: (manifest.addressType ?? "") as Slice["addressType"],
    endpoints: listOf<Slice["endpoints"][number]>(manifest.endpoints).map((endpoint) => ({
      ...endpoint,
      addresses: endpoint.addresses ?? [],
    })),
    ports: listOf<Slice["ports"][number]>(manifest.ports).map((port) => ({
      ...port,
      name: port.name ?? "",
      protocol: port.protocol ?? "TCP",
    })),
  };
}

function subsets(manifest: DecodedManifest): Pick<Endpoints, "subsets"> {
  type Subset = NonNullable<Endpoints["subsets"]>[number];
  if (manifest.subsets === undefined) return {};
  return {
    subsets: listOf<Subset>(manifest.subsets).map((subset) =>
      compact({
        ...subset,
        addresses: subset.addresses?.map((address) => ({ ...address, ip: address.ip ?? "" })),
        notReadyAddresses: subset.notReadyAddresses?.map((address) => ({
          ...address,
          ip: address.ip ?? "",
        })),
        ports: subset.ports?.map((port) => ({
          ...port,
          port: port.port ?? 0,
          protocol: port.protocol ?? "TCP",
        })),
      }),
    ),
  };
}

function hostSpec(value: unknown) {
  const spec = partial<Extract<KubeObject, { kind: "Host" }>["spec"]>(value);
  return {
    ...spec,
    zone: spec.zone ?? "internet",
    ip: spec.ip ?? "",
    ...(spec.listens && {
      listens: spec.listens.map((listen) => ({
        protocol: listen.protocol ?? ("TCP" as const),
        port: listen.port ?? 0,
      })),
    }),
  };
}

function defaultEvent(manifest: DecodedManifest, metadata: ObjectMeta): KubeEvent {
  const event = partial<KubeEvent>(manifest);
  const about = partial<KubeEvent["involvedObject"]>(manifest.involvedObject);
  return {
    ...typed(manifest, "Event", "v1"),
    metadata,
    involvedObject: {
      ...about,
      kind: about.kind ?? "",
      namespace: about.namespace ?? "",
      name: about.name ?? "",
    },
    type: event.type === "Warning" ? "Warning" : "Normal",
    reason: event.reason ?? "",
    message: event.message ?? "",
    source: { ...event.source, component: event.source?.component ?? "" },
    count: event.count ?? 1,
    firstTimestamp: event.firstTimestamp ?? "",
    lastTimestamp: event.lastTimestamp ?? "",
  };
}
