import type { FormKind, Preset } from "../../stores/edit";
import { type MirrorRecords, objectsOf } from "../../stores/mirror";
import type { Json } from "./manifest";

/** What somebody who adds an object most likely wants: it can be created as it is. */
export function newManifest(kind: FormKind, records: MirrorRecords, preset: Preset = {}): Json {
  const name = freeName(kind, records);
  switch (kind) {
    case "Namespace":
      return { apiVersion: "v1", kind, metadata: { name } };
    case "Node":
      return { apiVersion: "v1", kind, metadata: { name } };
    case "Host": {
      const zone = preset.zone ?? "internet";
      const spec = { zone, ip: freeHostIp(zone, records) };
      return { apiVersion: "kubehop.dev/v1alpha1", kind, metadata: { name }, spec };
    }
    case "SecurityGroup": {
      const attachedTo = [preset.attachedTo ?? "node/*"];
      const ssh = { protocol: "TCP", fromPort: 22, toPort: 22, cidr: "0.0.0.0/0" };
      const spec = { attachedTo, ingress: [ssh, { protocol: "all", sourceGroup: name }] };
      return { apiVersion: "kubehop.dev/v1alpha1", kind, metadata: { name }, spec };
    }
    case "Pod":
      return {
        apiVersion: "v1",
        kind,
        metadata: { name, namespace: "default", labels: { app: "web" } },
        spec: { ...(preset.node && { nodeName: preset.node }), containers: [container()] },
      };
    case "Deployment":
    case "ReplicaSet":
      return workload(kind, name, { replicas: 2 });
    case "DaemonSet":
      return workload(kind, name, {});
    case "EndpointSlice":
      return endpointSlice(name, records);
    case "Ingress":
      return ingress(name, records);
    case "Service": {
      const deployment = objectsOf(records, "Deployment").find(
        ({ metadata }) => !metadata.namespace.startsWith("kube-"),
      );
      const port = deployment?.spec.template.spec.containers[0]?.ports?.[0]?.containerPort ?? 80;
      return {
        apiVersion: "v1",
        kind,
        metadata: { name, namespace: deployment?.metadata.namespace ?? "default" },
        spec: {
          type: "ClusterIP",
          selector: deployment?.spec.selector.matchLabels ?? { app: "web" },
          ports: [{ port: 80, targetPort: port }],
        },
      };
    }
  }
}

function workload(kind: string, name: string, spec: Json): Json {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "default" },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container()] } },
    },
  };
}

/** To a Service of the user's, as soon as there is one. */
function ingress(name: string, records: MirrorRecords): Json {
  const service = objectsOf(records, "Service").find(
    ({ metadata, spec }) =>
      !metadata.namespace.startsWith("kube-") &&
      metadata.name !== "kubernetes" &&
      spec.type === "ClusterIP",
  );
  const { namespace = "default", name: target = "web" } = service?.metadata ?? {};
  const port = { number: service?.spec.ports?.[0]?.port ?? 80 };
  const backend = { service: { name: target, port } };
  const rule = { http: { paths: [{ path: "/", pathType: "Prefix", backend }] } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace },
    spec: { rules: [rule] },
  };
}

/** For a Service that nobody else makes endpoints for, with an off-cluster server as its endpoint, if there are such. */
function endpointSlice(name: string, records: MirrorRecords): Json {
  const service = objectsOf(records, "Service").find(
    ({ metadata, spec }) =>
      metadata.name !== "kubernetes" &&
      spec.type !== "ExternalName" &&
      Object.keys(spec.selector ?? {}).length === 0,
  );
  const host = objectsOf(records, "Host").find(
    ({ spec }) => spec.zone === "internet" && (spec.listens ?? []).length > 0,
  );
  const [listener] = host?.spec.listens ?? [];
  const labels = service && { "kubernetes.io/service-name": service.metadata.name };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name,
      namespace: service?.metadata.namespace ?? "default",
      ...(labels && { labels }),
    },
    addressType: "IPv4",
    ports: (service?.spec.ports ?? [{}]).map((port) => ({
      ...("name" in port && { name: port.name }),
      port: listener?.port ?? 80,
    })),
    endpoints: [{ addresses: [host?.spec.ip ?? "198.51.100.20"] }],
  };
}

function container(): Json {
  return { name: "web", image: "nginx", ports: [{ containerPort: 80 }] };
}

const FIRST_NAMES: Readonly<Record<FormKind, string>> = {
  Service: "web",
  Ingress: "routes",
  Deployment: "web",
  Pod: "web-pod",
  ReplicaSet: "web-set",
  DaemonSet: "agent",
  EndpointSlice: "by-hand",
  Node: "node-1",
  Namespace: "shop",
  Host: "client",
  SecurityGroup: "machines",
};

/** The first of `web`, `web-2`, `web-3` that nobody has. */
function freeName(kind: FormKind, records: MirrorRecords): string {
  const taken = new Set(objectsOf(records, kind).map(({ metadata }) => metadata.name));
  const first = FIRST_NAMES[kind];
  const stem = first.replace(/-\d+$/, "");
  for (let number = 2, name = first; ; number++) {
    if (!taken.has(name)) return name;
    name = `${stem}-${number}`;
  }
}

const HOST_RANGES = { internet: "198.51.100.", vpc: "10.0.9." } as const;

function freeHostIp(zone: "internet" | "vpc", records: MirrorRecords): string {
  const taken = new Set(objectsOf(records, "Host").map(({ spec }) => spec.ip));
  for (let last = 30; last < 255; last++) {
    const ip = `${HOST_RANGES[zone]}${last}`;
    if (!taken.has(ip)) return ip;
  }
  return "";
}
