import type { Store, StoreChange } from "../api/store";
import type { Node, Pod } from "../api/types";
import { KUBE_PROXY_HEALTHZ_PORT } from "../controllers/cloud/healthz";
import type { ControlContext } from "../controllers/context";
import { findAll } from "../controllers/objects";
import { isPodReady } from "../controllers/pod-facts";
import type { ControllerState } from "../controllers/state";
import type { Listener } from "../dataplane/netns";
import { answerHealthCheck, answerHealthz } from "../kubeproxy/healthz";
import {
  checkCanary,
  isPending,
  nodeAdded,
  nodeRemoved,
  onChange,
  type ProxyCanaryEvent,
  type ProxySyncEvent,
  rulesReplaced,
  setRunning,
} from "../kubeproxy/proxier";
import { ProxierState } from "../kubeproxy/proxier-state";
import { syncProxyRules } from "../kubeproxy/sync";
import type { HttpResponse } from "../net/http-message";
import { CowMap } from "../sim/cow-map";
import type { SimEvent } from "../sim/event-queue";

const PROXY_NAMESPACE = "kube-system";
const PROXY_LABEL = "k8s-app";
const PROXY_NAME = "kube-proxy";

/** How far a node's kube-proxy is. */
export interface ProxyStatus {
  readonly running: boolean;
  readonly pending: boolean;
  readonly syncedAtUs: number;
}

/** Which nodes' kube-proxy runs, and what each knows. It is a DaemonSet's pod on every node; where the scenario adds
 *  nothing, a service of the machine. */
export class ProxySupervisor {
  readonly #proxies: ProxierState;
  /** Nodes whose kube-proxy was stopped by hand. */
  readonly #halted: CowMap<string, true>;
  readonly #podsByNode: ControllerState["podsByNode"];

  constructor({ podsByNode }: ControllerState, from?: ProxySupervisor) {
    this.#podsByNode = podsByNode;
    this.#proxies = from ? from.#proxies.fork() : new ProxierState();
    this.#halted = from ? from.#halted.fork() : new CowMap();
  }

  /** `state`: the copy's own controllers. */
  fork(state: ControllerState): ProxySupervisor {
    return new ProxySupervisor(state, this);
  }

  status(node: string): ProxyStatus {
    const proxy = this.#proxies.nodes.get(node);
    return {
      running: proxy?.running ?? false,
      pending: isPending(this.#proxies, node),
      syncedAtUs: proxy?.lastSyncUs ?? 0,
    };
  }

  isHalted(node: string): boolean {
    return this.#halted.has(node);
  }

  /** Somebody stops a node's kube-proxy, or lets it run again. */
  setHalted(ctx: ControlContext, node: string, halted: boolean): void {
    if (halted) this.#halted.set(node, true);
    else this.#halted.delete(node);
    this.supervise(ctx, node);
  }

  /** Starts or stops a node's kube-proxy as its machine, its pod and its people will have it. */
  supervise(ctx: ControlContext, node: string): void {
    const on = ctx.plane.find(`node/${node}`)?.up ?? false;
    const running =
      on && !this.#halted.has(node) && (!proxyIsPod(ctx) || this.#hasProxyPod(ctx, node));
    setRunning(ctx, this.#proxies, node, running);
  }

  /** A node joined or left. */
  onNodeChange(ctx: ControlContext, type: StoreChange["type"], node: Node): void {
    const { name } = node.metadata;
    if (type === "ADDED") nodeAdded(ctx, this.#proxies, node);
    if (type === "DELETED") nodeRemoved(this.#proxies, name);
    if (type === "ADDED" && !proxyIsPod(ctx)) setRunning(ctx, this.#proxies, name, true);
  }

  onStoreChange(ctx: ControlContext, change: StoreChange): void {
    onChange(ctx, this.#proxies, change);
    const { object } = change;
    if (object.kind === "Pod" && object.spec.nodeName && isProxyPod(object))
      this.supervise(ctx, object.spec.nodeName);
  }

  handle(ctx: ControlContext, { type, node }: ProxyEvent): void {
    if (type === "proxySync") syncProxyRules(ctx, this.#proxies, node);
    else checkCanary(ctx, this.#proxies, node);
  }

  /** What the kube-proxy behind a listener answers, by what it knew when it synced last. */
  answerHttp(store: Store, { owner, port }: Listener, nowUs: number): HttpResponse | undefined {
    const [kind, first = "", second = ""] = owner.split("/");
    const node = kind === "pod" ? store.find("Pod", first, second)?.spec.nodeName : first;
    const proxy = this.#proxies.nodes.get(node ?? "");
    if (!proxy) return undefined;
    return port === KUBE_PROXY_HEALTHZ_PORT
      ? answerHealthz(proxy, nowUs)
      : answerHealthCheck(proxy, port);
  }

  /** Somebody replaced a node's rules. */
  onRulesReplaced(ctx: ControlContext, node: string): void {
    rulesReplaced(ctx, this.#proxies, node);
  }

  #hasProxyPod({ store }: ControlContext, node: string): boolean {
    const pods = findAll(store, "Pod", this.#podsByNode.keys(node));
    return pods.some((pod) => isProxyPod(pod) && isPodReady(pod));
  }
}

type ProxyEvent = ProxySyncEvent | ProxyCanaryEvent;

export function isProxyEvent(event: SimEvent): event is ProxyEvent {
  return event.type === "proxySync" || event.type === "proxyCanary";
}

function proxyIsPod({ config }: ControlContext): boolean {
  return config.addons.length > 0;
}

function isProxyPod({ metadata }: Pod): boolean {
  return metadata.namespace === PROXY_NAMESPACE && metadata.labels?.[PROXY_LABEL] === PROXY_NAME;
}
