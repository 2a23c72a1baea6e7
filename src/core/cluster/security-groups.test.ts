// Security groups: firewalls at the network cards of the cloud's machines. What they keep out is never heard of again.
import { describe, expect, test } from "vitest";
import type { ClusterConfig } from "../api/cluster-config";
import { clusterOf, pod } from "../testing/cluster";
import { findWay, outcomes } from "../testing/packet-flow";
import type { World } from "./world";

const WEB = `${pod("web", "node-1", "app: web")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}`;

function group(name: string, spec: string): string {
  return `
---
{apiVersion: kubehop.dev/v1alpha1, kind: SecurityGroup, metadata: {name: ${name}}, spec: {${spec}}}`;
}

function cluster(groups: string, config: Partial<ClusterConfig> = {}): World {
  return clusterOf(WEB + groups, config);
}

const NODE_1 = "nodeport/node-1/default/web:80";

describe("a group at a node", () => {
  const world = cluster(
    group(
      "nodes",
      'attachedTo: ["node/*"], ingress: [{protocol: tcp, fromPort: 22, cidr: 0.0.0.0/0}]',
    ),
  );

  test("drops what no rule admits, in silence, and says which group it was", () => {
    const { outcome, hops } = findWay(world, { from: "host/user", to: NODE_1 });
    expect(outcome?.verdict).toMatchObject({
      kind: "dropped",
      reason: "SecurityGroup",
      place: "node/node-1/eth0",
    });
    expect(hops.at(-1)).toMatchObject({ node: "node-1", kind: "drop" });
    expect(hops.at(-1)?.detail).toContain(
      "no rule of security group nodes lets tcp 30080 in to node-1 from 203.0.113.10",
    );
  });

  test("answers to what the node itself began come back in", () => {
    expect(outcomes(world, "node/node-1", "198.51.100.20:80")).toEqual({
      "host/db sees 10.0.1.11": 1,
    });
  });

  test("does not stand between the node and its own pods", () => {
    const reached = Object.keys(outcomes(world, "node/node-1", "pod/default/web:8080"));
    expect(reached).toEqual([expect.stringMatching(/^pod\/default\/web sees /)]);
  });
});

test("a rule admits, and the hop says which", () => {
  const world = cluster(
    group(
      "nodes",
      "attachedTo: [node/node-1], ingress: [{protocol: TCP, fromPort: 30000, toPort: 32767, cidr: 203.0.113.0/24}]",
    ),
  );
  const { hops } = findWay(world, { from: "host/user", to: NODE_1, answeredBy: "pod/default/web" });
  expect(
    hops.filter(({ detail }) => detail.includes("security group")).map((one) => one.detail),
  ).toEqual([
    expect.stringContaining("let in by security group nodes: TCP 30000-32767 from 203.0.113.0/24"),
  ]);
  expect(outcomes(world, "host/db", NODE_1)).toEqual({ "dropped SecurityGroup": 1 });
  // node-2 has no group, and lets it in: node-1 does not know node-2's address either.
  expect(Object.keys(outcomes(world, "host/db", "nodeport/node-2/default/web:80"))).toEqual([
    expect.stringContaining("dropped SecurityGroup"),
  ]);
});

test("a rule for a group admits its machines, not the pods on them", () => {
  const open = "{protocol: all, sourceGroup: nodes}";
  const groups = group("nodes", `attachedTo: ["node/*"], ingress: [${open}]`);
  expect(outcomes(cluster(groups), "node/node-2", "pod/default/web:8080")).toEqual({
    "pod/default/web sees 10.0.1.12": 1,
  });
  const client = pod("client", "node-2", "app: client", "");
  // Its packets bear its own address, which is none of the group's machines'.
  expect(outcomes(cluster(groups + client), "pod/default/client", "pod/default/web:8080")).toEqual({
    "dropped SecurityGroup": 1,
  });
});

test("egress rules close the way out; without any all is open", () => {
  const closed = group("vm", "attachedTo: [host/vm], egress: [{protocol: udp, cidr: 0.0.0.0/0}]");
  const { outcome } = findWay(cluster(closed), { from: "host/vm", to: "198.51.100.20:80" });
  expect(outcome?.verdict).toMatchObject({ reason: "SecurityGroup", place: "host/vm" });
  expect(outcome?.verdict.explanation).toContain("lets tcp 80 out of vm to 198.51.100.20");
  expect(
    outcomes(cluster(group("vm", "attachedTo: [host/vm]")), "host/vm", "198.51.100.20:80"),
  ).toEqual({ "host/db sees 10.0.9.20": 1 });
});

test("pings are let in by type", () => {
  const rule = "{protocol: icmp, fromPort: 8, toPort: -1, cidr: 0.0.0.0/0}";
  const open = group("vm", `attachedTo: [host/vm], ingress: [${rule}]`);
  expect(Object.keys(outcomes(cluster(open), "node/node-1", "10.0.9.20/icmp"))[0]).toContain(
    "sees 10.0.1.11",
  );
  const closed = group("vm", "attachedTo: [host/vm], ingress: [{protocol: tcp, cidr: 0.0.0.0/0}]");
  expect(outcomes(cluster(closed), "node/node-1", "10.0.9.20/icmp")).toEqual({
    "dropped SecurityGroup": 1,
  });
});

test("a rule that is taken away closes the door from then on", () => {
  const rule = "{protocol: tcp, fromPort: 30080, cidr: 0.0.0.0/0}";
  const world = cluster(group("nodes", `attachedTo: [node/node-1], ingress: [${rule}]`));
  expect(Object.keys(outcomes(world, "host/user", NODE_1))[0]).toContain("pod/default/web");
  const patch = { spec: { ingress: [] } };
  expect(world.execute({ type: "patch", key: "SecurityGroup/nodes", patch }).ok).toBe(true);
  expect(outcomes(world, "host/user", NODE_1)).toEqual({ "dropped SecurityGroup": 1 });
  expect(world.execute({ type: "undo" }).ok).toBe(true);
  expect(Object.keys(outcomes(world, "host/user", NODE_1))[0]).toContain("pod/default/web");
});

describe("what is wrong with a group", () => {
  const world = cluster("");
  const refusals = (spec: unknown, name = "web") => {
    const manifest = {
      apiVersion: "kubehop.dev/v1alpha1",
      kind: "SecurityGroup",
      metadata: { name },
      spec,
    };
    const result = world.fork().execute({ type: "apply", manifests: [manifest] });
    return result.ok
      ? []
      : (result.refusals[0]?.status.causes ?? []).map(
          ({ field, message }) => `${field}: ${message}`,
        );
  };
  const rule = (fields: object) => refusals({ ingress: [{ protocol: "tcp", ...fields }] });

  test.each([
    [
      { cidr: "10.0.0.300/8" },
      'spec.ingress[0].cidr: Invalid value: "10.0.0.300/8": CIDR block 10.0.0.300/8 is malformed',
    ],
    [{}, "spec.ingress[0].cidr: Required value: a rule needs a cidr or a sourceGroup"],
    [
      { cidr: "0.0.0.0/0", fromPort: 70_000 },
      "spec.ingress[0].fromPort: Invalid value: 70000: TCP/UDP port (70000) out of range",
    ],
    [
      { cidr: "0.0.0.0/0", fromPort: 90, toPort: 80 },
      "spec.ingress[0].toPort: Invalid value: 80: Invalid TCP/UDP port range (90:80)",
    ],
    [
      { cidr: "0.0.0.0/0", protocol: "gre" },
      'spec.ingress[0].protocol: Unsupported value: "gre": supported values: "ICMP", "SCTP", "TCP", "UDP", "all"',
    ],
  ])("%o", (fields, message) => {
    expect(rule(fields)).toContain(message);
  });

  test("limits", () => {
    const many = Array.from({ length: 61 }, () => ({ protocol: "tcp", cidr: "0.0.0.0/0" }));
    expect(refusals({ ingress: many })[0]).toContain("RulesPerSecurityGroupLimitExceeded");
    expect(refusals({ attachedTo: ["machine"] })[0]).toContain("must be node/NAME, node/*");
    expect(refusals({}, "sg-1")[0]).toContain("Group names may not be in the format sg-*");
    expect(refusals({ ingress: [{ protocol: "-1", sourceGroup: "web" }] })).toEqual([]);
  });
});
