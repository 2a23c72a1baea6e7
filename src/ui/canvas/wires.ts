import { keyOf } from "../../stores/related";
import { type Rect, rectOf } from "./anchors";
import type { Layout, PARTS, Point } from "./layout";
import type { CanvasModel } from "./model";

export type WireKind = "link" | "target" | "bad-target" | "endpoint" | "bad-endpoint" | "writes";

/** A line between two things that belong together. */
export interface Wire {
  readonly id: string;
  readonly kind: WireKind;
  readonly from: string;
  readonly to: string;
  /** SVG path in canvas coordinates. */
  readonly path: string;
}

/** Beyond this many, the load balancers' lines to their targets say nothing any more. */
const MOST_TARGET_WIRES = 40;

export function wiresOf(model: CanvasModel, layout: Layout): readonly Wire[] {
  return [
    ...fabricWires(model, layout),
    ...targetWires(model, layout),
    ...model.nodes.flatMap((view) =>
      roomWires(view.name, view.pods.filter(hasOwnIp).map(keyOf), layout),
    ),
    ...endpointWires(model, layout),
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
    ...model.nodes.map(({ name }) => ["vpc", `node/${name}/eth0`] as const),
  ];
  return pairs.flatMap(([from, to]) => wire("link", from, to, layout, sideways));
}

function targetWires(model: CanvasModel, layout: Layout): readonly Wire[] {
  const count = model.loadBalancers.reduce((sum, one) => sum + one.targets.length, 0);
  if (count > MOST_TARGET_WIRES) return [];
  return model.loadBalancers.flatMap(({ service, targets }) =>
    targets.flatMap(({ node, healthy }) =>
      wire(
        healthy ? "target" : "bad-target",
        `elb/${service}`,
        `node/${node}/eth0`,
        layout,
        sideways,
      ),
    ),
  );
}

/** eth0 – iptables – route – cni0, and from there one line along every row of pods. */
function roomWires(node: string, pods: readonly string[], layout: Layout): readonly Wire[] {
  const part = (name: (typeof PARTS)[number]) => `node/${node}/${name}`;
  const inner = [
    ...wire("link", part("eth0"), part("iptables"), layout, straight),
    ...wire("link", part("iptables"), part("route"), layout, straight),
    ...wire("link", part("route"), part("cni0"), layout, straight),
    ...wire("link", part("route"), part("local"), layout, straight),
    ...wire("writes", part("kube-proxy"), part("iptables"), layout, straight),
  ];
  const bridge = rectOf(layout, part("cni0"));
  if (!bridge) return inner;
  const branches = pods.flatMap((pod): Wire[] => {
    const rect = rectOf(layout, pod);
    if (!rect) return [];
    const start = center(bridge);
    const end = center(rect);
    const bus = bridge.x + bridge.width + 13;
    const path = `M${start.x} ${start.y}H${bus}V${end.y}H${end.x}`;
    return [{ id: `${part("cni0")}>${pod}`, kind: "link", from: part("cni0"), to: pod, path }];
  });
  return [...inner, ...branches];
}

function endpointWires(model: CanvasModel, layout: Layout): readonly Wire[] {
  return model.services.flatMap(({ service, endpoints }) =>
    endpoints.flatMap(({ pod, ready }) => {
      const kind = ready ? "endpoint" : "bad-endpoint";
      return pod ? wire(kind, keyOf(service), pod, layout, downwards) : [];
    }),
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

/** From a Service's lower edge to a pod's right side, past the pods above it. */
function downwards(service: Rect, pod: Rect): string {
  const x1 = center(service).x;
  const y1 = service.y + service.height;
  const x2 = pod.x + pod.width;
  const y2 = center(pod).y;
  return `M${x1} ${y1}C${x1} ${y1 + 60} ${x2 + 60} ${y2} ${x2} ${y2}`;
}
