import type { ClusterConfig } from "../api/cluster-config";
import { findLag, type LagSettings } from "../api/lags";
import { ApiServer } from "../api/server";
import { Store } from "../api/store";
import type { ObjectKey } from "../api/types";
import type { ProbeKind } from "../controllers/check";
import type { LoadBalancer } from "../controllers/cloud/load-balancer";
import type { ControlContext } from "../controllers/context";
import type { View } from "../controllers/older-view";
import type { Listener, NetnsId } from "../dataplane/netns";
import { Plane } from "../dataplane/plane";
import type { DnsStore } from "../dns/records";
import type { Fabric } from "../fabric/fabric";
import { podsHeldUnready } from "../kubelet/hands";
import { readNodeSetting, readSwitch } from "../kubelet/node-settings";
import { refusesProbe } from "../kubelet/refuses-probe";
import type { KubeletState } from "../kubelet/state";
import type { HttpRequest, HttpResponse } from "../net/http-message";
import { bindFailure } from "../programs/bind-failure";
import { drainUs, servedPorts } from "../programs/images";
import { EventQueue, type SimEvent } from "../sim/event-queue";
import { randomStream } from "../sim/random";
import type { MadeCheck } from "./checks";
import type { Journey } from "./connection";
import { Contexts } from "./contexts";
import { CurrentFabric } from "./current-fabric";
import { EditHistory } from "./edit-history";
import { EventRecorder } from "./event-recorder";
import { fabricOf } from "./machines";
import { Milestones, type TimedMilestone } from "./milestones";
import type { ProxyStatus } from "./proxy-supervisor";
import { Requests } from "./requests";
import type { TrafficState } from "./traffic";
import { Watchers } from "./watchers";

/** What a world consists of at one moment, and what can be read of it. */
export abstract class WorldState {
  readonly config: ClusterConfig;
  readonly store: Store;
  readonly plane: Plane;
  protected readonly api: ApiServer;
  protected readonly watchers: Watchers;
  protected readonly requests: Requests;
  protected readonly queue: EventQueue<SimEvent>;
  protected readonly noted: Milestones;
  protected readonly edits: EditHistory;
  protected readonly currentFabric: CurrentFabric;
  protected clockUs: number;
  readonly #recorder: EventRecorder;

  constructor(from: ClusterConfig | WorldState) {
    if (from instanceof WorldState) {
      this.config = from.config;
      this.store = from.store.fork();
      this.plane = from.plane.fork();
      this.api = from.api.fork(this.store);
      this.watchers = from.watchers.fork();
      this.requests = from.requests.fork(this, this.#schedule);
      this.queue = from.queue.fork();
      this.noted = from.noted.fork();
      this.edits = from.edits.fork();
      this.currentFabric = from.currentFabric.fork();
      this.clockUs = from.clockUs;
      this.#recorder = from.#recorder.fork();
      return;
    }
    this.config = from;
    this.store = new Store();
    this.plane = new Plane();
    this.api = new ApiServer(this.store, from);
    this.watchers = new Watchers();
    this.watchers.control.lags = from.lags;
    this.requests = new Requests(this, this.#schedule);
    this.queue = new EventQueue();
    this.noted = new Milestones();
    this.edits = new EditHistory();
    this.currentFabric = new CurrentFabric();
    this.clockUs = 0;
    this.#recorder = new EventRecorder();
  }

  get nowUs(): number {
    return this.clockUs;
  }

  /** What kubelets and plugins remember, for reading only. */
  get kubelets(): Pick<
    KubeletState,
    "pods" | "sandboxes" | "removedSandboxes" | "ipam" | "furtherIpam"
  > {
    return this.watchers.control.kubelets;
  }

  get fabric(): Fabric {
    return this.currentFabric.get(() =>
      fabricOf(this.store, this.config, this.loadBalancers(), {
        isOn: (node, name) => readSwitch(this, this.watchers.control, node, name),
        cardsOf: (node) => this.watchers.control.kubelets.ipam.get(node)?.enis ?? [],
      }),
    );
  }

  loadBalancers(): readonly LoadBalancer[] {
    return [...this.watchers.control.controllers.loadBalancers.values()];
  }

  /** The cluster as one of its DNS servers (`pod/NAMESPACE/NAME`) knows it now. */
  dnsView(server: string): DnsStore {
    return this.watchers.dns.viewOf(server, this.store);
  }

  /** As a client that uses endpoints itself knows it. */
  endpointView(client: NetnsId): View {
    return this.watchers.endpointClients.viewOf(client, this.store);
  }

  /** As one of its gateways knows it. */
  gatewayView(server: string): View {
    return this.watchers.gateways.viewOf(server, this.store);
  }

  proxyStatus(node: string): ProxyStatus {
    return this.watchers.proxies.status(node);
  }

  isProxyHalted(node: string): boolean {
    return this.watchers.proxies.isHalted(node);
  }

  /** Pods that somebody made not ready, or that came so: their probes have no say. */
  podsHeldUnready(): readonly ObjectKey[] {
    return podsHeldUnready(this.watchers.control);
  }

  /** A node's sysctl, or one of its machine's switches; undefined where there is none such. */
  nodeSetting(node: string, setting: string): number | undefined {
    return readNodeSetting(this, this.watchers.control, node, setting);
  }

  /** The manifest that was last applied for an object; undefined where none was. */
  lastApplied(key: ObjectKey): unknown {
    return this.api.lastApplied(key);
  }

  /** Those that are followed, not those that are only counted. */
  journeys(): readonly Journey[] {
    return this.requests.journeys();
  }

  journey(id: number): Journey {
    return this.requests.journey(id);
  }

  /** The latest probes and health checks that nobody followed. */
  get checks(): readonly MadeCheck[] {
    return this.requests.checks;
  }

  /** The latest things that decided where packets go. */
  get milestones(): readonly TimedMilestone[] {
    return this.noted.latest;
  }

  /** Lags that are not as usual. */
  get lags(): LagSettings {
    return this.watchers.control.lags;
  }

  /** When a probe is due next; undefined where none is. */
  nextProbeAtUs(pod: string, container: number, kind: ProbeKind): number | undefined {
    return this.watchers.control.kubelets.pods.get(pod)?.containers[container]?.probes[kind]
      ?.nextAtUs;
  }

  /** What a web server answers by what it knows: a kube-proxy of its node's endpoints, a pod that it is not ready. */
  answerHttp(listener: Listener, request: HttpRequest): HttpResponse | undefined {
    return listener.program === "healthz"
      ? this.watchers.proxies.answerHttp(this.store, listener, this.clockUs)
      : refusesProbe(this.store, this.watchers.control, listener, request);
  }

  /** Loads under way, and what became of their requests. */
  get traffic(): TrafficState {
    return this.requests.traffic;
  }

  /** Edits that were done, and those that were taken back. */
  get history(): Pick<EditHistory, "done" | "undone"> {
    return this.edits;
  }

  protected context(): ControlContext {
    return this.#contexts.at(this.clockUs);
  }

  readonly #contexts = new Contexts(() => this.#makeTools());

  readonly #schedule = (delayUs: number, event: SimEvent): void =>
    this.queue.schedule(this.clockUs + delayUs, event);

  #makeTools(): Omit<ControlContext, "nowUs"> {
    return {
      config: this.config,
      store: this.store,
      plane: this.plane,
      schedule: (delayUs, event) => this.#schedule(Math.round(delayUs), event),
      random: (name) => randomStream(this.config.seed, name),
      recordEvent: (about, type, reason, message, component) =>
        this.#recorder.record(this.store, this.clockUs, {
          about,
          type,
          reason,
          message,
          component,
        }),
      check: (check) => this.requests.check(check),
      follow: (check) => this.requests.follow(check),
      lagUs: (name, node) => findLag(this.watchers.control.lags, name, node),
      programOf: servedPorts,
      bindFailureOf: bindFailure,
      drainUsOf: drainUs,
      mark: (milestone) => {
        this.requests.note(milestone);
        this.noted.note(this.clockUs, milestone);
      },
    };
  }
}
