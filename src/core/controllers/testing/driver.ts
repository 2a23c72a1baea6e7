import { type ClusterConfig, DEFAULT_CLUSTER_CONFIG } from "../../api/cluster-config";
import { findLag } from "../../api/lags";
import { Store } from "../../api/store";
import type {
  Container,
  DaemonSet,
  Deployment,
  Kind,
  KubeObject,
  Labels,
  Node,
  Pod,
  Service,
  ServicePort,
} from "../../api/types";
import { Plane } from "../../dataplane/plane";
import { type ControlEvent, ControlState, handleEvent, onStoreChange } from "../../kubelet/control";
import { setNodePower, setReadiness } from "../../kubelet/hands";
import { reasonOf } from "../../net/http-message";
import { bindFailure } from "../../programs/bind-failure";
import { drainUs, servedPorts } from "../../programs/images";
import { EventQueue, type SimEvent } from "../../sim/event-queue";
import { randomStream } from "../../sim/random";
import { MS, SECOND } from "../../sim/time";
import type { Check, CheckAnswer } from "../check";
import type { ControlContext } from "../context";
import { requestDelete } from "../objects";
import { isPodReady } from "../pod-facts";

export interface RecordedEvent {
  readonly atUs: number;
  readonly about: string;
  readonly reason: string;
  readonly message: string;
}

/** A control plane without a dataplane: store, plane, events and virtual time, nothing else. */
export class Driver {
  readonly config: ClusterConfig;
  store = new Store();
  plane = new Plane();
  state = new ControlState();
  queue = new EventQueue<SimEvent>();
  nowUs = 0;
  events: RecordedEvent[] = [];
  handled = 0;
  /** What probes and health checks find; tests replace it. */
  check: ControlContext["check"] = (check) => this.answer(check);
  /** Called after every event. */
  watch: () => void = () => {};

  constructor(config: Partial<ClusterConfig> = {}) {
    this.config = { ...DEFAULT_CLUSTER_CONFIG, ...config };
  }

  fork(): Driver {
    const copy = new Driver(this.config);
    copy.store = this.store.fork();
    copy.plane = this.plane.fork();
    copy.state = this.state.fork();
    copy.queue = this.queue.fork();
    copy.nowUs = this.nowUs;
    copy.events = [...this.events];
    return copy;
  }

  get ctx(): ControlContext {
    return {
      nowUs: this.nowUs,
      config: this.config,
      store: this.store,
      plane: this.plane,
      schedule: (delayUs, event) => this.queue.schedule(this.nowUs + delayUs, event),
      random: (name) => randomStream(this.config.seed, name),
      recordEvent: (about, _type, reason, message) =>
        this.events.push({
          atUs: this.nowUs,
          about: `${about.kind}/${about.metadata.name}`,
          reason,
          message,
        }),
      check: (check) => this.check(check),
      follow: () => {
        throw new Error("nobody follows packets without a dataplane");
      },
      lagUs: (name, node) => findLag(this.state.lags, name, node),
      programOf: servedPorts,
      bindFailureOf: bindFailure,
      drainUsOf: drainUs,
      mark: () => {},
    };
  }

  put(...objects: KubeObject[]): void {
    for (const object of objects) this.store.put(object);
    this.flush();
  }

  /** Replaces an object by what `change` makes of it, as an edit would. */
  edit<T extends KubeObject>(object: T, change: (latest: T) => T): void {
    const { namespace, name } = object.metadata;
    const latest = this.store.find(object.kind, namespace, name);
    if (!latest) throw new Error(`no ${object.kind} ${namespace}/${name}`);
    this.put(change(latest as T));
  }

  delete(kind: Kind, namespace: string, name: string): void {
    const object = this.store.find(kind, namespace, name);
    if (!object) throw new Error(`no ${kind} ${namespace}/${name}`);
    requestDelete(this.ctx, object);
    this.flush();
  }

  setPower(node: string, on: boolean): void {
    setNodePower(this.ctx, this.state, node, on);
    this.flush();
  }

  setReadiness(pod: string, ready: boolean): void {
    setReadiness(this.ctx, this.state, pod, ready);
    this.flush();
  }

  runUntil(atUs: number): void {
    while ((this.queue.nextAtUs ?? Number.POSITIVE_INFINITY) <= atUs) this.#step();
    this.nowUs = atUs;
  }

  runFor(us: number): void {
    this.runUntil(this.nowUs + us);
  }

  /** Until nothing but background events are pending. */
  settle(limitUs = 600 * SECOND): void {
    const end = this.nowUs + limitUs;
    while (this.queue.foreground > 0) {
      if ((this.queue.nextAtUs ?? 0) > end) throw new Error("does not settle");
      this.#step();
    }
  }

  #step(): void {
    const next = this.queue.pop();
    if (!next) return;
    this.nowUs = next.atUs;
    this.handled++;
    handleEvent(this.ctx, this.state, next.event as ControlEvent);
    this.flush();
    this.watch();
  }

  flush(): void {
    for (;;) {
      const changes = this.store.takeChanges();
      if (changes.length === 0) return;
      for (const change of changes) onStoreChange(this.ctx, this.state, change);
    }
  }

  pods(namespace = "default"): Pod[] {
    return [...this.store.list("Pod")].filter((pod) => pod.metadata.namespace === namespace);
  }

  readyPods(namespace = "default"): Pod[] {
    return this.pods(namespace).filter(isPodReady);
  }

  reasons(about: string): string[] {
    return this.events.filter((event) => event.about === about).map((event) => event.reason);
  }

  /** Stands in for the dataplane: a node answers while it is on, a pod where it listens. */
  private answer({ ip, port, purpose }: Check): CheckAnswer {
    const owner = [...this.plane.all()].find(({ interfaces }) =>
      interfaces.some(({ addresses }) => addresses.some((address) => address.ip === ip)),
    );
    if (!owner?.up) return { kind: "silent", connected: false, tookUs: 0 };
    const listens = owner.listeners.some((one) => one.protocol === "tcp" && one.port === port);
    if (purpose.kind === "probe" && !listens)
      return { kind: "failed", error: "ECONNREFUSED", tookUs: 0 };
    const { pods } = this.state.kubelets;
    const isHeld = purpose.kind === "probe" && pods.get(purpose.pod)?.failedByHand;
    const status = isHeld ? 503 : 200;
    return { kind: "answered", http: { status, reason: reasonOf(status) }, tookUs: 0 };
  }
}

function meta(name: string, labels?: Labels, namespace = "default") {
  const uid = `uid-${namespace}-${name}`;
  return { name, namespace, uid, resourceVersion: "", generation: 1, ...(labels && { labels }) };
}

export function node(name: string, ip: string, podCIDR?: string): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: meta(name, { "kubernetes.io/hostname": name }, ""),
    spec: podCIDR ? { podCIDR } : {},
    status: { addresses: [{ type: "InternalIP", address: ip }], conditions: [] },
  };
}

export const THREE_NODES: readonly Node[] = [1, 2, 3].map((n) =>
  node(`node-${n}`, `10.0.1.${10 + n}`, `10.244.${n}.0/24`),
);

export function kuard(more: Partial<Container> = {}): Container {
  return {
    name: "kuard",
    image: "gcr.io/kuar-demo/kuard-amd64:blue",
    ports: [{ containerPort: 8080, protocol: "TCP" }],
    ...more,
  };
}

export function deployment(
  name: string,
  replicas: number,
  container: Container = kuard(),
  more: Partial<Deployment["spec"]> = {},
): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta(name, labels),
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
      ...more,
    },
  };
}

export function daemonSet(name: string, image: string): DaemonSet {
  const labels = { "k8s-app": name };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: meta(name, labels, "kube-system"),
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          containers: [{ name, image }],
          tolerations: [{ operator: "Exists" }],
        },
      },
    },
  };
}

export function pod(name: string, labels: Labels, container: Container = kuard()): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: meta(name, labels),
    spec: { containers: [container] },
    status: { phase: "Pending" },
  };
}

export function service(
  name: string,
  selector: Labels | undefined,
  more: Partial<Service["spec"]> = {},
  port: Partial<ServicePort> = {},
): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: meta(name),
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.1.1",
      ...(selector && { selector }),
      ports: [{ protocol: "TCP", port: 80, targetPort: 8080, ...port }],
      ...more,
    },
    status: { loadBalancer: {} },
  };
}

export { MS, SECOND };
