import type { Condition, Ingress, IngressBackend, KubeObject } from "../../core/api/types";
import type { FabricView, LoadBalancerView, NodeRuntimeView } from "../../worker/protocol";
import { kindWords } from "../parts/load-balancer-words";
import { portsText } from "./object-status";

export type Fact = readonly [name: string, value: string];

/** What matters to the network about an object, in kubectl's words; empty values are left out. */
export function factsOf(object: KubeObject): readonly Fact[] {
  return [...ownFacts(object), ["Labels", labelsText(object.metadata.labels)] as const].filter(
    ([, value]) => value !== "",
  );
}

function backendText({ service }: IngressBackend = {}): string {
  const { name = "", port } = service ?? {};
  return name === "" ? "" : `${name}:${port?.number ?? port?.name ?? ""}`;
}

function routesText({ spec }: Ingress): string {
  const routes = (spec.rules ?? []).flatMap(({ host = "*", http }) =>
    (http?.paths ?? []).map(
      ({ path = "/", backend }) => `${host || "*"}${path} → ${backendText(backend)}`,
    ),
  );
  return routes.join(", ");
}

function ownFacts(object: KubeObject): readonly Fact[] {
  switch (object.kind) {
    case "Pod":
      return [
        ["IP", object.status.podIP ?? "<none>"],
        ["Node", object.spec.nodeName ?? "<none>"],
        ["Host network", object.spec.hostNetwork ? "yes" : ""],
        ["Images", object.spec.containers.map((one) => one.image).join(", ")],
        [
          "Ports",
          object.spec.containers
            .flatMap((one) => one.ports ?? [])
            .map((one) => `${one.containerPort}/${one.protocol}`)
            .join(", "),
        ],
        ["Message", object.status.message ?? ""],
      ];
    case "Node":
      return [
        ...object.status.addresses.map(({ type, address }) => [type, address] as const),
        ["podCIDR", object.spec.podCIDR ?? ""],
        ["Taints", (object.spec.taints ?? []).map((one) => `${one.key}:${one.effect}`).join(", ")],
      ];
    case "Service":
      return [
        ["Type", object.spec.type],
        ["Cluster IP", object.spec.clusterIP ?? ""],
        ["Ports", portsText(object)],
        ["Target ports", (object.spec.ports ?? []).map((one) => one.targetPort).join(", ")],
        ["Selector", labelsText(object.spec.selector)],
        ["External name", object.spec.externalName ?? ""],
        ["External IPs", (object.spec.externalIPs ?? []).join(", ")],
        [
          "Ingress",
          (object.status.loadBalancer.ingress ?? [])
            .map((one) => one.hostname ?? one.ip)
            .join(", "),
        ],
        ["External traffic policy", object.spec.externalTrafficPolicy ?? ""],
        ["Internal traffic policy", object.spec.internalTrafficPolicy ?? ""],
        ["Session affinity", object.spec.sessionAffinity ?? ""],
      ];
    case "Deployment":
    case "ReplicaSet":
      return [
        ["Replicas", `${object.spec.replicas} wanted, ${object.status?.readyReplicas ?? 0} ready`],
        ["Selector", labelsText(object.spec.selector.matchLabels)],
        ["Images", object.spec.template.spec.containers.map((one) => one.image).join(", ")],
      ];
    case "DaemonSet":
      return [
        ["Selector", labelsText(object.spec.selector.matchLabels)],
        ["Images", object.spec.template.spec.containers.map((one) => one.image).join(", ")],
      ];
    case "Ingress":
      return [
        ["Class", object.spec.ingressClassName ?? "<none>"],
        ["Routes", routesText(object)],
        ["Default backend", backendText(object.spec.defaultBackend)],
        [
          "Address",
          (object.status.loadBalancer.ingress ?? [])
            .map(({ hostname, ip }) => hostname ?? ip)
            .join(", "),
        ],
      ];
    case "EndpointSlice":
      return [
        [
          "Ports",
          object.ports
            .map((one) => `${one.name ? `${one.name} ` : ""}${one.port}/${one.protocol}`)
            .join(", "),
        ],
        ["Endpoints", object.endpoints.flatMap((one) => one.addresses).join(", ") || "<none>"],
      ];
    case "Endpoints":
      return [
        [
          "Addresses",
          (object.subsets ?? [])
            .flatMap((one) => one.addresses ?? [])
            .map((one) => one.ip)
            .join(", ") || "<none>",
        ],
      ];
    case "Host":
      return [
        ["Zone", object.spec.zone],
        ["IP", object.spec.ip],
        ...(object.spec.zone === "vpc"
          ? [["Pod network", object.spec.podNetwork ? "takes part" : "is not part of it"] as const]
          : []),
        ["Host names", (object.spec.hostnames ?? []).join(", ")],
        [
          "Listens",
          (object.spec.listens ?? []).map((one) => `${one.port}/${one.protocol}`).join(", "),
        ],
      ];
    case "SecurityGroup":
      return [
        ["Description", object.spec.description ?? ""],
        ["Attached to", (object.spec.attachedTo ?? []).join(", ") || "<nothing>"],
      ];
    case "NetworkAttachmentDefinition":
      return [["Config", object.spec.config ?? ""]];
    case "Namespace":
      return [];
    case "Event":
      return [["Message", object.message]];
  }
}

export function runtimeFacts(runtime: NodeRuntimeView): readonly Fact[] {
  return [
    ["Machine", runtime.up ? "up" : "down"],
    ["kube-proxy", proxyText(runtime)],
    ["iptables rules", String(runtime.rules)],
    ["conntrack entries", String(runtime.conntrackEntries)],
    ["VPC route to its pods", runtime.vpcRoute ? "yes" : "no"],
    ["Source/destination check", runtime.sourceDestCheck ? "on" : "off"],
  ];
}

function proxyText({ proxyRunning, proxyPending }: NodeRuntimeView): string {
  if (!proxyRunning) return "stopped: the rules stay as they are";
  return proxyPending ? "running, a change is not in the rules yet" : "running, rules up to date";
}

export function balancerFacts(
  balancer: LoadBalancerView,
  cloud: FabricView["cloud"],
): readonly Fact[] {
  return [
    ["Kind", kindWords(balancer, cloud)],
    [
      "Load balancer",
      `${balancer.hostname ?? balancer.ip} (${balancer.ip}; calls nodes from ${balancer.vpcIp})`,
    ],
    ...(balancer.failsOpen
      ? [["Fails open", "no target passes its checks, so that clients are sent to all"] as const]
      : []),
    ...balancer.targets.map(
      ({ node, healthy, reason }): Fact => [
        `Target ${node}`,
        healthy ? "✓ healthy" : `✕ unhealthy: ${reason}`,
      ],
    ),
  ];
}

export function conditionsOf(object: KubeObject): readonly Condition[] {
  if (object.kind === "Pod") return object.status.conditions ?? [];
  return object.kind === "Node" ? object.status.conditions : [];
}

function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}
