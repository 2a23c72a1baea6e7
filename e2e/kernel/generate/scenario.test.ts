import { expect, test } from "vitest";
import { bootScenario } from "../../../src/scenario/boot";
import { generateScenario } from "./scenario";

test("the same seed gives the same scenario, another one another", () => {
  expect(generateScenario(7)).toBe(generateScenario(7));
  expect(generateScenario(7)).not.toBe(generateScenario(8));
});

test("the API server accepts what is generated, and it comes to rest", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const booted = bootScenario(generateScenario(seed));
    if (!booted.ok) throw new Error(`seed ${seed}: ${booted.errors[0]?.message}`);
    expect(booted.world.settle(), `seed ${seed}`).toBe(true);
  }
});

/** What the first so many seeds come to, all taken together. */
const TOGETHER = Array.from({ length: 60 }, (_, index) => generateScenario(index + 1)).join("\n");

test.each([
  "type: ClusterIP",
  "type: NodePort",
  "type: LoadBalancer",
  "clusterIP: None",
  "externalIPs:",
  "loadBalancerSourceRanges:",
  "externalTrafficPolicy: Local",
  "internalTrafficPolicy: Local",
  "sessionAffinity: ClientIP",
  "protocol: UDP",
  "protocol: SCTP",
  "app: nobody",
  "hostNetwork: true",
  "terminating: true",
  "publishNotReadyAddresses: true",
  "trafficDistribution: PreferClose",
  "readinessProbe:",
  "masqueradeAll: true",
  'clusterCIDR: ""',
  "detectLocalMode: NodeCIDR",
  "detectLocalMode: BridgeInterface",
  "detectLocalMode: InterfaceNamePrefix",
  "localhostNodePorts: false",
  "nodePortAddresses:",
  "hairpinMode: false",
  "bridgeNfCallIptables: false",
  "rpFilter: 1",
  "podRoutes: vpc",
  "natGateway:",
  "cloud: ip",
  "cni: vxlan",
  "cni: calico",
  "cni: aws-vpc",
  "kind: Endpoints",
  "ipMode: Proxy",
  "address: 172.18.0.2",
  "tcpBeLiberal: true",
])("some have %s", (text) => {
  expect(TOGETHER).toContain(text);
});
