import type { EndpointSlice, Host, KubeObject, Node, Pod, Service } from "../../../core/api/types";
import type { MirrorRecords } from "../../../stores/mirror";
import type { HopView, LoadBalancerView, MirrorRecord, RuleView } from "../../../worker/protocol";

export function record(value: KubeObject): MirrorRecord {
  const { namespace, name } = value.metadata;
  const id = namespace ? `${value.kind}/${namespace}/${name}` : `${value.kind}/${name}`;
  return { id, type: "object", value };
}

const meta = (name: string, namespace = "", labels: Record<string, string> = {}) => ({
  name,
  namespace,
  labels,
  uid: `${namespace}-${name}`,
  resourceVersion: "1",
});

export function node(number: number, ready = true): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: meta(`node-${number}`),
    spec: { podCIDR: `10.244.${number}.0/24` },
    status: {
      addresses: [
        { type: "InternalIP", address: `10.0.1.${10 + number}` },
        { type: "ExternalIP", address: `203.0.113.${100 + number}` },
      ],
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}

export interface PodOptions {
  readonly namespace?: string;
  readonly app?: string;
  readonly ready?: boolean;
  readonly deleted?: boolean;
  readonly hostNetwork?: boolean;
}

export function pod(
  name: string,
  onNode: string | undefined,
  ip?: string,
  more: PodOptions = {},
): Pod {
  const { namespace = "default", app = "kuard", ready = true, deleted = false } = more;
  const owner = /^(.+-[0-9a-f]{9})-/.exec(name)?.[1];
  const label = namespace === "kube-system" ? "k8s-app" : "app";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...meta(name, namespace, { [label]: app }),
      ownerReferences: owner
        ? [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner }]
        : [],
      deletionTimestamp: deleted ? "2026-01-01T00:00:00Z" : undefined,
    },
    spec: { nodeName: onNode, hostNetwork: more.hostNetwork, containers: [] },
    status: {
      phase: ip ? "Running" : "Pending",
      podIP: ip,
      conditions: [{ type: "Ready", status: ip && ready ? "True" : "False" }],
    },
  };
}

export function host(
  name: string,
  zone: "internet" | "vpc",
  ip: string,
  ports: readonly number[] = [],
): Host {
  return {
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "Host",
    metadata: meta(name),
    spec: {
      zone,
      ip,
      hostnames: ports.length > 0 && zone === "internet" ? [`${name}.example.com`] : [],
      listens: ports.map((port) => ({ protocol: "TCP", port })),
    },
  };
}

export function service(
  name: string,
  spec: Partial<Service["spec"]>,
  namespace = "default",
): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: meta(name, namespace),
    spec: { type: "ClusterIP", ...spec },
    status: { loadBalancer: {} },
  };
}

export function slice(of: Service, pods: readonly Pod[]): EndpointSlice {
  const { name, namespace } = of.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: meta(`${name}-abcde`, namespace, { "kubernetes.io/service-name": name }),
    addressType: "IPv4",
    ports: [{ port: 8080, protocol: "TCP" }],
    endpoints: pods.map((one) => ({
      addresses: [one.status.podIP ?? ""],
      conditions: { ready: one.status.conditions?.[0]?.status === "True" },
      targetRef: { kind: "Pod", namespace: one.metadata.namespace, name: one.metadata.name },
    })),
  };
}

const hash = (number: number) => (number * 7919 + 104729).toString(36).slice(-5).padStart(5, "x");

/** The default world, with as many nodes and kuard pods as asked. */
export function world({ nodes = 3, pods = 3 } = {}): MirrorRecords {
  const kuards = Array.from({ length: pods }, (_, i) => {
    const on = (i % nodes) + 1;
    const ip = `10.244.${on}.${5 + Math.floor(i / nodes)}`;
    return pod(`kuard-6b7f8d9c5-${hash(i)}`, `node-${on}`, ip, { ready: i !== 2 });
  });
  const dns = [1, 2].map((i) => {
    const on = Math.min(i, nodes);
    const options = { namespace: "kube-system", app: "kube-dns" };
    return pod(`coredns-7c65d6cfc-${hash(50 + i)}`, `node-${on}`, `10.244.${on}.${1 + i}`, options);
  });
  const proxies = Array.from({ length: nodes }, (_, i) =>
    pod(`kube-proxy-${hash(80 + i)}`, `node-${i + 1}`, `10.0.1.${11 + i}`, {
      namespace: "kube-system",
      app: "kube-proxy",
      hostNetwork: true,
    }),
  );
  const kuard = service("kuard", {
    type: "LoadBalancer",
    clusterIP: "10.96.14.3",
    selector: { app: "kuard" },
    ports: [{ protocol: "TCP", port: 80, targetPort: 8080, nodePort: 31234 }],
  });
  const kubernetes = service("kubernetes", {
    clusterIP: "10.96.0.1",
    ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: 6443 }],
  });
  const kubeDns = service(
    "kube-dns",
    {
      clusterIP: "10.96.0.10",
      selector: { "k8s-app": "kube-dns" },
      ports: [
        { name: "dns", protocol: "UDP", port: 53, targetPort: 53 },
        { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: 53 },
      ],
    },
    "kube-system",
  );
  const elb: LoadBalancerView = {
    service: "default/kuard",
    kind: "proxy",
    failsOpen: false,
    ip: "192.0.2.10",
    vpcIp: "10.0.0.5",
    hostname: "kuard-1a2b3c.elb.example.com",
    ports: [{ protocol: "TCP", port: 80, nodePort: 31234 }],
    targets: Array.from({ length: nodes }, (_, i) => ({
      node: `node-${i + 1}`,
      healthy: i !== 2,
      reason: i === 2 ? "no answer" : "",
    })),
  };
  const records: MirrorRecord[] = [
    ...Array.from({ length: nodes }, (_, i) => node(i + 1)),
    ...kuards,
    ...dns,
    ...proxies,
    host("user", "internet", "203.0.113.10"),
    host("db", "internet", "198.51.100.20", [80, 443, 5432]),
    host("apiserver", "vpc", "10.0.0.10", [6443]),
    host("resolver", "vpc", "10.0.0.2", [53]),
    host("vm", "vpc", "10.0.9.20"),
    kuard,
    kubernetes,
    kubeDns,
    slice(kuard, kuards),
    slice(kubeDns, dns),
  ].map(record);
  for (let i = 1; i <= nodes; i++) {
    records.push({
      id: `nodeRuntime/node-${i}`,
      type: "nodeRuntime",
      value: {
        node: `node-${i}`,
        up: true,
        proxyRunning: true,
        proxyHalted: false,
        proxyPending: i === 2,
        proxySyncedAtUs: 0,
        rules: 84,
        conntrackEntries: 3,
        sourceDestCheck: false,
        vpcRoute: false,
      },
    });
  }
  records.push({ id: "loadBalancer/default/kuard", type: "loadBalancer", value: elb });
  records.push({
    id: "fabric",
    type: "fabric",
    value: {
      clusterName: "default",
      cloud: "aws",
      title: "",
      description: "",
      suggestions: [],
      cni: "bridge",
      vpcCidr: "10.0.0.0/16",
      clusterCIDR: "10.244.0.0/16",
      serviceCIDR: "10.96.0.0/12",
      natGateway: "198.51.100.1",
      pending: {},
    },
  });
  return new Map(records.map((one) => [one.id, one]));
}

export function withRecords(records: MirrorRecords, ...objects: KubeObject[]): MirrorRecords {
  return new Map([...records, ...objects.map((one) => [record(one).id, record(one)] as const)]);
}

export function rule(chain: string, text: string, more: Partial<RuleView> = {}): RuleView {
  return {
    table: "nat",
    chain,
    position: 1,
    text: `-A ${chain} ${text}`,
    matched: true,
    causes: [],
    ...more,
  };
}

const PACKET = {
  protocol: "tcp",
  src: 0x0a000005,
  dst: 0x0a00010b,
  sport: 41022,
  dport: 31234,
  ttl: 63,
  mark: 0,
  flags: "S",
  seq: 0,
  ack: 0,
  payloadBytes: 0,
} as const;

export function hop(index: number, place: string, more: Partial<HopView> = {}): HopView {
  return {
    index,
    atUs: index * 100,
    connection: 1,
    role: "SYN",
    direction: "original",
    node: place.split("/")[1] ?? place,
    place,
    kind: "forward",
    text: `${place}  forward`,
    before: PACKET,
    after: PACKET,
    rules: [],
    rulesTested: 0,
    rulesMatched: 0,
    why: "",
    causes: [],
    ...more,
  };
}
