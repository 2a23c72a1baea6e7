import { describe, expect, it } from "vitest";
import { anchorOf, anchorsOf, type Rect, rectOf } from "./anchors";
import { type Layout, layoutCanvas, STRIP, ZONES } from "./layout";
import { canvasModel } from "./model";
import { hop, pod, withRecords, world } from "./testing/fixture";

const layoutOf = (nodes: number, pods: number) => layoutCanvas(canvasModel(world({ nodes, pods })));

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function siblingsThatOverlap(layout: Layout): string[] {
  const boxes = [...layout.boxes.values()];
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.parent === b.parent && overlap(a, b))
      .map((b) => `${a.id} on ${b.id}`),
  );
}

function boxesOutsideTheirParent(layout: Layout): string[] {
  return [...layout.boxes.values()]
    .filter(({ parent, x, y, width, height }) => {
      const around = parent === undefined ? undefined : layout.boxes.get(parent);
      return around && (x < 0 || y < 0 || x + width > around.width || y + height > around.height);
    })
    .map(({ id }) => id);
}

describe("layout", () => {
  it.each([
    [1, 1],
    [1, 60],
    [3, 3],
    [3, 9],
    [5, 20],
    [10, 60],
    [30, 300],
  ])("stays tidy with %i nodes and %i pods", (nodes, pods) => {
    const layout = layoutOf(nodes, pods);
    expect(siblingsThatOverlap(layout)).toEqual([]);
    expect(boxesOutsideTheirParent(layout)).toEqual([]);
    expect([...layout.boxes.values()].filter((box) => box.kind === "pod")).toHaveLength(pods + 2);
  });

  it("stands upright on a narrow screen, without overlaps", () => {
    const layout = layoutCanvas(canvasModel(world()), { portrait: true });
    expect(siblingsThatOverlap(layout)).toEqual([]);
    expect(boxesOutsideTheirParent(layout)).toEqual([]);
    const bottom = (id: string) => {
      const rect = rectOf(layout, id);
      return rect ? rect.y + rect.height : Number.NaN;
    };
    expect(rectOf(layout, ZONES.vpc)?.y).toBeGreaterThan(bottom(ZONES.internet));
    expect(rectOf(layout, ZONES.cluster)?.y).toBeGreaterThan(bottom(ZONES.vpc));
  });

  it("sets parents before their children, as React Flow needs", () => {
    const seen = new Set<string>();
    for (const { id, parent } of layoutOf(3, 9).boxes.values()) {
      expect(parent === undefined || seen.has(parent)).toBe(true);
      seen.add(id);
    }
  });

  it("goes from the internet over the VPC to the cluster, and from eth0 to the pods", () => {
    const layout = layoutOf(3, 3);
    const x = (id: string) => rectOf(layout, id)?.x ?? Number.NaN;
    const order = [ZONES.internet, ZONES.vpc, ZONES.cluster].map(x);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const parts = ["eth0", "iptables", "route", "cni0"].map((part) => x(`node/node-1/${part}`));
    const podX = x([...layout.boxes.keys()].find((id) => id.startsWith("Pod/default")) ?? "");
    expect([...parts, podX]).toEqual([...parts, podX].sort((a, b) => a - b));
  });

  it("uses several columns of rooms when there are many nodes", () => {
    const columns = (layout: Layout) =>
      new Set([...layout.boxes.values()].filter((box) => box.kind === "room").map((box) => box.x))
        .size;
    expect(columns(layoutOf(3, 3))).toBe(1);
    expect(columns(layoutOf(10, 30))).toBe(2);
  });

  it("keeps every pod in its slot while another goes and a new one comes", () => {
    const before = world({ nodes: 1, pods: 4 });
    const first = layoutCanvas(canvasModel(before));
    const names = [...first.slots.keys()];
    const gone = names[1] ?? "";
    const without = new Map([...before].filter(([id]) => id !== gone));
    const now = withRecords(without, pod("aaa-first-by-name", "node-1", "10.244.1.77"));
    const second = layoutCanvas(canvasModel(now), { previous: first });
    for (const name of names) {
      if (name !== gone) expect(second.boxes.get(name)).toEqual(first.boxes.get(name));
    }
    expect(second.slots.get("Pod/default/aaa-first-by-name")).toBe(first.slots.get(gone));
  });

  it("keeps what was dragged where it was dragged to", () => {
    const moved = new Map([["Host/user", { x: 3, y: 333 }]]);
    const model = canvasModel(world());
    expect(layoutCanvas(model, { moved }).boxes.get("Host/user")).toMatchObject({ x: 3, y: 333 });
  });

  it("shows pods without a node in a strip of their own", () => {
    const records = withRecords(
      world(),
      pod("waits", undefined),
      pod("orphan", "node-99", "10.244.99.2"),
    );
    const layout = layoutCanvas(canvasModel(records));
    expect(layout.boxes.get("Pod/default/waits")?.parent).toBe(STRIP);
    expect(layout.boxes.get("Pod/default/orphan")?.parent).toBe(STRIP);
    expect(boxesOutsideTheirParent(layout)).toEqual([]);
  });
});

describe("anchors", () => {
  const layout = layoutOf(3, 3);
  const podName = [...layout.slots.keys()].find((key) => key.includes("kuard")) ?? "";

  it.each([
    ["host/user", "Host/user"],
    ["internet", "internet"],
    ["igw", "igw"],
    ["natgw", "natgw"],
    ["vpc", "vpc"],
    ["elb/default/kuard", "elb/default/kuard"],
    ["node/node-2/eth0", "node/node-2/eth0"],
    ["node/node-2/iptables", "node/node-2/iptables"],
    ["node/node-3/local", "node/node-3/local"],
    [podName.replace("Pod/", "pod/"), podName],
  ])("%s lies on its box", (place, id) => {
    const { x, y } = anchorOf(layout, place);
    const rect = rectOf(layout, id);
    if (!rect) throw new Error(`no box ${id}`);
    expect(x).toBeGreaterThanOrEqual(rect.x);
    expect(x).toBeLessThanOrEqual(rect.x + rect.width);
    expect(y).toBeGreaterThan(rect.y);
    expect(y).toBeLessThan(rect.y + rect.height);
  });

  it("looks for a pod that is gone at the bridge of its node", () => {
    const hops = [
      hop(0, "node/node-1/eth0"),
      hop(1, "node/node-2/route"),
      hop(2, "pod/default/gone"),
    ];
    expect(anchorsOf(layout, hops)[2]).toEqual(anchorOf(layout, "node/node-2/cni0"));
    const sent = [hop(0, "pod/default/gone"), hop(1, "node/node-3/cni0")];
    expect(anchorsOf(layout, sent)[0]).toEqual(anchorOf(layout, "node/node-3/cni0"));
  });

  it("shows an unknown machine at the VPC's router", () => {
    expect(anchorOf(layout, "host/nobody")).toEqual(anchorOf(layout, "vpc"));
  });
});
