import { describe, expect, it, test } from "vitest";
import { applyAll, loadAll } from "./apply-all";
import { ApiServer } from "./server";
import { Store } from "./store";
import type { Service } from "./types";

const CONFIG = { seed: 1, serviceCIDR: "10.96.0.0/12" };

function cluster(config = CONFIG) {
  const store = new Store();
  return { store, server: new ApiServer(store, config) };
}

function service(name: string, spec: object = {}, metadata: object = {}) {
  const ports = [{ port: 80 }];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, ...metadata },
    spec: { selector: { app: name }, ports, ...spec },
  };
}

function pod(name: string, spec: object = {}, metadata: object = {}) {
  const containers = [{ name: "web", image: "nginx", ports: [{ containerPort: 80 }] }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...metadata },
    spec: { containers, ...spec },
  };
}

function deployment(spec: object = {}, name = "web") {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: "a" } },
      template: {
        metadata: { labels: { app: "a" } },
        spec: { containers: [{ name: "web", image: "nginx" }] },
      },
      ...spec,
    },
  };
}

function messageOf(result: { ok: boolean; status?: { message: string } }): string {
  return result.status?.message ?? "(accepted)";
}

function applied(server: ApiServer, manifest: unknown): Service {
  const result = server.apply(manifest, 0);
  if (!result.ok) throw new Error(result.status.message);
  return result.value.object as Service;
}

const LB = "LoadBalancer";
const TWO = [{ port: 80 }, { port: 81 }];

describe("a Service that is wrong", () => {
  test.each<[string, object, string]>([
    ["no ports", { ports: [] }, "ports: Required value"],
    [
      "port out of range",
      { ports: [{ port: 99999 }] },
      "[spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive]",
    ],
    [
      "port 0",
      { ports: [{ port: 0, targetPort: 80 }] },
      "ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
    [
      "two ports, no names",
      { ports: TWO },
      "[spec.ports[0].name: Required value, spec.ports[1].name: Required value]",
    ],
    [
      "same name twice",
      {
        ports: [
          { name: "http", port: 80 },
          { name: "http", port: 81 },
        ],
      },
      'ports[1].name: Duplicate value: "http"',
    ],
    [
      "same port twice",
      {
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 80 },
        ],
      },
      'ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
    ],
    [
      "bad type",
      { type: "Foo" },
      'type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
    [
      "bad protocol",
      { ports: [{ port: 80, protocol: "HTTP" }] },
      'ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
    ],
    [
      "bad named targetPort",
      { ports: [{ port: 80, targetPort: "8-" }] },
      '[spec.ports[0].targetPort: Invalid value: "8-": must contain at least one letter (a-z), spec.ports[0].targetPort: Invalid value: "8-": must not begin or end with a hyphen]',
    ],
    [
      "nodePort on ClusterIP",
      { ports: [{ port: 80, nodePort: 30007 }] },
      "ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [
      "nodePort outside range",
      { type: "NodePort", ports: [{ port: 80, nodePort: 8080 }] },
      "ports[0].nodePort: Invalid value: 8080: provided port is not in the valid range. The range of valid ports is 30000-32767",
    ],
    [
      "clusterIP outside CIDR",
      { clusterIP: "10.0.0.5" },
      'clusterIPs: Invalid value: []string{"10.0.0.5"}: failed to allocate IP 10.0.0.5: the provided IP (10.0.0.5) is not in the valid range. The range of valid IPs is 10.96.0.0/12',
    ],
    [
      "clusterIP that is none",
      { clusterIP: "nope" },
      'clusterIPs[0]: Invalid value: "nope": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    [
      "headless load balancer",
      { type: LB, clusterIP: "None" },
      "clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services",
    ],
    [
      "headless NodePort",
      { type: "NodePort", clusterIP: "None" },
      "clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services",
    ],
    ["ExternalName without name", { type: "ExternalName" }, "externalName: Required value"],
    [
      "ExternalName with clusterIP",
      { type: "ExternalName", externalName: "a.b", clusterIP: "10.96.0.9" },
      "clusterIPs: Forbidden: may not be set for ExternalName services",
    ],
    [
      "affinity value",
      { sessionAffinity: "X" },
      'sessionAffinity: Unsupported value: "X": supported values: "ClientIP", "None"',
    ],
    [
      "affinity timeout",
      {
        sessionAffinity: "ClientIP",
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 90000 } },
      },
      "sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater than 0 and less than 86400",
    ],
    [
      "externalTrafficPolicy on ClusterIP",
      { externalTrafficPolicy: "Local" },
      'externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
    ],
    [
      "healthCheckNodePort without Local",
      { type: LB, healthCheckNodePort: 30456 },
      "healthCheckNodePort: Invalid value: 30456: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
    [
      "source ranges on ClusterIP",
      { loadBalancerSourceRanges: ["10.0.0.0/8"] },
      "LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
    ],
    [
      "source range that is none",
      { type: LB, loadBalancerSourceRanges: ["1.2.3"] },
      'LoadBalancerSourceRanges[0]: Invalid value: "1.2.3": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
    [
      "trafficDistribution",
      { trafficDistribution: "X" },
      'trafficDistribution: Unsupported value: "X": supported values: "PreferClose"',
    ],
    [
      "external IP on loopback",
      { externalIPs: ["127.0.0.1"] },
      'externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
  ])("%s", (_, spec, text) => {
    const detail = text.startsWith("[") ? text : `spec.${text}`;
    const { server } = cluster();
    expect(messageOf(server.create(service("x", spec), 0))).toBe(
      `Service "x" is invalid: ${detail}`,
    );
  });

  it("may have no selector, select nothing, and target ports that nobody declares", () => {
    const { server } = cluster();
    expect(
      server.create(
        service("a", { selector: undefined, ports: [{ port: 80, targetPort: "web" }] }),
        0,
      ).ok,
    ).toBe(true);
    expect(
      server.create(service("b", { type: "ExternalName", externalName: "10.1.2.3.", ports: [] }), 0)
        .ok,
    ).toBe(true);
  });

  it("drops an affinity timeout without affinity, as SetDefaults_Service does", () => {
    const { server } = cluster();
    const stored = applied(
      server,
      service("x", { sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } }),
    );
    expect(stored.spec.sessionAffinityConfig).toBeUndefined();
  });

  it("names each wrong field in its causes", () => {
    const { server } = cluster();
    const result = server.create(service("x", { ports: TWO }), 0);
    expect(!result.ok && result.status).toMatchObject({ reason: "Invalid", code: 422 });
    expect(!result.ok && result.status.causes).toEqual([
      { field: "spec.ports[0].name", message: "Required value" },
      { field: "spec.ports[1].name", message: "Required value" },
    ]);
  });
});

describe("a name that is wrong", () => {
  const dns1035 =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
  const label =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  const subdomain =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
  const long = "a".repeat(64);
  test.each<[object, string]>([
    [
      service("9web"),
      `Service "9web" is invalid: metadata.name: Invalid value: "9web": ${dns1035}`,
    ],
    [
      service(long),
      `Service "${long}" is invalid: [metadata.name: Invalid value: "${long}": must be no more than 63 characters, spec.selector: Invalid value: "${long}": must be no more than 63 characters]`,
    ],
    [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "Bad" } },
      `Namespace "Bad" is invalid: metadata.name: Invalid value: "Bad": ${label}`,
    ],
    [pod("A_b"), `Pod "A_b" is invalid: metadata.name: Invalid value: "A_b": ${subdomain}`],
    [
      deployment({}, "Bad"),
      `Deployment.apps "Bad" is invalid: metadata.name: Invalid value: "Bad": ${subdomain}`,
    ],
    [pod(""), 'Pod "" is invalid: metadata.name: Required value: name or generateName is required'],
    [
      pod("p", {}, { labels: { app: "-" } }),
      `Pod "p" is invalid: metadata.labels: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
  ])("%#", (manifest, text) => {
    expect(messageOf(cluster().server.create(manifest, 0))).toBe(text);
  });
});

describe("a pod or workload that is wrong", () => {
  const container = { name: "web", image: "nginx" };
  test.each<[string, object, string]>([
    [
      "no containers",
      pod("p", { containers: [] }),
      'Pod "p" is invalid: spec.containers: Required value',
    ],
    [
      "container port",
      pod("p", { containers: [{ ...container, ports: [{ containerPort: 99999 }] }] }),
      'Pod "p" is invalid: spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive',
    ],
    [
      "no image",
      pod("p", { containers: [{ name: "web" }] }),
      'Pod "p" is invalid: spec.containers[0].image: Required value',
    ],
    [
      "container twice",
      pod("p", { containers: [container, container] }),
      'Pod "p" is invalid: spec.containers[1].name: Duplicate value: "web"',
    ],
    [
      "probe of nothing",
      pod("p", { containers: [{ ...container, readinessProbe: {} }] }),
      'Pod "p" is invalid: spec.containers[0].readinessProbe: Required value: must specify a handler type',
    ],
    [
      "probe without port",
      pod("p", { containers: [{ ...container, readinessProbe: { httpGet: {} } }] }),
      'Pod "p" is invalid: spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
    [
      "selector mismatch",
      deployment({ selector: { matchLabels: { app: "b" } } }),
      'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"a"}: `selector` does not match template `labels`',
    ],
    [
      "no selector",
      deployment({ selector: undefined }),
      'Deployment.apps "web" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: map[string]string{"app":"a"}: `selector` does not match template `labels`]',
    ],
    [
      "empty selector",
      deployment({ selector: {} }),
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment',
    ],
    [
      "negative replicas",
      deployment({ replicas: -1 }),
      'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      "restartPolicy",
      deployment({
        template: {
          metadata: { labels: { app: "a" } },
          spec: { containers: [container], restartPolicy: "Never" },
        },
      }),
      'Deployment.apps "web" is invalid: spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
    [
      "no surge, nothing unavailable",
      deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      'Deployment.apps "web" is invalid: spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
    ],
    [
      "slice of no type",
      {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: { name: "s" },
        endpoints: [{}],
      },
      'EndpointSlice.discovery.k8s.io "s" is invalid: [addressType: Required value, endpoints[0].addresses: Required value: must contain at least 1 address]',
    ],
    [
      "host without zone",
      {
        apiVersion: "kubehop.dev/v1alpha1",
        kind: "Host",
        metadata: { name: "h" },
        spec: { zone: "moon", ip: "1.2.3" },
      },
      'Host.kubehop.dev "h" is invalid: [spec.zone: Unsupported value: "moon": supported values: "internet", "vpc", spec.ip: Invalid value: "1.2.3": must be a valid IPv4 address]',
    ],
  ])("%s", (_, manifest, text) => {
    expect(messageOf(cluster().server.create(manifest, 0))).toBe(text);
  });

  it("may not change the selector of a Deployment", () => {
    const { server } = cluster();
    applied(server, deployment());
    const labels = { app: "b" };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    expect(
      messageOf(server.apply(deployment({ selector: { matchLabels: labels }, template }), 0)),
    ).toBe(
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"b"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
    );
  });

  it("may change a live pod's image and labels, not its ports", () => {
    const { server } = cluster();
    applied(server, pod("p"));
    const other = { name: "web", image: "nginx:2", ports: [{ containerPort: 80 }] };
    expect(server.apply(pod("p", { containers: [other] }, { labels: { app: "x" } }), 0).ok).toBe(
      true,
    );
    const refused = messageOf(
      server.apply(pod("p", { containers: [{ ...other, ports: [{ containerPort: 81 }] }] }), 0),
    );
    expect(refused).toContain(
      'Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,',
    );
    expect(refused).toContain("+ spec.containers[0].ports[0].containerPort: 81");
  });
});

describe("requests", () => {
  it("says what is not there, what is there already, and what has changed meanwhile", () => {
    const { server } = cluster();
    expect(messageOf(server.delete("Deployment", "default", "web", 0))).toBe(
      'deployments.apps "web" not found',
    );
    expect(messageOf(server.create(pod("p", {}, { namespace: "demo" }), 0))).toBe(
      'namespaces "demo" not found',
    );
    applied(server, service("kuard"));
    expect(messageOf(server.create(service("kuard"), 0))).toBe('services "kuard" already exists');
    // What is wrong in itself is said first.
    expect(messageOf(server.create(service("kuard", { ports: [{ port: 0 }] }), 0))).toContain(
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
    );
    expect(messageOf(server.replace(service("kuard", {}, { resourceVersion: "1" })))).toBe(
      'Operation cannot be fulfilled on services "kuard": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(messageOf(server.create({ apiVersion: "v1", kind: "Foo" }, 0))).toBe(
      'no matches for kind "Foo" in version "v1"',
    );
    expect(messageOf(server.delete("Namespace", "", "default", 0))).toBe(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    );
  });

  it("marks pods on nodes, namespaces and what has finalizers; the rest goes at once", () => {
    const { server, store } = cluster();
    applied(server, { apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
    applied(server, { apiVersion: "v1", kind: "Namespace", metadata: { name: "demo" } });
    applied(server, pod("bound", { nodeName: "n" }));
    applied(server, pod("waiting"));
    applied(
      server,
      service("held", {}, { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] }),
    );
    for (const name of ["bound", "waiting"]) server.delete("Pod", "default", name, 1_000_000);
    server.delete("Service", "default", "held", 1_000_000);
    server.delete("Namespace", "", "demo", 1_000_000);
    const marked = { metadata: { deletionTimestamp: "2026-01-01T00:00:01Z" } };
    expect(store.find("Pod", "default", "bound")).toMatchObject(marked);
    expect(store.find("Pod", "default", "waiting")).toBeUndefined();
    expect(store.find("Service", "default", "held")).toMatchObject(marked);
    expect(store.find("Namespace", "", "demo")).toMatchObject({
      ...marked,
      status: { phase: "Terminating" },
    });
    expect(messageOf(server.create(pod("p", {}, { namespace: "demo" }), 0))).toBe(
      'pods "p" is forbidden: unable to create new content in namespace demo because it is being terminated',
    );
    server.edit("Service", "default", "held", (held) => ({
      ...held,
      metadata: { ...held.metadata, finalizers: [] },
    }));
    expect(store.find("Service", "default", "held")).toBeUndefined();
  });

  it("applies all or nothing", () => {
    const { server, store } = cluster();
    const before = store.resourceVersion;
    const report = applyAll(server, [service("good"), service("9bad"), pod("p")], 0);
    expect(report.errors.map((error) => error.index)).toEqual([1]);
    expect(store.resourceVersion).toBe(before);
    const again = applyAll(server, [service("good"), pod("p")], 0);
    expect(again.applied.map((one) => one.text)).toEqual(["service/good created", "pod/p created"]);
  });
});

describe("apply", () => {
  it("keeps what the server filled in, removes what the manifest dropped, and knows when nothing changed", () => {
    const { server } = cluster();
    const first = service("kuard", { type: "NodePort" }, { labels: { a: "1", b: "2" } });
    const created = applied(server, first);
    expect(server.apply(first, 0)).toMatchObject({
      value: { outcome: "unchanged", text: "service/kuard unchanged" },
    });
    const changed = applied(
      server,
      service("kuard", { type: "NodePort", selector: { app: "other" } }, { labels: { a: "1" } }),
    );
    expect(changed.spec.clusterIP).toBe(created.spec.clusterIP);
    expect(changed.spec.ports).toEqual(created.spec.ports);
    expect(changed.spec.selector).toEqual({ app: "other" });
    expect(changed.metadata.labels).toEqual({ a: "1" });
    expect(changed.metadata.uid).toBe(created.metadata.uid);
  });

  it("keeps what others set and the manifest never said", () => {
    const { server, store } = cluster();
    applied(server, deployment({ replicas: undefined }));
    server.edit("Deployment", "default", "web", (old) => ({
      ...old,
      spec: { ...old.spec, replicas: 5 },
    }));
    applied(server, deployment({ minReadySeconds: 3 }));
    expect(store.find("Deployment", "default", "web")?.spec.replicas).toBe(5);
    expect(store.find("Deployment", "default", "web")?.metadata.generation).toBe(3);
  });

  it("lets a Deployment change to Recreate", () => {
    const { server } = cluster();
    applied(server, deployment());
    expect(server.apply(deployment({ strategy: { type: "Recreate" } }), 0).ok).toBe(true);
  });

  it("drops and frees what a new type cannot have", () => {
    const { server } = cluster();
    const before = applied(
      server,
      service("a", {
        type: LB,
        externalTrafficPolicy: "Local",
        ports: [{ port: 80, nodePort: 30007 }],
      }),
    );
    expect(before.spec.healthCheckNodePort).toBeGreaterThanOrEqual(30000);
    const after = applied(server, service("a", {}));
    expect(after.spec.ports).toEqual([{ port: 80, protocol: "TCP", targetPort: 80 }]);
    expect(after.spec).not.toHaveProperty("externalTrafficPolicy");
    expect(after.spec).not.toHaveProperty("healthCheckNodePort");
    expect(after.spec.clusterIP).toBe(before.spec.clusterIP);
    applied(server, service("b", { type: "NodePort", ports: [{ port: 80, nodePort: 30007 }] }));
    const external = applied(
      server,
      service("a", { type: "ExternalName", externalName: "example.com" }),
    );
    expect(external.spec).not.toHaveProperty("clusterIP");
    applied(server, service("c", { clusterIP: before.spec.clusterIP }));
  });

  test.each<[string, object, object, string]>([
    [
      "clusterIP",
      {},
      { clusterIP: "10.96.1.1" },
      'spec.clusterIPs[0]: Invalid value: []string{"10.96.1.1"}: may not change once set',
    ],
    [
      "loadBalancerClass",
      { type: LB, loadBalancerClass: "a/b" },
      { type: LB, loadBalancerClass: "a/c" },
      'spec.loadBalancerClass: Invalid value: "a/c": may not change once set',
    ],
    [
      "healthCheckNodePort",
      { type: LB, externalTrafficPolicy: "Local", healthCheckNodePort: 30010 },
      { type: LB, externalTrafficPolicy: "Local", healthCheckNodePort: 30011 },
      "spec.healthCheckNodePort: Forbidden: field is immutable",
    ],
  ])("refuses another %s", (_, from, to, text) => {
    const { server } = cluster();
    applied(server, service("x", from));
    expect(messageOf(server.apply(service("x", to), 0))).toBe(`Service "x" is invalid: ${text}`);
  });
});

describe("loading a scenario", () => {
  it("reserves the addresses that objects name before it picks any, and makes missing namespaces", () => {
    const small = cluster({ seed: 1, serviceCIDR: "10.96.0.0/29" });
    const names = ["a", "b", "c", "d", "e"].map((name) => service(name, {}, { namespace: "shop" }));
    const report = loadAll(
      small.server,
      [...names, service("fixed", { clusterIP: "10.96.0.3" })],
      0,
    );
    expect(report.errors).toEqual([]);
    expect(report.applied.map((one) => one.object.metadata.name)).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
      "fixed",
    ]);
    expect(small.store.find("Namespace", "", "shop")).toBeDefined();
    expect(messageOf(small.server.create(service("more"), 0))).toBe(
      "Internal error occurred: failed to allocate a serviceIP: range is full",
    );
  });

  it("keeps uid and status of exported objects, which apply would not", () => {
    const exported = {
      ...pod("p", {}, { uid: "u-1", resourceVersion: "77", managedFields: [{}] }),
      status: { phase: "Running", podIP: "10.244.1.9" },
    };
    const { server, store } = cluster();
    expect(loadAll(server, [exported], 0).errors).toEqual([]);
    expect(store.find("Pod", "default", "p")).toMatchObject({
      metadata: { uid: "u-1" },
      status: { podIP: "10.244.1.9" },
    });
    const other = cluster();
    applied(other.server, exported);
    expect(other.store.find("Pod", "default", "p")?.status).toEqual({ phase: "Pending" });
    expect(other.store.find("Pod", "default", "p")?.metadata.uid).not.toBe("u-1");
  });
});
