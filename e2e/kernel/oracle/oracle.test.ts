import { expect, test } from "vitest";
import type { Topology } from "../../../src/core/cluster/topology";
import type { ServiceAddresses } from "./addresses";
import { expectationOf } from "./oracle";
import { settingOf } from "./setting";

const NODES = [1, 2].map((number) => ({
  name: `node-${number}`,
  ip: `10.0.1.1${number}`,
  podCIDR: `10.244.${number}.0/24`,
  listens: [],
}));

type Pod = Topology["pods"][number];

function podOf(name: string, node: number, ip: string, ports: readonly number[] = [8080]): Pod {
  return {
    namespace: "default",
    name,
    node: `node-${node}`,
    ip,
    hostNetwork: false,
    ready: true,
    listens: ports.map((port) => ({ protocol: "TCP", port })),
  };
}

const POD = (name: string, app: string, more = "") => `
---
{kind: Pod, metadata: {name: ${name}, labels: {app: ${app}}}, spec: {containers: [{ports: [{name: http, containerPort: 8080}]${more}}]}}`;

const PODS = [
  podOf("web-1", 1, "10.244.1.4"),
  podOf("web-2", 2, "10.244.2.5"),
  podOf("client", 1, "10.244.1.9", []),
];
const WEB = `${POD("web-1", "web")}${POD("web-2", "web")}${POD("client", "client")}`;

const HOSTS: Topology["hosts"] = [
  { name: "user", ip: "203.0.113.10", zone: "internet", listens: [] },
];

/** What is expected of a request, as text: `50 % default/web-1, 50 % refused`. */
function expected(
  text: string,
  from: string,
  to: string,
  { pods = PODS, service = {}, balancers = [] }: Options = {},
) {
  const topology: Topology = {
    nodes: NODES,
    pods,
    hosts: HOSTS,
    gateways: [],
    loadBalancers: balancers,
    securityGroups: [],
    vpcRoutes: [],
    devices: {},
    options: { hairpinMode: true, bridgeNfCallIptables: true, rpFilter: 0, routeLocalnet: true },
  };
  const addresses: ServiceAddresses = {
    namespace: "default",
    name: "web",
    clusterIP: "10.96.0.20",
    nodePorts: [30_080],
    ingressIps: [],
    ...service,
  };
  const [ip = "", port = ""] = to.split(":");
  const flow = { id: "", from, to: { ip, port: Number(port), protocol: "tcp" as const } };
  const { servers, refused, dropped, exact } = expectationOf(
    settingOf(text, topology, [addresses]),
    flow,
  );
  const shares = [...servers, ["refused", refused] as const, ["dropped", dropped] as const];
  const said = shares
    .filter(([, share]) => share > 0)
    .map(([what, share]) => `${Math.round(100 * share)} % ${what.split(" ")[0]}`);
  return [...said, ...(exact ? [] : ["inexact"])].join(", ");
}

interface Options {
  readonly pods?: readonly Pod[];
  readonly service?: Partial<ServiceAddresses>;
  readonly balancers?: Topology["loadBalancers"];
}

const service = (spec: string) => `
---
{kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}], ${spec}}}`;
const BOTH = "50 % pod/default/web-1, 50 % pod/default/web-2";

test.each([
  ["all that the selector selects", "", "pod/default/client", "10.96.0.20:80", BOTH],
  ["a node, too", "", "node/node-2", "10.96.0.20:80", BOTH],
  ["a port that the Service lacks", "", "pod/default/client", "10.96.0.20:81", "100 % dropped"],
  ["a clusterIP from outside", "", "host/user", "10.96.0.20:80", "100 % dropped"],
  ["any node's nodePort", "type: NodePort", "host/user", "10.0.1.12:30080", BOTH],
  [
    "policy Local: the node's own",
    "type: NodePort, externalTrafficPolicy: Local",
    "host/user",
    "10.0.1.12:30080",
    "100 % pod/default/web-2",
  ],
  [
    "policy Local does not bind the node itself",
    "type: NodePort, externalTrafficPolicy: Local",
    "node/node-2",
    "10.0.1.12:30080",
    BOTH,
  ],
  [
    "a pod that calls another node comes some way or other",
    "type: NodePort, externalTrafficPolicy: Local",
    "pod/default/client",
    "10.0.1.12:30080",
    "25 % pod/default/web-1, 75 % pod/default/web-2, inexact",
  ],
  [
    "internal policy Local",
    "internalTrafficPolicy: Local",
    "pod/default/client",
    "10.96.0.20:80",
    "100 % pod/default/web-1",
  ],
  [
    "headless: nobody has the address",
    "clusterIP: None",
    "node/node-1",
    "10.96.0.20:80",
    "inexact",
  ],
  [
    "an external address from inside",
    "externalIPs: [192.0.2.1]",
    "pod/default/client",
    "192.0.2.1:80",
    BOTH,
  ],
])("%s", (_, spec, from, to, result) => {
  expect(expected(WEB + service(spec), from, to)).toBe(result);
});

test("a pod whose probe asks a port that it does not serve is not ready", () => {
  const sick = POD("web-2", "web", ", readinessProbe: {tcpSocket: {port: 9}}");
  const text = `${POD("web-1", "web")}${sick}${service("")}`;
  expect(expected(text, "node/node-1", "10.96.0.20:80")).toBe("100 % pod/default/web-1");
});

test("nobody ready: refused; ready ones elsewhere and policy Local: dropped", () => {
  const nobody = `${POD("client", "client")}${service("type: NodePort")}`;
  expect(expected(nobody, "host/user", "10.0.1.12:30080")).toBe("100 % refused");
  const local = service("type: NodePort, externalTrafficPolicy: Local");
  const pods = PODS.filter(({ name }) => name !== "web-2");
  expect(expected(WEB + local, "host/user", "10.0.1.12:30080", { pods })).toBe("100 % dropped");
});

test("an endpoint that serves nothing refuses its share", () => {
  const pods = PODS.map((pod) => (pod.name === "web-2" ? { ...pod, listens: [] } : pod));
  expect(expected(WEB + service(""), "node/node-1", "10.96.0.20:80", { pods })).toBe(
    "50 % pod/default/web-1, 50 % refused",
  );
});

const slice = (endpoints: string) => `
---
{kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
---
{kind: EndpointSlice, metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}, ports: [{port: 8080}], endpoints: [${endpoints}]}`;

test.each([
  ["given endpoints", "{addresses: [10.244.1.4]}, {addresses: [10.244.2.5]}", BOTH],
  [
    "one that is not ready",
    "{addresses: [10.244.1.4]}, {addresses: [10.244.2.5], conditions: {ready: false}}",
    "100 % pod/default/web-1",
  ],
  [
    "only one that is shutting down",
    "{addresses: [10.244.2.5], conditions: {ready: false, serving: true, terminating: true}}",
    "100 % pod/default/web-2",
  ],
  [
    "one that is shutting down and no longer serves",
    "{addresses: [10.244.2.5], conditions: {ready: false, serving: false, terminating: true}}",
    "100 % refused",
  ],
])("slices made by hand: %s", (_, endpoints, result) => {
  expect(expected(WEB + slice(endpoints), "node/node-1", "10.96.0.20:80")).toBe(result);
});

const balancer = (targets: readonly string[]) => ({
  service: "default/web",
  ip: "198.51.100.101",
  vpcIp: "10.0.0.101",
  kind: "proxy" as const,
  ports: [{ protocol: "TCP", port: 80, nodePort: 30_080 }],
  targets,
});

test("a load balancer has the nodes that pass its health checks", () => {
  const cluster = WEB + service("type: LoadBalancer");
  const ask = (text: string) =>
    expected(text, "host/user", "198.51.100.101:80", { balancers: [balancer(["node-1"])] });
  expect(ask(cluster)).toBe(BOTH);
  expect(ask(`${POD("web-1", "web")}${service("type: LoadBalancer")}`)).toBe(
    "100 % pod/default/web-1",
  );
  expect(ask(WEB + service("type: LoadBalancer, externalTrafficPolicy: Local"))).toBe(BOTH);
  expect(ask(service("type: LoadBalancer"))).toBe("100 % refused");
});

test("source ranges shut out whom they do not name", () => {
  const text = WEB + service("type: LoadBalancer, loadBalancerSourceRanges: [10.244.1.0/24]");
  const vip = { service: { ingressIps: ["198.51.100.101"] } };
  expect(expected(text, "pod/default/client", "198.51.100.101:80", vip)).toBe(BOTH);
  expect(expected(text, "node/node-2", "198.51.100.101:80", vip)).toBe("100 % dropped");
});

test("what is not ordinary is left to the network", () => {
  const scenario = "{kind: Scenario, spec: {nodeOptions: {hairpinMode: false}}}";
  expect(expected(scenario + WEB + service(""), "node/node-1", "10.96.0.20:80")).toBe(
    `${BOTH}, inexact`,
  );
});
