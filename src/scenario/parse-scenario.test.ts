import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { loadAll } from "../core/api/apply-all";
import { DEFAULT_CLUSTER_CONFIG } from "../core/api/cluster-config";
import { ApiServer } from "../core/api/server";
import { Store } from "../core/api/store";
import { documentErrors } from "./document-error";
import { parseScenario } from "./parse-scenario";
import { SHOP } from "./testing/shop";

const SCENARIO = "apiVersion: kubehop.dev/v1alpha1\nkind: Scenario\n";
const NODE = "apiVersion: v1\nkind: Node\n";

/** `line:column message` of each. */
function errorsOf(text: string): string[] {
  return parseScenario(text).errors.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

/** Errors of a text that the API server judges too. */
function load(text: string) {
  const parsed = parseScenario(text);
  const store = new Store();
  const server = new ApiServer(store, parsed.scenario);
  const report = loadAll(
    server,
    parsed.objects.map((object) => object.manifest),
    0,
  );
  const errors = report.errors.flatMap(({ index, status }) => {
    const object = parsed.objects[index];
    return object ? documentErrors(object, status) : [];
  });
  return { parsed, store, errors };
}

describe("a text without a Scenario", () => {
  it("gets the default world", () => {
    const { scenario, objects, errors } = parseScenario("");
    expect(errors).toEqual([]);
    expect(scenario).toEqual(DEFAULT_CLUSTER_CONFIG);
    expect(objects.map((object) => object.source)).toEqual([
      "Node node-1",
      "Node node-2",
      "Node node-3",
      "Host user",
      "Host db",
      "Host vm",
    ]);
    expect(objects[2]?.manifest).toMatchObject({
      spec: { podCIDR: "10.244.3.0/24" },
      status: {
        addresses: [
          { type: "InternalIP", address: "10.0.1.13" },
          { type: "Hostname", address: "node-3" },
        ],
      },
    });
  });

  it("takes an application as it is, and lists what it ignores", () => {
    const { parsed, store, errors } = load(SHOP);
    expect([...parsed.errors, ...errors]).toEqual([]);
    expect(parsed.ignored).toEqual(["ServiceAccount default/frontend"]);
    expect([...store.list("Deployment")].map((one) => one.metadata.name)).toEqual([
      "frontend",
      "cart",
    ]);
    expect(
      store.find("Service", "default", "frontend-external")?.spec.ports?.[0]?.nodePort,
    ).toBeGreaterThan(30_085);
    expect(store.find("Deployment", "default", "frontend")?.spec.template.spec).toMatchObject({
      serviceAccountName: "frontend",
    });
  });

  it("opens lists, and ignores what is not about the network", () => {
    const { objects, ignored, errors } = parseScenario(`
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}}
- {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}}
- {apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}
---
apiVersion: v1
kind: ServiceList
items: [{metadata: {name: b}}]
`);
    expect(errors).toEqual([]);
    expect(objects.slice(0, 2).map(({ source, line }) => `${line} ${source}`)).toEqual([
      "5 Service shop/a",
      "11 Service default/b",
    ]);
    expect(ignored).toEqual(["StatefulSet default/db (not modelled)", "Widget default/w"]);
  });
});

describe("machines", () => {
  it("get the addresses that are free", () => {
    const { objects, errors } = parseScenario(
      [
        `${NODE}metadata: {name: a}`,
        `${NODE}metadata: {name: b}\nspec: {podCIDR: 10.244.0.0/24}\nstatus: {addresses: [{type: InternalIP, address: 10.0.1.11}]}`,
        `${NODE}metadata: {name: c}\nstatus: {conditions: [{type: Ready, status: "False"}]}`,
      ].join("\n---\n"),
    );
    expect(errors).toEqual([]);
    const nodes = objects
      .slice(0, 3)
      .map(
        ({ manifest }) =>
          manifest as { spec: { podCIDR: string }; status: { addresses: { address: string }[] } },
      );
    expect(
      nodes.map((node) => `${node.status.addresses[0]?.address} ${node.spec.podCIDR}`),
    ).toEqual(["10.0.1.12 10.244.1.0/24", "10.0.1.11 10.244.0.0/24", "10.0.1.13 10.244.2.0/24"]);
    expect(nodes[2]?.status).toMatchObject({ conditions: [{ type: "Ready", status: "False" }] });
  });

  it("may not share one", () => {
    const node = (name: string) =>
      `${NODE}metadata: {name: ${name}}\nstatus: {addresses: [{type: InternalIP, address: 10.0.1.11}]}`;
    expect(errorsOf(`${node("a")}\n---\n${node("b")}`)).toEqual([
      '9:10 status.addresses: Duplicate value: "10.0.1.11": Node a has it',
    ]);
  });
});

describe("a Scenario", () => {
  it("is read whole, the rest filled in", () => {
    const { scenario, errors } = parseScenario(`${SCENARIO}metadata: {name: mine}
spec:
  title: Mine
  seed: 42
  clusterCIDR: 10.200.0.0/16
  podRoutes: vpc
  cloud: none
  natGateway: 198.51.100.1
  addons: []
  kubeProxy:
    clusterCIDR: ""
    detectLocalMode: InterfaceNamePrefix
    detectLocal: {interfaceNamePrefix: veth}
    nodePortAddresses: [10.0.0.0/16]
    iptables: {masqueradeAll: yes, masqueradeBit: 15, minSyncPeriod: 1m500ms}
  nodeOptions: {hairpinMode: false, rpFilter: 2, sourceDestCheck: true}
`);
    expect(errors).toEqual([]);
    expect(scenario).toEqual({
      ...DEFAULT_CLUSTER_CONFIG,
      name: "mine",
      title: "Mine",
      seed: 42,
      clusterCIDR: "10.200.0.0/16",
      podRoutes: "vpc",
      cloud: "none",
      natGateway: "198.51.100.1",
      addons: [],
      kubeProxy: {
        mode: "iptables",
        clusterCIDR: "",
        detectLocalMode: "InterfaceNamePrefix",
        detectLocal: { interfaceNamePrefix: "veth" },
        nodePortAddresses: ["10.0.0.0/16"],
        iptables: {
          masqueradeAll: true,
          masqueradeBit: 15,
          localhostNodePorts: true,
          minSyncPeriodUs: 60_500_000,
        },
        conntrack: { tcpBeLiberal: false },
      },
      options: {
        hairpinMode: false,
        bridgeNfCallIptables: true,
        rpFilter: 2,
        sourceDestCheck: true,
      },
    });
  });

  test.each<[string, string]>([
    [
      "cni: weave",
      '4:3 spec.cni: Unsupported value: "weave": supported values: "bridge", "vxlan", "calico", "aws-vpc"',
    ],
    [
      "cloud: gcp",
      '4:3 spec.cloud: Unsupported value: "gcp": supported values: "aws", "ip", "none"',
    ],
    [
      "addons: [dns]",
      '4:12 spec.addons[0]: Unsupported value: "dns": supported values: "kubernetes", "coredns"',
    ],
    [
      "clusterCIDR: 10.244/16",
      '4:3 spec.clusterCIDR: Invalid value: "10.244/16": must be a valid IPv4 CIDR, (e.g. 10.244.0.0/16)',
    ],
    [
      "serviceCIDR: 10.244.0.0/20",
      '4:3 spec.serviceCIDR: Invalid value: "10.244.0.0/20": must not overlap clusterCIDR 10.244.0.0/16',
    ],
    [
      "clusterCIDR: 10.100.0.0/16",
      '4:3 spec.clusterCIDR: Invalid value: "10.100.0.0/16": must not overlap serviceCIDR 10.96.0.0/12',
    ],
    [
      "clusterCIDR: 10.244.0.0/28",
      '4:3 spec.clusterCIDR: Invalid value: "10.244.0.0/28": must hold at least one /24, a node\'s pod CIDR',
    ],
    [
      "natGateway: here",
      '4:3 spec.natGateway: Invalid value: "here": must be a valid IPv4 address',
    ],
    [
      "seed: many",
      "4:3 json: cannot unmarshal string into Go struct field ScenarioSpec.spec.seed of type int64",
    ],
    ["colour: red", '4:3 strict decoding error: unknown field "spec.colour"'],
    [
      "kubeProxy: {mode: ipvs}",
      '4:15 spec.kubeProxy.mode: Unsupported value: "ipvs": supported values: "iptables"',
    ],
    [
      "kubeProxy: {iptables: {masqueradeBit: 40}}",
      "4:26 spec.kubeProxy.iptables.masqueradeBit: Invalid value: 40: must be within the range [0, 31]",
    ],
    [
      "nodeOptions: {rpFilter: 3}",
      "4:17 spec.nodeOptions.rpFilter: Invalid value: 3: must be 0, 1 or 2",
    ],
  ])("with %s", (line, error) => {
    expect(errorsOf(`${SCENARIO}spec:\n  ${line}\n`)).toEqual([error]);
  });

  it("comes once", () => {
    expect(errorsOf(`${SCENARIO}---\n${SCENARIO}`)).toEqual([
      "4:1 a second Scenario: line 1 has one already",
    ]);
  });
});

describe("a broken text", () => {
  test.each<[string, string[]]>([
    [
      "a: 1\nb: [1\n",
      ["3:1 Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ],
    ["a: 1\nb: 2\na: 3\n", ["3:1 Map keys must be unique"]],
    [
      "just text",
      [
        "1:1 couldn't get version/kind; json: cannot unmarshal string into Go value of type map[string]interface {}",
      ],
    ],
    ["apiVersion: v1\nkind: Servce\n", ['2:1 no matches for kind "Servce" in version "v1"']],
    [
      "apiVersion: extensions/v1beta1\nkind: Deployment\n",
      ['2:1 no matches for kind "Deployment" in version "extensions/v1beta1"'],
    ],
    ["kind: Service\n", ["1:1 Object 'apiVersion' is missing in the document"]],
  ])("%#", (text, expected) => {
    const { parsed, errors } = load(text);
    expect(
      [...parsed.errors, ...errors].map(
        ({ line, column, message }) => `${line}:${column} ${message}`,
      ),
    ).toEqual(expected);
  });

  it("points at the very field that the API server refuses", () => {
    const { errors } = load(`# top
apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80
    targetPort: 8080
  - port: 99999
    targetPort: 1
  loadBalancerSourceRanges: [10.0.0.0/8]
---
apiVersion: v1
kind: Service
metadata: {name: b}
spec:
  selectr: {app: b}
`);
    expect(
      errors.map(({ line, column, object, message }) => `${line}:${column} ${object}: ${message}`),
    ).toEqual([
      "8:5 Service default/a: spec.ports[0].name: Required value",
      "10:5 Service default/a: spec.ports[1].name: Required value",
      "10:5 Service default/a: spec.ports[1].port: Invalid value: 99999: must be between 1 and 65535, inclusive",
      "12:3 Service default/a: spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
      '18:3 Service default/b: strict decoding error: unknown field "spec.selectr"',
    ]);
  });

  it("is refused when it is too much", () => {
    expect(errorsOf("#".repeat(2_000_001))).toEqual([
      "1:1 the text has 2000001 characters; at most 2000000 are read",
    ]);
    expect(errorsOf("---\na: 1\n".repeat(5_001))).toEqual([
      "1:1 the text has 5001 documents; at most 5000 are read",
    ]);
    const laughs = Array.from(
      { length: 9 },
      (_, level) =>
        `a${level}: &a${level} [${Array(9).fill(level === 0 ? "ha" : `*a${level - 1}`)}]`,
    );
    expect(errorsOf(laughs.join("\n"))[0]).toContain("Excessive alias count");
  });

  it("is refused where it nests past all reason", () => {
    expect(errorsOf("[".repeat(20_000))[0]).toContain("the document nests too deeply");
    const deep = `a:\n  ${"- ".repeat(200)}x`;
    const { errors } = load(`apiVersion: v1\nkind: Pod\n${deep}\n`);
    expect(errors.map((error) => error.message)).toEqual(["json: exceeded max depth"]);
  });

  it("never throws", () => {
    const pieces = fc.constantFrom(
      "apiVersion: v1\n",
      "kind: Service\n",
      "kind: List\n",
      "kind: Node\n",
      "items:\n",
      "- ",
      "  spec: ",
      "metadata: {name: a}\n",
      "---\n",
      "&a ",
      "*a ",
      "[",
      "{",
      "}",
      ":",
      "\t",
      "? ",
      "<<: ",
      "!x ",
      "|\n",
      '"',
      "null\n",
      SCENARIO,
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 30 }),
        (parts) => {
          load(parts.join(""));
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});

describe("objects exported from a real cluster", () => {
  const replicaSet =
    "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web-1, uid: rs-uid}\nspec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}";
  const pod = (name: string, uid: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  uid: ${name}-uid
  resourceVersion: "812"
  creationTimestamp: "2025-05-01T10:00:00Z"
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: ${uid}, controller: true}]
spec: {nodeName: node-1, containers: [{name: c, image: i}]}
status: {phase: Running, podIP: 10.244.1.77, hostIP: 10.0.1.11, conditions: [{type: Ready, status: "True"}]}`;

  it("keep status and owners that are there; owners that are not are left out", () => {
    const { store, errors, parsed } = load(
      [pod("mine", "rs-uid"), pod("orphan", "gone"), replicaSet].join("\n---\n"),
    );
    expect([...parsed.errors, ...errors]).toEqual([]);
    expect(store.find("Pod", "default", "mine")).toMatchObject({
      metadata: {
        uid: "mine-uid",
        creationTimestamp: "2025-05-01T10:00:00Z",
        ownerReferences: [{ uid: "rs-uid" }],
      },
      status: { podIP: "10.244.1.77", conditions: [{ type: "Ready" }] },
    });
    expect(store.find("Pod", "default", "orphan")?.metadata).not.toHaveProperty("ownerReferences");
  });

  it("make their namespace, and lose their second address family", () => {
    const { store, errors } = load(`apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop, managedFields: [{manager: x}]}
spec:
  clusterIP: 10.96.7.7
  clusterIPs: [10.96.7.7, "fd00::7"]
  ipFamilies: [IPv4, IPv6]
  ipFamilyPolicy: PreferDualStack
  ports: [{port: 80}]
status: {loadBalancer: {}}`);
    expect(errors).toEqual([]);
    expect(store.find("Service", "shop", "a")?.spec.clusterIPs).toEqual(["10.96.7.7"]);
    expect(store.find("Service", "shop", "a")?.metadata).not.toHaveProperty("managedFields");
  });

  it("are applied in order where one comes twice", () => {
    const service = (app: string, more = "") =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: ${app}}, ports: [{port: 80}]${more}}`;
    const { store, errors } = load(
      `${service("old")}\n---\n${service("new", ", clusterIP: 10.96.0.77")}`,
    );
    expect(errors.map((error) => error.message)).toEqual([
      expect.stringContaining(
        'spec.clusterIPs[0]: Invalid value: []string{"10.96.0.77"}: may not change once set',
      ),
    ]);
    expect(store.count("Service")).toBe(0);
    const later = load(`${service("old")}\n---\n${service("new")}`);
    expect(later.store.find("Service", "default", "a")?.spec.selector).toEqual({ app: "new" });
  });
});

test("the default scenario has nothing wrong, and all that a visitor meets", () => {
  const { parsed, store, errors } = load(readFileSync("public/scenarios/default.yaml", "utf8"));
  expect([...parsed.errors, ...errors, ...parsed.ignored]).toEqual([]);
  expect(parsed.scenario).toMatchObject({
    title: "User → ELB → Node → iptables → Pod",
    natGateway: "198.51.100.1",
  });
  expect([...store.list("Node")].map((node) => node.spec.podCIDR)).toEqual([
    "10.244.1.0/24",
    "10.244.2.0/24",
    "10.244.3.0/24",
  ]);
  expect([...store.list("Host")].map((host) => host.spec.ip)).toEqual([
    "203.0.113.10",
    "198.51.100.20",
    "10.0.9.20",
  ]);
  expect(store.find("Service", "default", "kuard")?.spec).toMatchObject({
    type: "LoadBalancer",
    ports: [{ port: 80, targetPort: 8080 }],
  });
});
