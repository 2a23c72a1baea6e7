import { describe, expect, it } from "vitest";
import type { Anchor } from "./anchors";
import { hop } from "./testing/fixture";
import { failuresUpTo, packetAt, trailOf } from "./trail";

const hops = [
  hop(0, "host/user"),
  hop(1, "igw"),
  hop(2, "igw"),
  hop(3, "node/node-1/eth0"),
  hop(4, "igw", { direction: "reply" }),
];
const anchors = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 100, y: 0 },
  { x: 200, y: 80 },
  { x: 100, y: 0 },
];
const trail = trailOf(hops, anchors);
const at = (index: number, progress: number) => packetAt(trail, hops, anchors, { index, progress });

describe("trail", () => {
  it("has no segment between hops at the same place", () => {
    expect(trail.map((segment) => segment.to)).toEqual([1, 3, 4]);
    expect(trail.map((segment) => segment.leg)).toEqual(["original", "original", "reply"]);
  });

  it("moves the packet from this hop to the next", () => {
    expect(at(0, 0)).toEqual({ x: 0, y: 0 });
    expect(at(0, 0.5).x).toBeCloseTo(50);
    expect(at(1, 0.5)).toEqual({ x: 100, y: 0 });
    expect(at(2, 0.999).x).toBeGreaterThan(199);
  });

  it("starts a reply where the request ended, and leads it back beside the way there", () => {
    expect(trail[2]?.curves[0]?.from).toEqual({ x: 200, y: 80 });
    expect(trail[2]?.curves.at(-1)?.end.y).toBeGreaterThan(0);
  });

  it("enters a card from its left and runs behind it", () => {
    const [way] = trailOf(hops.slice(0, 2), [
      { x: 0, y: 0 },
      { x: 100, y: 40, left: 60 },
    ]);
    expect(way?.curves.map((one) => one.end)).toEqual([
      { x: 60, y: 40 },
      { x: 100, y: 40, left: 60 },
    ]);
  });

  const ends = (a: Anchor, b: Anchor) => {
    const [way] = trailOf(hops.slice(0, 2), [a, b]);
    return way?.curves.map(({ end: { x, y } }) => [x, y]);
  };

  it("goes from a node's part to a pod over the bridge, and back the same way", () => {
    const route = {
      x: 0,
      y: 0,
      node: "node-1",
      podward: [
        { x: 10, y: 0 },
        { x: 20, y: 0 },
      ],
    };
    const pod = { x: 50, y: 40, isPod: true };
    const corners = [
      [10, 0],
      [20, 0],
      [20, 40],
      [50, 40],
    ];
    expect(ends(route, pod)).toEqual(corners);
    expect(ends(pod, route)).toEqual([
      [20, 40],
      [20, 0],
      [10, 0],
      [0, 0],
    ]);
  });

  it("takes the corners on the way into a node, and the same ones on the way out", () => {
    const inward = [
      { x: 60, y: 10 },
      { x: 60, y: 40 },
    ];
    const eth0 = { x: 80, y: 40, node: "node-2", inward };
    expect(ends({ x: 0, y: 0 }, eth0)).toEqual([
      [60, 10],
      [60, 40],
      [80, 40],
    ]);
    expect(ends(eth0, { x: 0, y: 0 })).toEqual([
      [60, 40],
      [60, 10],
      [0, 0],
    ]);
    expect(ends(eth0, { x: 99, y: 40, node: "node-2" })).toEqual([[99, 40]]);
  });

  it("shows at the last hop what no hop tells of", () => {
    const lost = { kind: "dropped", reason: "ReplyLost", explanation: "", place: "" } as const;
    const two = hops.slice(0, 2);
    expect(failuresUpTo(two, 0, lost)).toEqual([]);
    expect(failuresUpTo(two, 1, lost)).toMatchObject([{ index: 1, reason: "ReplyLost" }]);
    expect(failuresUpTo(two, 1, { ...lost, kind: "delivered" })).toEqual([]);
  });

  it("tells of a failure only once the packet got there", () => {
    const verdict = {
      kind: "refused",
      reason: "NetfilterReject",
      explanation: "no endpoints",
      place: "node/node-1/iptables",
    } as const;
    const failing = [hop(0, "host/user"), hop(1, "node/node-1/iptables", { verdict })];
    expect(failuresUpTo(failing, 0)).toEqual([]);
    expect(failuresUpTo(failing, 1)).toEqual([
      { index: 1, reason: "NetfilterReject", kind: "refused", isOnTag: true },
    ]);
  });
});

it("a gateway's own connection begins at the gateway, wherever the last answer went", () => {
  const places = [0, 100, 100, 200].map((x) => ({ x, y: 0 }));
  const steps = [
    { direction: "reply", kind: "delivered" },
    { direction: "original", kind: "connect" },
    { direction: "original", kind: "send" },
    { direction: "original", kind: "DNAT" },
  ] as const;
  expect(trailOf(steps, places).map(({ to }) => to)).toEqual([3]);
});
