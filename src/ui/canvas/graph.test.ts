import { describe, expect, it } from "vitest";
import { type GraphState, graphNodes, keepUnchanged, selectionKeyOf } from "./graph";
import { layoutCanvas } from "./layout";
import { canvasModel } from "./model";
import { pod, withRecords, world } from "./testing/fixture";
import { wiresOf } from "./wires";

const QUIET: GraphState = {
  selected: null,
  related: new Set(),
};

const nodesOf = (records = world(), state: GraphState = QUIET) => {
  const model = canvasModel(records);
  return graphNodes(model, layoutCanvas(model), state);
};
const classOf = (id: string, state: Partial<GraphState>) =>
  nodesOf(world(), { ...QUIET, ...state }).find((node) => node.id === id)?.className;

describe("the graph", () => {
  it("draws kube-proxy as a part of its node, not as a pod", () => {
    const nodes = nodesOf();
    expect(nodes.filter((node) => node.id.includes("kube-system/kube-proxy"))).toEqual([]);
    const states = nodes.flatMap((node) =>
      node.type === "part" && node.data.part === "kube-proxy" ? node.data.detail : [],
    );
    expect(states).toEqual([
      "● synced: rules are current",
      "◌ pending: rules are behind",
      "● synced: rules are current",
    ]);
  });

  it("keeps every node that did not change, when one pod does", () => {
    const records = world();
    const before = nodesOf(records);
    const name = [...records.keys()].find((id) => id.startsWith("Pod/default/kuard")) ?? "";
    const changed = pod(name.split("/")[2] ?? "", "node-1", "10.244.1.5", { ready: false });
    const now = nodesOf(withRecords(records, changed));
    const kept = keepUnchanged(new Map(before.map((node) => [node.id, node])), now);
    const fresh = kept.filter((node) => !before.includes(node)).map((node) => node.id);
    // The node counts its ready pods.
    expect(fresh).toEqual(["Node/node-1", name]);
  });

  it("lights what is related and dims the rest", () => {
    const state = { selected: "Service/default/kuard", related: new Set(["elb/default/kuard"]) };
    expect(classOf("Service/default/kuard", state)).toBe("is-selected");
    expect(classOf("elb/default/kuard", state)).toBe("is-related");
    expect(classOf("Service/kube-system/kube-dns", state)).toBe("is-dim");
    expect(classOf("Node/node-1", state)).toBe("");
  });

  it("dims nothing when the selected object relates to nothing", () => {
    expect(classOf("Host/user", { selected: "Host/db" })).toBe("");
  });

  it("selects the Service for its load balancer, and the node for its parts", () => {
    const model = canvasModel(world());
    expect(selectionKeyOf(model, "elb/default/kuard")).toBe("Service/default/kuard");
    expect(selectionKeyOf(model, "node/node-2/iptables")).toBe("Node/node-2");
    expect(selectionKeyOf(model, "node/node-2/kube-proxy")).toMatch(
      /^Pod\/kube-system\/kube-proxy-/,
    );
    expect(selectionKeyOf(model, "igw")).toBeUndefined();
  });
});

describe("the lines", () => {
  const model = canvasModel(world({ nodes: 3, pods: 9 }));
  const wires = wiresOf(model, layoutCanvas(model));
  const of = (kind: string) => wires.filter((wire) => wire.kind === kind);

  it("lead from a Service to each endpoint, ready or not", () => {
    const kuard = (kind: string) => of(kind).filter((one) => one.from === "Service/default/kuard");
    expect(kuard("endpoint")).toHaveLength(8);
    expect(kuard("bad-endpoint")).toHaveLength(1);
  });

  it("lead from the load balancer to its targets, healthy or not", () => {
    expect(of("target").map((wire) => wire.to)).toEqual(["node/node-1/eth0", "node/node-2/eth0"]);
    expect(of("bad-target").map((wire) => wire.to)).toEqual(["node/node-3/eth0"]);
  });

  it("have an end where there are no nodes", () => {
    const left = canvasModel(new Map([...world()].filter(([id]) => !/^(Node|Pod)\//.test(id))));
    const paths = wiresOf(left, layoutCanvas(left)).map(({ path, branch = "" }) => path + branch);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => /Infinity|NaN/.test(path))).toEqual([]);
  });

  it("lead from the bridge to the pods that have an address of their own", () => {
    const records = withRecords(
      world(),
      pod("on-host", "node-1", "10.0.1.11", { hostNetwork: true }),
      pod("no-address", "node-1"),
    );
    const shown = canvasModel(records);
    const ends = wiresOf(shown, layoutCanvas(shown)).map((wire) => wire.to);
    expect(ends).not.toContain("Pod/default/on-host");
    expect(ends).not.toContain("Pod/default/no-address");
    expect(ends.filter((to) => to.startsWith("Pod/default/kuard"))).toHaveLength(6);
  });
});
