import type { EndpointSlice, Host, Node, ObjectKey, Pod, Service } from "../../core/api/types";
import { gatewaysOf } from "../../stores/gateways";
import {
  fabricOf,
  findNodeRuntime,
  findPodRuntime,
  loadBalancersOf,
  type MirrorRecords,
  objectsOf,
} from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { groupsAt } from "../../stores/security-groups";
import type { GatewayView } from "../../worker/gateway-protocol";
import type { PodRuntimeView } from "../../worker/pod-network-protocol";
import type { FabricView, LoadBalancerView, NodeRuntimeView } from "../../worker/protocol";

/** What the canvas draws, in the order in which it is laid out. */
export interface CanvasModel {
  readonly fabric: FabricView | undefined;
  readonly internetHosts: readonly Host[];
  readonly vpcHosts: readonly Host[];
  readonly loadBalancers: readonly LoadBalancerView[];
  readonly services: readonly ServiceView[];
  /** Gateway pods, and the Services that they send requests to. */
  readonly gateways: readonly GatewayView[];
  readonly nodes: readonly NodeView[];
  /** All of them, kube-proxy's too. */
  readonly pods: readonly Pod[];
  /** Not scheduled, or on a node that is gone. */
  readonly strayPods: readonly Pod[];
  /** What kubelets know of them; absent before they do. */
  readonly runtimeOf: (pod: Pod) => PodRuntimeView | undefined;
  /** Pods that are plugged into bridges beside the main one, and which. */
  readonly furtherCables: ReadonlyMap<ObjectKey, readonly string[]>;
  /** Names of the security groups at a machine (`node/NAME`, `host/NAME`, `lb/NAMESPACE/NAME`). */
  readonly groups: (machine: string) => readonly string[];
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

/** Most often only counters have changed: what is made of pods, Services and endpoints is then taken from before. */
export function canvasModel(records: MirrorRecords): CanvasModel {
  const nodes = objectsOf(records, "Node");
  const pods = objectsOf(records, "Pod");
  const hosts = objectsOf(records, "Host");
  const { placed, strayPods } = placePods(nodes, pods);
  const runtimeOf = ({ metadata: { namespace, name } }: Pod) =>
    findPodRuntime(records, namespace, name);
  return {
    runtimeOf,
    furtherCables: furtherCables(pods, runtimeOf),
    pods,
    fabric: fabricOf(records),
    internetHosts: sortHosts(hosts.filter((host) => host.spec.zone === "internet")),
    vpcHosts: hosts.filter((host) => host.spec.zone === "vpc"),
    loadBalancers: loadBalancersOf(records),
    gateways: gatewaysOf(records),
    services: serviceViews(
      objectsOf(records, "Service"),
      endpointsByService(hosts, objectsOf(records, "EndpointSlice")),
    ),
    nodes: placed.map((view) => ({
      ...view,
      runtime: findNodeRuntime(records, view.name),
    })),
    strayPods,
    groups: groupsAt(records),
  };
}

function furtherCables(
  pods: readonly Pod[],
  runtimeOf: CanvasModel["runtimeOf"],
): ReadonlyMap<ObjectKey, readonly string[]> {
  const found = new Map<ObjectKey, readonly string[]>();
  for (const pod of pods) {
    const [, ...further] = runtimeOf(pod)?.interfaces ?? [];
    if (further.length > 0)
      found.set(
        keyOf(pod),
        further.flatMap(({ bridge }) => bridge ?? []),
      );
  }
  return found;
}

/** The answer of before, as long as it is asked the same. */
function rememberLast<A extends readonly unknown[], R>(compute: (...args: A) => R) {
  let last: { readonly args: A; readonly result: R } | undefined;
  return (...args: A): R => {
    if (!last?.args.every((one, i) => one === args[i])) last = { args, result: compute(...args) };
    return last.result;
  };
}

interface Placed {
  readonly placed: readonly Omit<NodeView, "runtime">[];
  readonly strayPods: readonly Pod[];
}

const placePods = rememberLast((nodes: readonly Node[], all: readonly Pod[]): Placed => {
  const byNode = new Map<string, Pod[]>(nodes.map((node) => [node.metadata.name, []]));
  const strayPods: Pod[] = [];
  for (const pod of all) (byNode.get(pod.spec.nodeName ?? "") ?? strayPods).push(pod);
  const placed = nodes.map((node) => {
    const { name } = node.metadata;
    const pods = byNode.get(name) ?? [];
    const proxies = pods.filter(isKubeProxy);
    return {
      name,
      node,
      pods: sortPods(pods.filter((pod) => !isKubeProxy(pod))),
      kubeProxy: proxies.find((pod) => !pod.metadata.deletionTimestamp) ?? proxies[0],
    };
  });
  return { placed, strayPods };
});

type Endpoints = ReadonlyMap<string, readonly EndpointView[]>;

const serviceViews = rememberLast(
  (services: readonly Service[], endpoints: Endpoints): readonly ServiceView[] =>
    sortServices(services).map((service) => ({
      service,
      endpoints: endpoints.get(`${service.metadata.namespace}/${service.metadata.name}`) ?? [],
    })),
);

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

const endpointsByService = rememberLast(
  (allHosts: readonly Host[], slices: readonly EndpointSlice[]): Endpoints => {
    const found = new Map<string, Map<string, EndpointView>>();
    const hosts = new Map(allHosts.map((host) => [host.spec.ip, keyOf(host)]));
    for (const slice of slices) {
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
  },
);

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
