// What the AWS cloud controller does to security groups for load balancers, and what becomes of packets.
import { describe, expect, test } from "vitest";
import { clusterOf, pod } from "../testing/cluster";
import { outcomes } from "../testing/packet-flow";
import type { World } from "./world";

const NLB = "service.beta.kubernetes.io/aws-load-balancer-type: nlb";
const NODES = `
---
{apiVersion: kubehop.dev/v1alpha1, kind: SecurityGroup, metadata: {name: nodes}, spec: {attachedTo: ["node/*"], ingress: [{protocol: all, sourceGroup: nodes}]}}`;

function cluster(annotations: string, ranges = "", more = ""): World {
  return clusterOf(`${pod("web", "node-1", "app: web")}
---
{apiVersion: v1, kind: Service, metadata: {name: web, annotations: {${annotations}}}, spec: {type: LoadBalancer, selector: {app: web}, externalTrafficPolicy: Local, loadBalancerSourceRanges: [${ranges}], ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}${more}`);
}

function reached(world: World, from: string): string[] {
  return Object.keys(outcomes(world, from, "lb/default/web:80"));
}

function groups(world: World) {
  return [...world.store.list("SecurityGroup")];
}

function patchRanges(world: World, ranges: readonly string[]): void {
  const patch = { spec: { loadBalancerSourceRanges: ranges } };
  expect(world.execute({ type: "patch", key: "Service/default/web", patch }).ok).toBe(true);
  world.settle();
}

describe("a classic ELB", () => {
  test("has no group of its own as long as nobody asks for one", () => {
    expect(groups(cluster(""))).toEqual([]);
  });

  test("with source ranges drops other clients itself, in silence", () => {
    const world = cluster("", "203.0.113.0/24");
    const [group] = groups(world);
    expect(group?.metadata.name).toMatch(/^k8s-elb-a[0-9a-f]{31}$/);
    expect(group?.spec).toMatchObject({
      attachedTo: ["lb/default/web"],
      ingress: [
        { protocol: "TCP", fromPort: 80, toPort: 80, cidr: "203.0.113.0/24" },
        { protocol: "ICMP", fromPort: 3, toPort: 4, cidr: "203.0.113.0/24" },
      ],
    });
    expect(reached(world, "host/user")).toEqual([expect.stringContaining("pod/default/web sees")]);
    expect(reached(world, "host/db")).toEqual(["dropped SecurityGroup"]);
    patchRanges(world, ["198.51.100.0/24"]);
    expect(reached(world, "host/db")).toEqual([expect.stringContaining("pod/default/web sees")]);
    expect(reached(world, "host/user")).toEqual(["dropped SecurityGroup"]);
  });

  test("opens the nodes' group to its own; deleting it closes that again", () => {
    const world = cluster("", "", NODES);
    const [elb, nodes] = groups(world).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    expect(nodes?.spec.ingress?.slice(1)).toEqual([
      { protocol: "all", sourceGroup: elb?.metadata.name },
    ]);
    expect(reached(world, "host/user")).toEqual([expect.stringContaining("pod/default/web sees")]);
    expect(world.execute({ type: "delete", key: "Service/default/web" }).ok).toBe(true);
    world.settle();
    expect(
      groups(world).map(({ metadata, spec }) => [metadata.name, spec.ingress?.length]),
    ).toEqual([["nodes", 1]]);
  });

  test("finds a group that nodes get later", () => {
    const world = cluster("");
    const manifest = {
      apiVersion: "kubehop.dev/v1alpha1",
      kind: "SecurityGroup",
      metadata: { name: "nodes" },
      spec: { attachedTo: ["node/*"] },
    };
    expect(world.execute({ type: "apply", manifests: [manifest] }).ok).toBe(true);
    world.settle();
    expect(groups(world).length).toBe(2);
    expect(reached(world, "host/user")).toEqual([expect.stringContaining("pod/default/web sees")]);
  });
});

describe("an NLB", () => {
  test("has its clients let in by the nodes' group, each from its own address", () => {
    const world = cluster(NLB, "203.0.113.0/24", NODES);
    const [nodes, ...others] = groups(world);
    expect(others).toEqual([]);
    const name = /=(a[0-9a-f]{31})$/.exec(nodes?.spec.ingress?.[1]?.description ?? "")?.[1];
    expect(nodes?.spec.ingress?.slice(1)).toMatchObject([
      {
        protocol: "TCP",
        cidr: "10.0.0.0/24",
        description: `kubernetes.io/rule/nlb/health=${name}`,
      },
      {
        protocol: "TCP",
        fromPort: 30_080,
        cidr: "203.0.113.0/24",
        description: `kubernetes.io/rule/nlb/client=${name}`,
      },
      { protocol: "ICMP", fromPort: 3, description: `kubernetes.io/rule/nlb/mtu=${name}` },
    ]);
    expect(reached(world, "host/user")).toEqual(["pod/default/web sees 203.0.113.10"]);
    expect(reached(world, "host/db")).toEqual(["dropped SecurityGroup"]);
  });

  test("that becomes a classic ELB leaves no rules behind", () => {
    const world = cluster(NLB, "", NODES);
    const patch = {
      metadata: { annotations: { "service.beta.kubernetes.io/aws-load-balancer-type": null } },
    };
    expect(world.execute({ type: "patch", key: "Service/default/web", patch }).ok).toBe(true);
    world.settle();
    const nodes = world.store.find("SecurityGroup", "", "nodes");
    expect(nodes?.spec.ingress?.slice(1)).toEqual([
      { protocol: "all", sourceGroup: expect.stringMatching(/^k8s-elb-/) },
    ]);
    expect(reached(world, "host/user")).toEqual([expect.stringContaining("pod/default/web sees")]);
  });
});
