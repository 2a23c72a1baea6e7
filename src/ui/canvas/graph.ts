import type { Node as FlowNode } from "reactflow";
import type { Host, ObjectKey, Pod, Service } from "../../core/api/types";
import { keyOf } from "../../stores/related";
import type { PodRuntimeView } from "../../worker/pod-network-protocol";
import type { LoadBalancerView } from "../../worker/protocol";
import { type Box, type Layout, STRIP, ZONES } from "./layout";
import {
  type CanvasModel,
  externalIp,
  type NodeView,
  nodeCondition,
  nodeIp,
  type ServiceView,
} from "./model";
import { type PartName, partsOf } from "./parts";
import { isReady, podStatus } from "./podStatus";

export type ZoneNode = FlowNode<{ title: string; detail: string }, "zone">;
export type HostNode = FlowNode<{ host: Host; groups: readonly string[] }, "host">;
export type GatewayNode = FlowNode<{ title: string; detail: string }, "gateway">;
export type LoadBalancerNode = FlowNode<
  { view: LoadBalancerView; groups: readonly string[] },
  "loadBalancer"
>;
export type ServiceNode = FlowNode<
  { service: Service; ready: number; total: number; pending: string | undefined },
  "service"
>;
export type RoomNode = FlowNode<
  {
    name: string;
    ip: string;
    publicIp: string | undefined;
    podCIDR: string;
    /** Security groups at its network card. */
    groups: readonly string[];
    condition: "Ready" | "NotReady" | "down";
    cordoned: boolean;
    readyPods: number;
    pods: number;
    conntrackEntries: number;
    /** Conntrack entries, as a share of those of the busiest node. */
    load: number;
    rules: number;
  },
  "room"
>;
export type PartNode = FlowNode<
  { part: PartName; detail: string; tone: "ok" | "wait" | "bad" | "plain" },
  "part"
>;
export type PodNode = FlowNode<{ pod: Pod; runtime: PodRuntimeView | undefined }, "pod">;
export type CanvasNode =
  | ZoneNode
  | HostNode
  | GatewayNode
  | LoadBalancerNode
  | ServiceNode
  | RoomNode
  | PartNode
  | PodNode;

export interface GraphState {
  readonly selected: ObjectKey | null;
  readonly related: ReadonlySet<string>;
}

type Content = {
  [T in CanvasNode as T["type"] & string]: {
    type: T["type"];
    data: T["data"];
    label: string;
    /** What is selected by clicking it. */
    selects?: ObjectKey;
  };
}[CanvasNode["type"] & string];

/** What every box shows. Equal input gives equal nodes, so unchanged ones can be kept. */
export function graphNodes(
  model: CanvasModel,
  layout: Layout,
  state: GraphState,
): readonly CanvasNode[] {
  const nodes: CanvasNode[] = [];
  for (const [id, content] of contents(model)) {
    const box = layout.boxes.get(id);
    if (box) nodes.push(flowNode(box, content, state));
  }
  const order = new Map([...layout.boxes.keys()].map((id, i) => [id, i]));
  return nodes.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

/** The object that a box stands for. */
export function selectionKeyOf(model: CanvasModel, id: string): ObjectKey | undefined {
  return contents(model).get(id)?.selects;
}

const contentsOf = new WeakMap<CanvasModel, ReadonlyMap<string, Content>>();

function contents(model: CanvasModel): ReadonlyMap<string, Content> {
  const known = contentsOf.get(model);
  if (known) return known;
  const most = Math.max(1, ...model.nodes.map(entriesOf));
  const found = new Map<string, Content>([
    ...zoneContents(model),
    ...gatewayContents(model),
    ...[...model.internetHosts, ...model.vpcHosts].map((host) => hostContent(host, model)),
    ...model.loadBalancers.map((view) => loadBalancerContent(view, model)),
    ...model.services.map((view) => serviceContent(view, model)),
    ...model.nodes.flatMap((view) => [
      roomContent(view, most, model),
      ...partContents(view),
      ...view.pods.map((pod) => podContent(pod, model.runtimeOf(pod))),
    ]),
    ...model.strayPods.map((pod) => podContent(pod, model.runtimeOf(pod))),
  ]);
  contentsOf.set(model, found);
  return found;
}

type Entry = readonly [string, Content];

function zoneContents({ fabric, nodes }: CanvasModel): readonly Entry[] {
  const zone = (id: string, title: string, detail = ""): Entry => [
    id,
    { type: "zone", data: { title, detail }, label: title },
  ];
  const noNodes = nodes.length === 0 ? "No nodes: pods have to wait. Add one: Add → Node." : "";
  const podRange = fabric?.podsInVpc ? "in the VPC" : fabric?.clusterCIDR;
  const ranges = fabric ? `pods ${podRange} · Services ${fabric.serviceCIDR}` : "";
  return [
    zone(ZONES.internet, "Internet"),
    zone(ZONES.vpc, "Cloud VPC", fabric?.vpcCidr),
    zone(ZONES.cluster, "Cluster", noNodes || ranges),
    zone(STRIP, "Without a node"),
  ];
}

function gatewayContents({ fabric, nodes }: CanvasModel): readonly Entry[] {
  const gateway = (id: string, title: string, detail: string): Entry => [
    id,
    { type: "gateway", data: { title, detail }, label: `${title} ${detail}` },
  ];
  return [
    gateway("internet", "internet", "public routes"),
    gateway("igw", "Internet gateway", "public ↔ private IPs, 1:1"),
    gateway("vpc", "VPC router", routeTableText(nodes, fabric)),
    gateway("natgw", "NAT gateway", fabric?.natGateway ?? ""),
  ];
}

/** What the VPC's route table knows of the pods. */
function routeTableText(nodes: CanvasModel["nodes"], fabric: CanvasModel["fabric"]): string {
  // Pods have its own addresses: it needs no routes to them.
  if (fabric?.cni === "aws-vpc") return "route table";
  const routed = nodes.filter(({ runtime }) => runtime?.vpcRoute).length;
  if (routed === 0) return "no routes to pods";
  return routed === nodes.length
    ? "routes to all pods"
    : `routes to pods: ${routed} of ${nodes.length}`;
}

function hostContent(host: Host, { groups }: CanvasModel): Entry {
  const { name } = host.metadata;
  const label = `Host ${name}, ${host.spec.ip}`;
  return [
    keyOf(host),
    { type: "host", data: { host, groups: groups(`host/${name}`) }, label, selects: keyOf(host) },
  ];
}

function loadBalancerContent(view: LoadBalancerView, { groups }: CanvasModel): Entry {
  const healthy = view.targets.filter((target) => target.healthy).length;
  const kind = view.kind === "nlb" ? "Network Load Balancer" : "Load balancer";
  const label = `${kind} of ${view.service}, ${healthy} of ${view.targets.length} targets healthy`;
  const selects = `Service/${view.service}`;
  return [
    `elb/${view.service}`,
    { type: "loadBalancer", data: { view, groups: groups(`lb/${view.service}`) }, label, selects },
  ];
}

function serviceContent({ service, endpoints }: ServiceView, { fabric }: CanvasModel): Entry {
  const ready = endpoints.filter((one) => one.ready).length;
  const { name, namespace } = service.metadata;
  const pending = fabric?.pending[`${namespace}/${name}`];
  const data = { service, ready, total: endpoints.length, pending };
  const note = pending ? ", EXTERNAL-IP pending" : "";
  const label = `Service ${namespace}/${name}, ${service.spec.type}${note}, ${ready} endpoints ready`;
  return [keyOf(service), { type: "service", data, label, selects: keyOf(service) }];
}

function entriesOf({ runtime }: NodeView): number {
  return runtime?.conntrackEntries ?? 0;
}

function roomContent(view: NodeView, mostEntries: number, { groups, fabric }: CanvasModel): Entry {
  const { node, name } = view;
  const { word, cordoned } = nodeCondition(view);
  const data = {
    ...{ name, cordoned, condition: word },
    ip: nodeIp(node),
    publicIp: externalIp(node),
    podCIDR: fabric?.podsInVpc ? "in the VPC" : (node.spec.podCIDR ?? ""),
    groups: groups(`node/${name}`),
    readyPods: view.pods.filter(isReady).length,
    pods: view.pods.length,
    conntrackEntries: entriesOf(view),
    load: entriesOf(view) / mostEntries,
    rules: view.runtime?.rules ?? 0,
  };
  const label = `Node ${name}, ${data.ip}, ${word}${cordoned ? ", cordoned" : ""}`;
  return [keyOf(node), { type: "room", data, label, selects: keyOf(node) }];
}

function partContents(view: NodeView): readonly Entry[] {
  return [...partsOf(view).keys()].map((part) => {
    const { detail, tone } = partState(part, view);
    const isProxy = part === "kube-proxy" && view.kubeProxy;
    const label = `${part} of ${view.name}${detail ? `, ${detail}` : ""}`;
    const selects = keyOf(isProxy ? isProxy : view.node);
    return [
      `node/${view.name}/${part}`,
      { type: "part", data: { part, detail, tone }, label, selects },
    ];
  });
}

function partState(
  part: PartName,
  { runtime, kubeProxy }: NodeView,
): Pick<PartNode["data"], "detail" | "tone"> {
  const plain = { detail: "", tone: "plain" } as const;
  if (part === "local") return { detail: "own processes", tone: "plain" };
  if (part !== "kube-proxy" && part !== "iptables") return plain;
  if (!runtime) return plain;
  if (part === "iptables") {
    const { rules, conntrackEntries } = runtime;
    return { detail: `${rules} rules · ${conntrackEntries} conntrack`, tone: "plain" };
  }
  if (part !== "kube-proxy") return plain;
  if (!runtime.proxyRunning) {
    const isStopped = runtime.proxyHalted || kubeProxy !== undefined;
    return {
      detail: isStopped ? "✕ stopped: rules are frozen" : "✕ none: rules are frozen",
      tone: "bad",
    };
  }
  if (runtime.proxyPending) return { detail: "◌ pending: rules are behind", tone: "wait" };
  return { detail: "● synced: rules are current", tone: "ok" };
}

const podContents = new WeakMap<
  Pod,
  { readonly runtime: PodRuntimeView | undefined; readonly content: Entry }
>();

/** Of hundreds of pods few change at a time. */
function podContent(pod: Pod, runtime: PodRuntimeView | undefined): Entry {
  const known = podContents.get(pod);
  if (known && known.runtime === runtime) return known.content;
  const content = newPodContent(pod, runtime);
  podContents.set(pod, { runtime, content });
  return content;
}

function newPodContent(pod: Pod, runtime: PodRuntimeView | undefined): Entry {
  const { name, namespace } = pod.metadata;
  const where = pod.status.podIP ? `, ${pod.status.podIP}` : "";
  const label = `Pod ${namespace}/${name}${where}, ${podStatus(pod, runtime).word}`;
  return [keyOf(pod), { type: "pod", data: { pod, runtime }, label, selects: keyOf(pod) }];
}

const Z_INDEX: Record<Box["kind"], number> = {
  zone: 0,
  strip: 1,
  room: 1,
  // The wires lie at 2.
  host: 3,
  gateway: 3,
  loadBalancer: 3,
  service: 3,
  part: 3,
  pod: 4,
};

function flowNode(box: Box, content: Content, state: GraphState): CanvasNode {
  const { id, parent, x, y, width, height } = box;
  const isFixed = box.kind === "zone" || box.kind === "strip";
  return {
    id,
    type: content.type,
    data: content.data,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    parentId: parent,
    extent: parent === undefined ? undefined : "parent",
    zIndex: Z_INDEX[box.kind],
    className: classOf(box, content.selects, state),
    ariaLabel: content.label,
    draggable: isFixed ? false : undefined,
    selectable: false,
    focusable: content.selects !== undefined,
    style: isFixed ? { pointerEvents: "none" } : undefined,
  } as CanvasNode;
}

const DIMMABLE = new Set<Box["kind"]>(["host", "loadBalancer", "service", "pod"]);

function classOf(box: Box, selects: ObjectKey | undefined, state: GraphState): string {
  const { selected, related } = state;
  const classes: string[] = [];
  const isOwn =
    selected !== null &&
    (box.id === selected ||
      (box.kind === "part" && selects === selected && box.id.endsWith("/kube-proxy")));
  const isRelated = related.has(box.id);
  if (isOwn) classes.push("is-selected");
  else if (isRelated) classes.push("is-related");
  else if (related.size > 0 && DIMMABLE.has(box.kind)) classes.push("is-dim");
  return classes.join(" ");
}

/** The nodes of before wherever nothing about them changed, so that React leaves them alone. */
export function keepUnchanged(
  before: ReadonlyMap<string, CanvasNode>,
  now: readonly CanvasNode[],
): CanvasNode[] {
  return now.map((node) => {
    const old = before.get(node.id);
    return old && isSame(old, node) ? old : node;
  });
}

function isSame(a: CanvasNode, b: CanvasNode): boolean {
  return (
    a.type === b.type &&
    a.parentId === b.parentId &&
    a.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.className === b.className &&
    a.ariaLabel === b.ariaLabel &&
    isShallowEqual(a.data, b.data)
  );
}

function isShallowEqual(a: object, b: object): boolean {
  const entries = Object.entries(a);
  return (
    entries.length === Object.keys(b).length &&
    entries.every(([key, value]) => (b as Record<string, unknown>)[key] === value)
  );
}
