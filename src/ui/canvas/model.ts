import type { Host, Node, ObjectKey, Pod, Service } from "../../core/api/types";
import {
  fabricOf,
  findNodeRuntime,
  loadBalancersOf,
  type MirrorRecords,
  objectsOf,
} from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import type { FabricView, LoadBalancerView, NodeRuntimeView } from "../../worker/protocol";

/** What the canvas draws, in the order in which it is laid out. */
export interface CanvasModel {
  readonly fabric: FabricView | undefined;
  readonly internetHosts: readonly Host[];
  readonly vpcHosts: readonly Host[];
  readonly loadBalancers: readonly LoadBalancerView[];
  readonly services: readonly ServiceView[];
  readonly nodes: readonly NodeView[];
  /** Not scheduled, or on a node that is gone. */
  readonly strayPods: readonly Pod[];
}

export interface ServiceView {
  readonly service: Service;
  readonly endpoints: readonly EndpointView[];
}

/** One address that a Service sends to. */
export interface EndpointView {
  readonly address: string;
  readonly ready: boolean;
  /** The pod or host that has it; absent where nobody known does. */
  readonly owner?: ObjectKey;
}

export interface NodeView {
  readonly name: string;
  readonly node: Node;
  readonly runtime: NodeRuntimeView | undefined;
  /** The pods that are drawn as such: all but kube-proxy's. */
  readonly pods: readonly Pod[];
  readonly kubeProxy: Pod | undefined;
}

export function canvasModel(records: MirrorRecords): CanvasModel {
  const nodes = objectsOf(records, "Node");
  const names = new Set(nodes.map((node) => node.metadata.name));
  const byNode = new Map<string, Pod[]>();
  const strayPods: Pod[] = [];
  for (const pod of objectsOf(records, "Pod")) {
    const name = pod.spec.nodeName;
    if (name === undefined || !names.has(name)) {
      strayPods.push(pod);
      continue;
    }
    const pods = byNode.get(name);
    if (pods) pods.push(pod);
    else byNode.set(name, [pod]);
  }
  const hosts = objectsOf(records, "Host");
  const endpoints = endpointsByService(records);
  return {
    fabric: fabricOf(records),
    internetHosts: sortHosts(hosts.filter((host) => host.spec.zone === "internet")),
    vpcHosts: hosts.filter((host) => host.spec.zone === "vpc"),
    loadBalancers: loadBalancersOf(records),
    services: sortServices(objectsOf(records, "Service")).map((service) => ({
      service,
      endpoints: endpoints.get(`${service.metadata.namespace}/${service.metadata.name}`) ?? [],
    })),
    nodes: nodes.map((node) => {
      const pods = byNode.get(node.metadata.name) ?? [];
      const proxies = pods.filter(isKubeProxy);
      return {
        name: node.metadata.name,
        node,
        runtime: findNodeRuntime(records, node.metadata.name),
        pods: sortPods(pods.filter((pod) => !isKubeProxy(pod))),
        kubeProxy: proxies.find((pod) => !pod.metadata.deletionTimestamp) ?? proxies[0],
      };
    }),
    strayPods,
  };
}

export function isKubeProxy(pod: Pod): boolean {
  return (
    pod.metadata.namespace === "kube-system" && pod.metadata.labels?.["k8s-app"] === "kube-proxy"
  );
}

/** Clients on top, servers below. */
function sortHosts(hosts: readonly Host[]): readonly Host[] {
  const isServer = (host: Host) => (host.spec.listens?.length ?? 0) > 0;
  return [...hosts.filter((host) => !isServer(host)), ...hosts.filter(isServer)];
}

/** The user's own first, the cluster's own last. */
function sortServices(services: readonly Service[]): readonly Service[] {
  const own = services.filter((service) => !isSystem(service));
  return [...own, ...services.filter(isSystem)];
}

function sortPods(pods: readonly Pod[]): readonly Pod[] {
  const isOwn = (pod: Pod) => !pod.metadata.namespace.startsWith("kube-");
  return [...pods.filter(isOwn), ...pods.filter((pod) => !isOwn(pod))];
}

function isSystem({ metadata: { namespace, name } }: Service): boolean {
  return namespace.startsWith("kube-") || (namespace === "default" && name === "kubernetes");
}

function endpointsByService(records: MirrorRecords): ReadonlyMap<string, readonly EndpointView[]> {
  const found = new Map<string, Map<string, EndpointView>>();
  const hosts = new Map(objectsOf(records, "Host").map((host) => [host.spec.ip, keyOf(host)]));
  for (const slice of objectsOf(records, "EndpointSlice")) {
    const { namespace, labels } = slice.metadata;
    const name = labels?.["kubernetes.io/service-name"];
    if (!name) continue;
    const key = `${namespace}/${name}`;
    const views = found.get(key) ?? new Map<string, EndpointView>();
    found.set(key, views);
    for (const { addresses, conditions, targetRef } of slice.endpoints) {
      const address = addresses[0] ?? "";
      const ready = conditions?.ready ?? true;
      const isPod = targetRef?.kind === "Pod";
      const owner = isPod
        ? `Pod/${targetRef.namespace ?? namespace}/${targetRef.name}`
        : hosts.get(address);
      // Two slices may name the same address, for different ports.
      const known = views.get(owner ?? address);
      views.set(owner ?? address, { address, ready: ready || (known?.ready ?? false), owner });
    }
  }
  return new Map([...found].map(([key, views]) => [key, [...views.values()]]));
}

/** One node of a label's colour and word. */
export interface NodeCondition {
  readonly word: "Ready" | "NotReady" | "down";
  readonly cordoned: boolean;
}

export function nodeCondition({ node, runtime }: NodeView): NodeCondition {
  const ready = node.status.conditions.find((one) => one.type === "Ready");
  const isDown = runtime !== undefined && !runtime.up;
  return {
    word: isDown ? "down" : ready?.status === "True" ? "Ready" : "NotReady",
    cordoned: node.spec.unschedulable ?? false,
  };
}

export function nodeIp(node: Node): string {
  return node.status.addresses.find((one) => one.type === "InternalIP")?.address ?? "";
}

export function externalIp(node: Node): string | undefined {
  return node.status.addresses.find((one) => one.type === "ExternalIP")?.address;
}
