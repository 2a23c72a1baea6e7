import type { ObjectKey } from "../../core/api/types";
import { keyOf } from "../../stores/related";
import { approachOf, busOf, type Rect, rectOf } from "./anchors";
import { type Layout, type Point, ZONES } from "./layout";
import type { CanvasModel, NodeView, ServiceView } from "./model";
import { type PartName, partsOf } from "./parts";

export type WireKind =
  | "link"
  | "target"
  | "bad-target"
  | "endpoint"
  | "bad-endpoint"
  | "route"
  | "writes";

/** A line between two things that belong together. */
export interface Wire {
  readonly id: string;
  readonly kind: WireKind;
  readonly from: string;
  readonly to: string;
  /** SVG path in canvas coordinates. */
  readonly path: string;
  /** What is left to draw of it where another line of the same bundle is drawn in full. */
  readonly branch?: string;
}

/** Beyond this many, the load balancers' lines to their targets say nothing any more. */
const MOST_TARGET_WIRES = 40;

export function wiresOf(model: CanvasModel, layout: Layout): readonly Wire[] {
  return [
    ...fabricWires(model, layout),
    ...targetWires(model, layout),
    ...model.nodes.flatMap((view) =>
      roomWires(view, view.pods.filter(hasOwnIp).map(keyOf), model, layout),
    ),
    ...endpointWires(model, layout),
    ...routeWires(model, layout),
  ];
}

function hasOwnIp(pod: CanvasModel["strayPods"][number]): boolean {
  return !pod.spec.hostNetwork && pod.status.podIP !== undefined;
}

function fabricWires(model: CanvasModel, layout: Layout): readonly Wire[] {
  const pairs: (readonly [string, string])[] = [
    ...model.internetHosts.map((host) => [keyOf(host), "internet"] as const),
    ["internet", "igw"],
    ...model.loadBalancers.map(({ service }) => ["igw", `elb/${service}`] as const),
    ["igw", "vpc"],
    ["natgw", "vpc"],
    ...model.vpcHosts.map((host) => [keyOf(host), "vpc"] as const),
  ];
  return [
    ...pairs.flatMap(([from, to]) => wire("link", from, to, layout, sideways)),
    ...model.nodes.flatMap(({ name }) => {
      const to = `node/${name}/eth0`;
      return wire("link", "vpc", to, layout, intoNode(layout, to));
    }),
  ];
}

function targetWires(model: CanvasModel, layout: Layout): readonly Wire[] {
  const count = model.loadBalancers.reduce((sum, one) => sum + one.targets.length, 0);
  if (count > MOST_TARGET_WIRES) return [];
  return model.loadBalancers.flatMap(({ service, targets }) =>
    targets.flatMap(({ node, healthy }) => {
      const kind = healthy ? "target" : "bad-target";
      const to = `node/${node}/eth0`;
      return wire(kind, `elb/${service}`, to, layout, intoNode(layout, to));
    }),
  );
}

/** eth0 – iptables – route – cni0, and from there one line along every row of pods; without a bridge, from route. */
function roomWires(
  view: NodeView,
  pods: readonly ObjectKey[],
  { furtherCables }: CanvasModel,
  layout: Layout,
): readonly Wire[] {
  const part = (name: PartName) => `node/${view.name}/${name}`;
  const parts = partsOf(view);
  const devices = (view.runtime?.devices ?? []).filter(({ name }) => name !== "cni0");
  const inner = [
    ...devices.flatMap(({ name, kind }) =>
      kind === "bridge" ? [] : wire("link", part(name), part("iptables"), layout, straight),
    ),
    ...(view.runtime?.devices
      ? []
      : wire("link", part("eth0"), part("iptables"), layout, straight)),
    ...wire("link", part("iptables"), part("route"), layout, straight),
    ...wire("link", part("route"), part("cni0"), layout, straight),
    ...wire("link", part("route"), part("local"), layout, straight),
    ...wire("writes", part("kube-proxy"), part("iptables"), layout, straight),
  ];
  const main = part(parts.has("cni0") ? "cni0" : "route");
  const bus = busOf(layout, view.name);
  if (bus === undefined) return inner;
  const branches = pods.flatMap((pod) => [
    ...cable(main, pod, layout, { bus, offset: 0 }),
    ...(furtherCables.get(pod) ?? []).flatMap((bridge, index) =>
      cable(part(bridge), pod, layout, { bus: bus - 5, offset: FURTHER_OFFSET + 6 * index }),
    ),
  ]);
  return [...inner, ...branches];
}

/** A further cable comes into its pod that much lower. */
const FURTHER_OFFSET = 16;

function cable(
  from: string,
  pod: string,
  layout: Layout,
  way: { readonly bus: number; readonly offset: number },
): readonly Wire[] {
  const [a, b] = [rectOf(layout, from), rectOf(layout, pod)];
  if (!a || !b) return [];
  const start = center(a);
  const path = `M${start.x} ${start.y}H${way.bus}V${center(b).y + way.offset}H${center(b).x}`;
  return [{ id: `${from}>${pod}`, kind: "link", from, to: pod, path }];
}

/** From a Service down to the rooms, along them to the gutter at their right, and down there to the pod.
 *  Neighbouring Services take tracks beside each other. */
function endpointWires(model: CanvasModel, layout: Layout): readonly Wire[] {
  const used = model.services.filter(({ endpoints }) => endpoints.length > 0);
  const level = topOfRooms(layout) - 5;
  return used.flatMap((view, i) =>
    bundle(view, layout, { level, offset: (i % TRACKS) * TRACK_GAP }),
  );
}

/** One Service's lines. Down each gutter only the longest is drawn in full. */
function bundle(
  { service, endpoints }: ServiceView,
  layout: Layout,
  { level, offset }: { readonly level: number; readonly offset: number },
): readonly Wire[] {
  const longest = new Map<number, number>();
  const lines = endpoints.flatMap(({ owner, ready }) => {
    const rect = owner === undefined ? undefined : rectOf(layout, owner);
    if (owner === undefined || !rect) return [];
    const room = roomOf(layout, owner);
    const gutter = room ? room.x + room.width - 5 - offset : gutterBeside(layout, offset);
    if (gutter) longest.set(gutter, Math.max(longest.get(gutter) ?? 0, rect.y));
    return [{ owner, ready, rect, gutter }];
  });
  return lines.flatMap(({ owner, ready, rect, gutter }) => {
    const kind = ready ? "endpoint" : "bad-endpoint";
    if (gutter === undefined) return wire(kind, keyOf(service), owner, layout, sideways);
    const way = { gutter, level: level - offset };
    const [full] = wire(kind, keyOf(service), owner, layout, (a, b) => elbows(a, b, way));
    if (!full || longest.get(gutter) === rect.y) return full ?? [];
    return { ...full, branch: `M${gutter} ${center(rect).y}H${rect.x + rect.width}` };
  });
}

/** From a gateway's pod up its room's gutter, and along to the Services that it sends requests to: beside the lines of
 *  those, which lead down. */
function routeWires({ gateways, services }: CanvasModel, layout: Layout): readonly Wire[] {
  const level = topOfRooms(layout) - 5;
  return gateways.flatMap(({ pod, routes }) => {
    const room = roomOf(layout, pod);
    if (!room) return [];
    const names = [...new Set(routes.map(({ service }) => service))];
    return names.flatMap((service) => {
      const track = services.findIndex((view) => keyOf(view.service) === service) % TRACKS;
      const offset = track * TRACK_GAP + TRACK_GAP / 2;
      const way = { gutter: room.x + room.width - 5 - offset, level: level - offset };
      return wire("route", service, pod, layout, (a, b) =>
        elbows({ ...a, x: a.x + ROUTE_SHIFT }, b, way),
      );
    });
  });
}

/** A route comes into its Service that far beside the line to its endpoints. */
const ROUTE_SHIFT = 8;

const TRACKS = 4;
const TRACK_GAP = 4;

/** Between the VPC and the cluster, for endpoints outside; none where the VPC lies above it. */
function gutterBeside(layout: Layout, offset: number): number | undefined {
  const cluster = rectOf(layout, ZONES.cluster);
  return cluster && cluster.x > 0 ? cluster.x - 2 - offset : undefined;
}

function roomOf(layout: Layout, id: string): Rect | undefined {
  const parent = layout.boxes.get(id)?.parent;
  return parent?.startsWith("Node/") ? rectOf(layout, parent) : undefined;
}

/** Without a room, that of the strip where pods wait for one, or the end of the cluster. */
function topOfRooms(layout: Layout): number {
  const below = [...layout.boxes.values()].filter(
    ({ kind }) => kind === "room" || kind === "strip",
  );
  const cluster = rectOf(layout, ZONES.cluster);
  const end = cluster ? cluster.y + cluster.height : 0;
  return Math.min(end, ...below.flatMap(({ id }) => rectOf(layout, id)?.y ?? []));
}

function elbows(service: Rect, pod: Rect, way: { gutter: number; level: number }): string {
  const { gutter, level } = way;
  const x = center(service).x;
  const y = center(pod).y;
  const r = 5;
  const turn = x < gutter ? r : -r;
  const fall = y > level ? r : -r;
  return (
    `M${x} ${service.y + service.height}V${level - r}Q${x} ${level} ${x + turn} ${level}` +
    `H${gutter - turn}Q${gutter} ${level} ${gutter} ${level + fall}` +
    `V${y - fall}Q${gutter} ${y} ${gutter - r} ${y}H${pod.x + pod.width}`
  );
}

function wire(
  kind: WireKind,
  from: string,
  to: string,
  layout: Layout,
  draw: (a: Rect, b: Rect) => string,
): Wire[] {
  const [a, b] = [rectOf(layout, from), rectOf(layout, to)];
  if (!a || !b) return [];
  return [{ id: `${kind}:${from}>${to}`, kind, from, to, path: draw(a, b) }];
}

function center(rect: Rect): Point {
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}

function straight(a: Rect, b: Rect): string {
  const [from, to] = [center(a), center(b)];
  return `M${from.x} ${from.y}L${to.x} ${to.y}`;
}

/** To a node's eth0, round the rooms before it. */
function intoNode(layout: Layout, eth0: string): (a: Rect, b: Rect) => string {
  const [first, ...others] = approachOf(layout, eth0.split("/")[1] ?? "");
  if (!first) return sideways;
  return (a, b) => {
    const start = { x: a.x + a.width, y: center(a).y };
    const middle = (start.x + first.x) / 2;
    const corners = others.map(({ x, y }) => `L${x} ${y}`).join("");
    const enter = `C${middle} ${start.y} ${middle} ${first.y} ${first.x} ${first.y}`;
    return `M${start.x} ${start.y}${enter}${corners}H${b.x}`;
  };
}

/** From side to side; between two things of the same column from bottom to top. */
function sideways(a: Rect, b: Rect): string {
  const [from, to] = [center(a), center(b)];
  if (Math.abs(from.x - to.x) < Math.max(a.width, b.width) / 2) {
    const [upper, lower] = from.y < to.y ? [a, b] : [b, a];
    // Round the things that stand between them.
    if (lower.y - upper.y - upper.height < 70) {
      return `M${center(upper).x} ${upper.y + upper.height}L${center(lower).x} ${lower.y}`;
    }
    const right = Math.max(a.x + a.width, b.x + b.width);
    return `M${right} ${from.y}C${right + 16} ${from.y} ${right + 16} ${to.y} ${right} ${to.y}`;
  }
  const [left, right] = from.x < to.x ? [a, b] : [b, a];
  const x1 = left.x + left.width;
  const [y1, y2] = [center(left).y, center(right).y];
  const middle = (x1 + right.x) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${right.x} ${y2}`;
}
