// What a real Linux kernel was seen to do (e2e/kernel), kept here for those without one.
import { expect, test } from "vitest";
import { DEFAULT_CLUSTER_CONFIG, type NodeOptions } from "../api/cluster-config";
import { clusterOf, pod } from "../testing/cluster";
import { outcomes } from "../testing/packet-flow";

const WEB = `${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-1", "app: web")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}`;

function webWith(options: Partial<NodeOptions>) {
  return clusterOf(WEB, {
    addons: [],
    options: { ...DEFAULT_CLUSTER_CONFIG.options, ...options },
  });
}

test("hairpin mode off: a pod that its own Service picks waits in vain", () => {
  expect(outcomes(webWith({ hairpinMode: false }), "pod/default/web-1", "10.96.0.20:80")).toEqual({
    "dropped BridgeNoHairpin": 0.5,
    "pod/default/web-2 sees 10.244.1.2": 0.5,
  });
});

test("no rules on the bridge: a neighbour's answer comes from a stranger, one's own through the node", () => {
  const plain = { bridgeNfCallIptables: false, hairpinMode: false };
  expect(outcomes(webWith(plain), "pod/default/web-1", "10.96.0.20:80")).toEqual({
    "pod/default/web-1 sees 10.244.1.1": 0.5,
    "dropped ReplyFromStranger": 0.5,
  });
});

test("the bridge's address serves NodePorts as the node's does", () => {
  const viaBridge = outcomes(webWith({}), "node/node-2", "10.244.1.1:30080");
  expect(viaBridge).toEqual({
    "pod/default/web-1 sees 10.244.1.1": 0.5,
    "pod/default/web-2 sees 10.244.1.1": 0.5,
  });
});

/** Its only endpoint is an address on the nodes' own link that no machine has. */
const GONE = `
---
{apiVersion: v1, kind: Service, metadata: {name: gone}, spec: {type: NodePort, clusterIP: 10.96.0.30, ports: [{port: 80, nodePort: 30081}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: gone-1, labels: {kubernetes.io/service-name: gone}}, addressType: IPv4, ports: [{name: "", port: 80, protocol: TCP}], endpoints: [{addresses: [10.0.1.200]}]}`;

test.each([
  ["node/node-1", "10.0.1.200:80"],
  ["node/node-1", "10.96.0.30:80"],
  ["pod/default/web-1", "10.96.0.30:80"],
  ["node/node-2", "10.0.1.11:30081"],
  ["host/user", "10.0.1.11:30081"],
])("nobody on the node's link answers ARP: %s to %s hears of it", (from, to) => {
  expect(outcomes(clusterOf(`${WEB}${GONE}`), from, to)).toEqual({ "refused NeighFailed": 1 });
});

test("the VPC router is silent about an address that nobody has", () => {
  expect(outcomes(clusterOf(WEB), "host/vm", "10.0.1.200:80")).toEqual({
    "dropped NeighFailed": 1,
  });
});

test("a load balancer keeps to itself that nobody takes its datagram", () => {
  const dns = `${pod("dns-1", "node-1", "app: dns")}
---
{apiVersion: v1, kind: Service, metadata: {name: dns}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: dns}, ports: [{port: 53, protocol: UDP, targetPort: 9}]}}`;
  const world = clusterOf(dns, { cloud: "ip" });
  expect(outcomes(world, "host/user", "lb/default/dns:53")).toEqual({ "dropped NoSocket": 1 });
});

test("PreferClose keeps a request in its zone; a zone without endpoints may go anywhere", () => {
  const zones = ["a", "b", "c"].map(
    (zone, index) => `
---
{apiVersion: v1, kind: Node, metadata: {name: node-${index + 1}, labels: {topology.kubernetes.io/zone: ${zone}}}, spec: {podCIDR: 10.244.${index + 1}.0/24}, status: {addresses: [{type: InternalIP, address: 10.0.1.1${index + 1}}]}}`,
  );
  const close = `
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, trafficDistribution: PreferClose, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;
  const pods = `${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-2", "app: web")}`;
  const world = clusterOf(`${zones.join("")}${pods}${close}`);
  expect(outcomes(world, "node/node-2", "10.96.0.20:80")).toEqual({
    "pod/default/web-2 sees 10.244.2.1": 1,
  });
  expect(Object.values(outcomes(world, "node/node-3", "10.96.0.20:80"))).toEqual([0.5, 0.5]);
});
