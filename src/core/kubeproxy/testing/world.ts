import {
  type ClusterConfig,
  DEFAULT_CLUSTER_CONFIG,
  type KubeProxyConfig,
} from "../../api/cluster-config";
import { Store } from "../../api/store";
import type {
  EndpointSlice,
  KubeObject,
  Node,
  ObjectMeta,
  Service,
  ServicePort,
  SliceEndpoint,
  SlicePort,
} from "../../api/types";
import type { ControlContext } from "../../controllers/context";
import { formatTable } from "../../dataplane/netfilter/print";
import type { Chain, TableName } from "../../dataplane/netfilter/rules";
import { Plane } from "../../dataplane/plane";
import { EventQueue, type SimEvent } from "../../sim/event-queue";
import { randomStream } from "../../sim/random";
import { nodeAdded, onChange, type ProxySyncEvent, setRunning } from "../proxier";
import { ProxierState } from "../proxier-state";
import { syncProxyRules } from "../sync";

/** A store, a plane and kube-proxies in virtual time, with nothing else around them. */
export class ProxyWorld {
  readonly store = new Store();
  readonly plane = new Plane();
  readonly queue = new EventQueue<SimEvent>();
  readonly state: ProxierState;
  readonly config: ClusterConfig;
  nowUs = 0;

  constructor(kubeProxy: Partial<KubeProxyConfig> = {}, state: ProxierState = new ProxierState()) {
    this.config = {
      ...DEFAULT_CLUSTER_CONFIG,
      kubeProxy: { ...DEFAULT_CLUSTER_CONFIG.kubeProxy, ...kubeProxy },
    };
    this.state = state;
  }

  get ctx(): ControlContext {
    return {
      nowUs: this.nowUs,
      config: this.config,
      store: this.store,
      plane: this.plane,
      schedule: (delayUs, event) => this.queue.schedule(this.nowUs + delayUs, event),
      random: (name) => randomStream(this.config.seed, name),
      recordEvent: () => {},
      check: () => ({ kind: "silent", connected: false, tookUs: 0 }),
      follow: () => 0,
      lagUs: () => undefined,
      programOf: () => [],
      bindFailureOf: () => [],
      drainUsOf: () => 0,
      mark: () => {},
    };
  }

  /** Writes an object; the proxies hear of it. */
  put(...objects: readonly KubeObject[]): void {
    for (const object of objects) this.store.put(object);
    this.#announce();
  }

  remove(object: KubeObject): void {
    this.store.remove(object.kind, object.metadata.namespace, object.metadata.name);
    this.#announce();
  }

  /** A node with a running kube-proxy. */
  addNode(node: Node): void {
    this.put(node);
    nodeAdded(this.ctx, this.state, node);
    setRunning(this.ctx, this.state, node.metadata.name, true);
  }

  runUntil(untilUs: number): void {
    for (;;) {
      const nextAtUs = this.queue.nextAtUs;
      if (nextAtUs === undefined || nextAtUs > untilUs) break;
      const due = this.queue.pop();
      if (!due) break;
      this.nowUs = due.atUs;
      syncProxyRules(this.ctx, this.state, (due.event as ProxySyncEvent).node);
    }
    this.nowUs = Math.max(this.nowUs, untilUs);
  }

  /** Runs until nothing is due. */
  settle(): void {
    while (this.queue.nextAtUs !== undefined) this.runUntil(this.queue.nextAtUs);
  }

  chain(table: TableName, name: string, node = "node-1"): Chain | undefined {
    return this.plane.ruleset(`node/${node}`)[table]?.chains.get(name);
  }

  /** The rules about one service, as iptables-save prints them: `nat` and `filter` lines that name its label. */
  rulesOf(label: string, node = "node-1"): string {
    return this.lines(node)
      .filter((line) => line.includes(label))
      .join("\n");
  }

  /** All `-A` lines of nat and filter. */
  lines(node = "node-1", tables: readonly TableName[] = ["nat", "filter"]): string[] {
    const ruleset = this.plane.ruleset(`node/${node}`);
    return tables
      .flatMap((table) => formatTable(ruleset[table]).split("\n"))
      .filter((line) => line.startsWith("-A"));
  }

  /** The rules of one chain. */
  printed(table: TableName, chain: string, node = "node-1"): string {
    return this.lines(node, [table])
      .filter((line) => line.startsWith(`-A ${chain} `))
      .join("\n");
  }

  #announce(): void {
    for (const change of this.store.takeChanges()) onChange(this.ctx, this.state, change);
  }
}

function meta(namespace: string, name: string, extra: Partial<ObjectMeta> = {}): ObjectMeta {
  return { namespace, name, uid: `${namespace}-${name}`, resourceVersion: "", ...extra };
}

/** Number `index` gets 10.0.1.(10+index) and pod CIDR 10.244.index.0/24. */
export function aNode(index: number, labels: Record<string, string> = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: meta("", `node-${index}`, { labels }),
    spec: { podCIDR: `10.244.${index}.0/24` },
    status: {
      addresses: [{ type: "InternalIP", address: `10.0.1.${10 + index}` }],
      conditions: [],
    },
  };
}

export type ServiceFields = Partial<Service["spec"]> & {
  readonly labels?: Record<string, string>;
  readonly ingress?: Service["status"]["loadBalancer"]["ingress"];
};

export const HTTP: ServicePort = { name: "http", protocol: "TCP", port: 80, targetPort: 8080 };

/** `namespace/name`, ClusterIP 10.96.0.20 and port 80 named http, unless said otherwise. */
export function aService(key: string, fields: ServiceFields = {}): Service {
  const [namespace = "", name = ""] = key.split("/");
  const { labels, ingress, ...spec } = fields;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: meta(namespace, name, labels ? { labels } : {}),
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.20",
      ports: [HTTP],
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ...spec,
    },
    status: { loadBalancer: ingress ? { ingress } : {} },
  };
}

export const HTTP_BACKEND: SlicePort = { name: "http", protocol: "TCP", port: 8080 };

/** Endpoints given as `ip@node`, ready, or as they are in the API. */
export function aSlice(
  service: string,
  endpoints: readonly (string | SliceEndpoint)[],
  options: { readonly suffix?: string; readonly ports?: readonly SlicePort[] } = {},
): EndpointSlice {
  const [namespace = "", name = ""] = service.split("/");
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: meta(namespace, `${name}-${options.suffix ?? "abcde"}`, {
      labels: { "kubernetes.io/service-name": name },
    }),
    addressType: "IPv4",
    endpoints: endpoints.map((endpoint) =>
      typeof endpoint === "string" ? ready(endpoint) : endpoint,
    ),
    ports: options.ports ?? [HTTP_BACKEND],
  };
}

function ready(text: string): SliceEndpoint {
  const [address = "", nodeName] = text.split("@");
  return {
    addresses: [address],
    conditions: { ready: true, serving: true, terminating: false },
    ...(nodeName !== undefined && { nodeName }),
  };
}
