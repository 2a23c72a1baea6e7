import { loadAll } from "../api/apply-all";
import type { ClusterConfig } from "../api/cluster-config";
import { findLag, type LagSettings } from "../api/lags";
import { ApiServer } from "../api/server";
import { Store, type StoreChange } from "../api/store";
import { keyOf, type ObjectKey } from "../api/types";
import type { ProbeKind } from "../controllers/check";
import type { LoadBalancer } from "../controllers/cloud/load-balancer";
import type { ControlContext } from "../controllers/context";
import type { View } from "../controllers/older-view";
import type { PodWatches, WatchEvent } from "../controllers/pod-watches";
import type { Listener, NetnsId } from "../dataplane/netns";
import { Plane } from "../dataplane/plane";
import type { DnsStore } from "../dns/records";
import { dnsWatches } from "../dns/watch";
import type { Fabric } from "../fabric/fabric";
import { publishStatus } from "../gateway/status";
import { gatewayWatches } from "../gateway/watch";
import { ControlState, handleEvent, isControlEvent, onStoreChange } from "../kubelet/control";
import { podsHeldUnready } from "../kubelet/hands";
import { readNodeSetting, readSwitch } from "../kubelet/node-settings";
import { refusesProbe } from "../kubelet/refuses-probe";
import type { KubeletState } from "../kubelet/state";
import type { HttpRequest, HttpResponse } from "../net/http-message";
import { bindFailure } from "../programs/bind-failure";
import { drainUs, servedPorts } from "../programs/images";
import { EventQueue, type SimEvent } from "../sim/event-queue";
import { randomStream } from "../sim/random";
import { SECOND } from "../sim/time";
import type { MadeCheck } from "./checks";
import type { Command, CommandResult } from "./command";
import type { Journey } from "./connection";
import { Contexts } from "./contexts";
import { CurrentFabric } from "./current-fabric";
import { EditHistory } from "./edit-history";
import { type Editable, executeEdit, reportOf } from "./edits";
import { endpointClients } from "./endpoint-clients";
import { EventRecorder } from "./event-recorder";
import { executeCheck, hearCheck } from "./follow-check";
import { rulesNow } from "./hand-rules";
import { executeKernel } from "./kernel-commands";
import { fabricOf, hostNetns } from "./machines";
import { Milestones, type TimedMilestone } from "./milestones";
import type { Path } from "./paths";
import { isProxyEvent, type ProxyStatus, ProxySupervisor } from "./proxy-supervisor";
import {
  isRequestEvent,
  type PathsOptions,
  type RequestEvent,
  Requests,
  type TraceOptions,
} from "./requests";
import type { Parsed } from "./targets";
import type { TrafficState } from "./traffic";

/** Settling gives up after this much virtual time: something never comes to rest. */
const SETTLE_LIMIT_US = 600 * SECOND;

/** The simulated world at one moment: API objects, controllers, kubelets, proxies, networks, packets under way, and
 *  what is due next. Deterministic: the same configuration and commands at the same times give the same world. */
export class World {
  readonly config: ClusterConfig;
  readonly store: Store;
  readonly plane: Plane;
  readonly #api: ApiServer;
  readonly #control: ControlState;
  readonly #proxies: ProxySupervisor;
  readonly #dns: PodWatches;
  readonly #gateways: PodWatches;
  readonly #endpointClients: PodWatches;
  readonly #milestones: Milestones;
  readonly #requests: Requests;
  readonly #queue: EventQueue<SimEvent>;
  readonly #recorder: EventRecorder;
  readonly #history: EditHistory;
  readonly #fabric: CurrentFabric;
  #nowUs: number;

  constructor(from: ClusterConfig | World) {
    if (from instanceof World) {
      this.config = from.config;
      this.store = from.store.fork();
      this.plane = from.plane.fork();
      this.#api = from.#api.fork(this.store);
      this.#control = from.#control.fork();
      this.#proxies = from.#proxies.fork(this.#control.controllers);
      this.#dns = from.#dns.fork();
      this.#gateways = from.#gateways.fork();
      this.#endpointClients = from.#endpointClients.fork();
      this.#milestones = from.#milestones.fork();
      this.#requests = from.#requests.fork(this, this.#schedule);
      this.#queue = from.#queue.fork();
      this.#recorder = from.#recorder.fork();
      this.#history = from.#history.fork();
      this.#fabric = from.#fabric.fork();
      this.#nowUs = from.#nowUs;
      return;
    }
    this.config = from;
    this.store = new Store();
    this.plane = new Plane();
    this.#api = new ApiServer(this.store, from);
    this.#control = new ControlState();
    this.#control.lags = from.lags;
    this.#proxies = new ProxySupervisor(this.#control.controllers);
    this.#dns = dnsWatches();
    this.#gateways = gatewayWatches();
    this.#endpointClients = endpointClients();
    this.#milestones = new Milestones();
    this.#requests = new Requests(this, this.#schedule);
    this.#queue = new EventQueue();
    this.#recorder = new EventRecorder();
    this.#history = new EditHistory();
    this.#fabric = new CurrentFabric();
    this.#nowUs = 0;
  }

  /** A snapshot that goes its own way from here. */
  fork(): World {
    return new World(this);
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  /** What kubelets and plugins remember, for reading only. */
  get kubelets(): Pick<
    KubeletState,
    "pods" | "sandboxes" | "removedSandboxes" | "ipam" | "furtherIpam"
  > {
    return this.#control.kubelets;
  }

  get fabric(): Fabric {
    return this.#fabric.get(() =>
      fabricOf(this.store, this.config, this.loadBalancers(), {
        isOn: (node, name) => readSwitch(this, this.#control, node, name),
        cardsOf: (node) => this.#control.kubelets.ipam.get(node)?.enis ?? [],
      }),
    );
  }

  loadBalancers(): readonly LoadBalancer[] {
    return [...this.#control.controllers.loadBalancers.values()];
  }

  /** The cluster as one of its DNS servers (`pod/NAMESPACE/NAME`) knows it now. */
  dnsView(server: string): DnsStore {
    return this.#dns.viewOf(server, this.store);
  }

  /** As a client that uses endpoints itself knows it. */
  endpointView(client: NetnsId): View {
    return this.#endpointClients.viewOf(client, this.store);
  }

  /** As one of its gateways knows it. */
  gatewayView(server: string): View {
    return this.#gateways.viewOf(server, this.store);
  }

  proxyStatus(node: string): ProxyStatus {
    return this.#proxies.status(node);
  }

  isProxyHalted(node: string): boolean {
    return this.#proxies.isHalted(node);
  }

  /** Pods that somebody made not ready, or that came so: their probes have no say. */
  podsHeldUnready(): readonly ObjectKey[] {
    return podsHeldUnready(this.#control);
  }

  /** A node's sysctl, or one of its machine's switches; undefined where there is none such. */
  nodeSetting(node: string, setting: string): number | undefined {
    return readNodeSetting(this, this.#control, node, setting);
  }

  /** The manifest that was last applied for an object; undefined where none was. */
  lastApplied(key: ObjectKey): unknown {
    return this.#api.lastApplied(key);
  }

  /** Those that are followed, not those that are only counted. */
  journeys(): readonly Journey[] {
    return this.#requests.journeys();
  }

  journey(id: number): Journey {
    return this.#requests.journey(id);
  }

  /** The latest probes and health checks that nobody followed. */
  get checks(): readonly MadeCheck[] {
    return this.#requests.checks;
  }

  /** The latest things that decided where packets go. */
  get milestones(): readonly TimedMilestone[] {
    return this.#milestones.latest;
  }

  /** Lags that are not as usual. */
  get lags(): LagSettings {
    return this.#control.lags;
  }

  /** When a probe is due next; undefined where none is. */
  nextProbeAtUs(pod: string, container: number, kind: ProbeKind): number | undefined {
    return this.#control.kubelets.pods.get(pod)?.containers[container]?.probes[kind]?.nextAtUs;
  }

  /** What a web server answers by what it knows: a kube-proxy of its node's endpoints, a pod that it is not ready. */
  answerHttp(listener: Listener, request: HttpRequest): HttpResponse | undefined {
    return listener.program === "healthz"
      ? this.#proxies.answerHttp(this.store, listener, this.#nowUs)
      : refusesProbe(this.store, this.#control, listener, request);
  }

  /** Loads under way, and what became of their requests. */
  get traffic(): TrafficState {
    return this.#requests.traffic;
  }

  /** Edits that were done, and those that were taken back. */
  get history(): Pick<EditHistory, "done" | "undone"> {
    return this.#history;
  }

  /** Fills a new world with a scenario's objects; they may carry what only servers write, as exported ones do. */
  load(manifests: readonly unknown[]): CommandResult {
    const result = reportOf(loadAll(this.#api, manifests, this.#nowUs));
    this.#spread();
    return result;
  }

  /** Carries a command out now. Refused, it changes nothing. */
  execute(command: Command): CommandResult {
    const result = this.#execute(command);
    this.#spread();
    return result;
  }

  #execute(command: Command): CommandResult {
    switch (command.type) {
      case "send":
        return this.#requests.send(command);
      case "burst":
      case "startTraffic":
      case "stopTraffic":
        return this.#requests.executeLoad(command);
      case "check":
        return executeCheck(this.#context(), this.#control, command.purpose);
      case "deleteConntrack":
      case "zeroCounters":
      case "listen":
        return executeKernel(this.plane, this.#nowUs, command);
      default: {
        const world = this.#editable();
        const result = this.#history.execute(command, {
          ...world,
          settingOf: (node, setting) => this.nodeSetting(node, setting),
          netnsOf: (id) => this.plane.find(id),
          lagOf: (lag) => this.lags[lag],
          rulesOf: (node) => rulesNow(this, node),
          isProxyHalted: (node) => this.isProxyHalted(node),
          isPoweredOn: (node) => this.plane.find(`node/${node}`)?.up ?? false,
          podsHeldUnready: () => this.podsHeldUnready(),
          edit: (edit) => executeEdit(world, edit),
        });
        this.#fabric.outdate();
        return result;
      }
    }
  }

  /** Lets virtual time pass until `atUs`; what is due at that moment is done. */
  runUntil(atUs: number): void {
    this.runWhile(() => true, atUs);
    this.#nowUs = Math.max(this.#nowUs, atUs);
  }

  /** Lets time pass event by event as long as `condition` holds, at most until `limitUs`. */
  runWhile(condition: () => boolean, limitUs: number): void {
    while (condition()) {
      const next = this.#queue.nextAtUs;
      if (next === undefined || next > limitUs) return;
      this.#next();
    }
  }

  /** Lets time pass until controllers, kubelets and proxies have nothing left to do. False when the limit came first. */
  settle(limitUs = SETTLE_LIMIT_US): boolean {
    this.runWhile(() => this.#queue.foreground > 0, this.#nowUs + limitUs);
    return this.#queue.foreground === 0;
  }

  /** Whether such a request can be sent, or what is wrong with its names. */
  check(from: string, to: string): Parsed<true> {
    const parsed = this.#requests.parse(from, to, { strict: true });
    return parsed.ok ? { ok: true, value: true } : parsed;
  }

  /** Sends one request and runs only its packets, to the end; the clock then stands where they ended. For the command
   *  line and tests: in the live simulation packets are events among others. */
  trace(from: string, to: string, options: TraceOptions = {}): Parsed<Journey> {
    const traced = this.#requests.trace(from, to, options);
    if (!traced.ok) return traced;
    this.#nowUs = traced.value.endedAtUs;
    return { ok: true, value: traced.value.journey };
  }

  /** Every way that the request could go from this moment, with empty conntrack tables and affinity lists if they are. */
  paths(from: string, to: string, options?: PathsOptions): Parsed<readonly Path[]> {
    return this.#requests.paths(from, to, options);
  }

  #next(): void {
    const due = this.#queue.pop();
    if (!due) return;
    this.#nowUs = due.atUs;
    const { event } = due;
    if (isRequestEvent(event)) this.#handleRequest(event);
    else if (isProxyEvent(event)) this.#proxies.handle(this.#context(), event);
    else if (this.#dns.isOwn(event)) this.#tellDns(event);
    else if (this.#gateways.isOwn(event)) this.#tellGateway(event);
    else if (this.#endpointClients.isOwn(event))
      this.#endpointClients.handle(this.#context(), event);
    else if (isControlEvent(event)) handleEvent(this.#context(), this.#control, event);
    else throw new Error(`nobody handles ${event.type}`);
    this.#spread();
  }

  #tellDns(event: WatchEvent): void {
    this.#dns.handle(this.#context(), event);
    const [, namespace = "", name = ""] = event.server.split("/");
    this.#context().mark({ kind: "dnsHeard", object: keyOf("Pod", namespace, name) });
  }

  #handleRequest(event: RequestEvent): void {
    this.#requests.handle(event);
    for (const ended of this.#requests.takeEndedChecks())
      hearCheck(this.#context(), this.#control, ended);
  }

  /** The cluster is up and the run begins: what its own checks have left in tables and counters is forgotten. */
  begin(): void {
    this.plane.forgetTraffic();
    this.#milestones.clear();
    this.#control.hasBegun = true;
  }

  #tellGateway(event: WatchEvent): void {
    this.#gateways.handle(this.#context(), event);
    publishStatus(this.#context(), event.server, this.gatewayView(event.server));
  }

  readonly #schedule = (delayUs: number, event: SimEvent): void =>
    this.#queue.schedule(this.#nowUs + delayUs, event);

  /** Tells everybody who watches of what has changed in the store, until nothing changes any more. */
  #spread(): void {
    for (
      let changes = this.store.takeChanges();
      changes.length > 0;
      changes = this.store.takeChanges()
    ) {
      const context = this.#context();
      for (const change of changes) {
        // Nobody acts on Events, save that they go.
        if (change.object.kind === "Event" && change.type !== "DELETED") continue;
        this.#api.observe(change);
        this.#onMachineChange(context, change);
        onStoreChange(context, this.#control, change);
        this.#proxies.onStoreChange(context, change);
        this.#dns.onStoreChange(context, change);
        this.#gateways.onStoreChange(context, change);
        this.#endpointClients.onStoreChange(context, change);
      }
    }
    this.#fabric.watch(this.#unlistedMachines());
  }

  *#unlistedMachines(): Generator<unknown, undefined, unknown> {
    const { controllers, kubelets } = this.#control;
    yield* controllers.loadBalancers.values();
    if (this.config.cni === "aws-vpc") for (const { enis } of kubelets.ipam.values()) yield enis;
    return undefined;
  }

  #onMachineChange(context: ControlContext, { type, object }: StoreChange): void {
    if (object.kind === "Host") {
      if (type === "DELETED") this.plane.remove(`host/${object.metadata.name}`);
      else this.plane.put(hostNetns(object));
      this.#fabric.outdate();
    }
    if (object.kind === "SecurityGroup") this.#fabric.outdate();
    if (object.kind !== "Node") return;
    this.#fabric.outdate();
    this.#proxies.onNodeChange(context, type, object);
  }

  #editable(): Editable {
    return {
      api: this.#api,
      store: this.store,
      control: this.#control,
      proxies: this.#proxies,
      nowUs: this.#nowUs,
      context: () => this.#context(),
      spread: () => this.#spread(),
      rehearsal: () => new World(this).#editable(),
    };
  }

  #context(): ControlContext {
    return this.#contexts.at(this.#nowUs);
  }

  readonly #contexts = new Contexts(() => this.#makeTools());

  #makeTools(): Omit<ControlContext, "nowUs"> {
    return {
      config: this.config,
      store: this.store,
      plane: this.plane,
      schedule: (delayUs, event) => this.#schedule(Math.round(delayUs), event),
      random: (name) => randomStream(this.config.seed, name),
      recordEvent: (about, type, reason, message, component) =>
        this.#recorder.record(this.store, this.#nowUs, { about, type, reason, message, component }),
      check: (check) => this.#requests.check(check),
      follow: (check) => this.#requests.follow(check),
      lagUs: (name, node) => findLag(this.#control.lags, name, node),
      programOf: servedPorts,
      bindFailureOf: bindFailure,
      drainUsOf: drainUs,
      mark: (milestone) => {
        this.#requests.note(milestone);
        this.#milestones.note(this.#nowUs, milestone);
      },
    };
  }
}
