import { applyAll, loadAll } from "../api/apply-all";
import type { ClusterConfig } from "../api/cluster-config";
import { nestsDeeperThan } from "../api/json";
import { mergePatch } from "../api/merge-patch";
import { ApiServer } from "../api/server";
import { Store, type StoreChange } from "../api/store";
import {
  KINDS,
  type Kind,
  type KubeObject,
  type ObjectKey,
  objectKey,
  type Pod,
} from "../api/types";
import type { LoadBalancer } from "../controllers/cloud/load-balancer";
import type { ControlContext } from "../controllers/context";
import { findAll } from "../controllers/objects";
import { isPodReady } from "../controllers/pod-facts";
import type { Listener, NetnsId } from "../dataplane/netns";
import { Plane } from "../dataplane/plane";
import type { Fabric } from "../fabric/fabric";
import { ControlState, handleEvent, isControlEvent, onStoreChange } from "../kubelet/control";
import { killContainer, restoreContainer, setNodePower, setReadiness } from "../kubelet/hands";
import {
  isPending,
  nodeAdded,
  nodeRemoved,
  onChange as onProxyChange,
  type ProxySyncEvent,
  setRunning,
} from "../kubeproxy/proxier";
import { ProxierState } from "../kubeproxy/proxier-state";
import { syncProxyRules } from "../kubeproxy/sync";
import type { Ipv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import { servedPorts } from "../programs/images";
import { CowMap } from "../sim/cow-map";
import { seededDecider } from "../sim/decider";
import { EventQueue, type SimEvent } from "../sim/event-queue";
import { randomStream } from "../sim/random";
import { SECOND } from "../sim/time";
import {
  type Applied,
  badRequest,
  type Command,
  type CommandResult,
  DONE,
  type EditCommand,
  type HistoryEntry,
  type Refusal,
  refuse,
  type UndoneEntry,
} from "./command";
import type { Journey, JourneyOptions } from "./connection";
import { sendDirectly } from "./direct";
import { EventRecorder } from "./event-recorder";
import { inverseOf } from "./inverse";
import { fabricOf, hostNetns } from "./machines";
import { nameSpaceOf } from "./names";
import { Network } from "./network";
import {
  isPacketDue,
  type NetworkEnvironment,
  type NetworkMoment,
  type PacketDue,
  type ProxyTarget,
} from "./network-environment";
import { explorePaths, type Path } from "./paths";
import { type Parsed, parseDestination, parseSource } from "./targets";
import {
  isTrafficDue,
  portsInTurn,
  Traffic,
  type TrafficCommand,
  type TrafficDue,
  type TrafficState,
} from "./traffic";

/** Settling gives up after this much virtual time: something never comes to rest. */
const SETTLE_LIMIT_US = 600 * SECOND;
/** Journeys of the past that are kept with their hops. */
const MAX_JOURNEYS = 50;
/** Edits that can be taken back. */
const MAX_HISTORY = 200;

/** Deeper patches are refused, so that everything after may recurse. */
const MAX_PATCH_DEPTH = 100;

const PROXY_NAMESPACE = "kube-system";
const PROXY_LABEL = "k8s-app";
const PROXY_NAME = "kube-proxy";

/** The simulated world at one moment: API objects, controllers, kubelets, proxies, networks, packets under way, and
 *  what is due next. Deterministic: the same configuration and commands at the same times give the same world. */
export class World {
  readonly config: ClusterConfig;
  readonly store: Store;
  readonly plane: Plane;
  readonly #api: ApiServer;
  readonly #control: ControlState;
  readonly #proxies: ProxierState;
  readonly #network: Network;
  readonly #traffic: Traffic;
  readonly #queue: EventQueue<SimEvent>;
  readonly #recorder: EventRecorder;
  /** Nodes whose kube-proxy was stopped by hand. */
  readonly #halted: CowMap<string, true>;
  #done: readonly HistoryEntry[] = [];
  #undone: readonly UndoneEntry[] = [];
  #edits = 0;
  #fabric: Fabric | undefined;
  #nowUs: number;

  constructor(from: ClusterConfig | World) {
    if (from instanceof World) {
      this.config = from.config;
      this.store = from.store.fork();
      this.plane = from.plane.fork();
      this.#api = from.#api.fork(this.store);
      this.#control = from.#control.fork();
      this.#proxies = from.#proxies.fork();
      this.#network = from.#network.fork();
      this.#traffic = from.#traffic.fork();
      this.#queue = from.#queue.fork();
      this.#recorder = from.#recorder.fork();
      this.#halted = from.#halted.fork();
      this.#fabric = from.#fabric;
      this.#nowUs = from.#nowUs;
      this.#done = from.#done;
      this.#undone = from.#undone;
      this.#edits = from.#edits;
      return;
    }
    this.config = from;
    this.store = new Store();
    this.plane = new Plane();
    this.#api = new ApiServer(this.store, from);
    this.#control = new ControlState();
    this.#proxies = new ProxierState();
    this.#network = new Network();
    this.#traffic = new Traffic();
    this.#queue = new EventQueue();
    this.#recorder = new EventRecorder();
    this.#halted = new CowMap();
    this.#nowUs = 0;
  }

  /** A snapshot that goes its own way from here. */
  fork(): World {
    return new World(this);
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  get fabric(): Fabric {
    this.#fabric ??= fabricOf(this.store, this.config, this.loadBalancers());
    return this.#fabric;
  }

  loadBalancers(): readonly LoadBalancer[] {
    return [...this.#control.controllers.loadBalancers.values()];
  }

  /** How far a node's kube-proxy is. */
  proxyStatus(node: string): { running: boolean; pending: boolean; syncedAtUs: number } {
    const proxy = this.#proxies.nodes.get(node);
    return {
      running: proxy?.running ?? false,
      pending: isPending(this.#proxies, node),
      syncedAtUs: proxy?.lastSyncUs ?? 0,
    };
  }

  isProxyHalted(node: string): boolean {
    return this.#halted.has(node);
  }

  /** The manifest that was last applied for an object; undefined where none was. */
  lastApplied(key: ObjectKey): unknown {
    return this.#api.lastApplied(key);
  }

  /** Those that are followed, not those that are only counted. */
  journeys(): readonly Journey[] {
    return [...this.#network.journeys()].filter(({ options }) => !options.counted);
  }

  /** Loads under way, and what became of their requests. */
  get traffic(): TrafficState {
    return this.#traffic.state;
  }

  journey(id: number): Journey {
    return this.#network.journey(id);
  }

  /** Carries a command out now. Refused, it changes nothing. */
  execute(command: Command): CommandResult {
    const result = this.#executeKept(command);
    this.#spread();
    return result;
  }

  /** Edits that were done, the latest last, and those that were taken back, the next to redo last. */
  get history(): {
    readonly done: readonly HistoryEntry[];
    readonly undone: readonly UndoneEntry[];
  } {
    return { done: this.#done, undone: this.#undone };
  }

  #executeKept(command: Command): CommandResult {
    switch (command.type) {
      case "send":
        return this.#send(command);
      case "burst":
      case "startTraffic":
      case "stopTraffic":
        return this.#load(command);
      case "undo": {
        const last = this.#done.at(-1);
        if (!last) return badRequest("there is nothing to undo");
        const again = againOf(this.store, last);
        const result = this.#edit(last.inverse);
        if (!result.ok) return result;
        this.#done = this.#done.slice(0, -1);
        this.#undone = [...this.#undone, { ...last, again }];
        return result;
      }
      case "redo": {
        const next = this.#undone.at(-1);
        if (!next) return badRequest("there is nothing to redo");
        const result = this.#editKept(next.command, next.again, next.id);
        if (result.ok) this.#undone = this.#undone.slice(0, -1);
        return result;
      }
      default: {
        const result = this.#editKept(command);
        if (result.ok) this.#undone = [];
        return result;
      }
    }
  }

  /** `means`: what is done for `command`, where it is not the command itself. */
  #editKept(command: EditCommand, means = command, id = this.#edits + 1): CommandResult {
    const inverse = inverseOf(this.store, means);
    const result = this.#edit(means);
    if (result.ok && inverse) {
      this.#edits = Math.max(this.#edits, id);
      const done = [...this.#done, { id, atUs: this.#nowUs, command, inverse }];
      this.#done = done.slice(-MAX_HISTORY);
    }
    return result;
  }

  /** Lets virtual time pass until `atUs`; what is due at that moment is done. */
  runUntil(atUs: number): void {
    for (
      let next = this.#queue.nextAtUs;
      next !== undefined && next <= atUs;
      next = this.#queue.nextAtUs
    )
      this.#next();
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
    const parsed = this.#parse(from, to);
    return parsed.ok ? { ok: true, value: true } : parsed;
  }

  /** Sends one request and runs only its packets, to the end; the clock then stands where they ended. For the command
   *  line and tests: in the live simulation packets are events among others. */
  trace(
    from: string,
    to: string,
    options: JourneyOptions & { readonly naive?: boolean } = {},
  ): Parsed<Journey> {
    const parsed = this.#parse(from, to);
    if (!parsed.ok) return parsed;
    const { naive = false, ...journeyOptions } = options;
    const { journey, endedAtUs } = sendDirectly(
      this.#network,
      this.#moment(),
      { ...parsed.value, names: { from, to }, options: journeyOptions, naive },
      this.#decider,
    );
    this.#nowUs = endedAtUs;
    this.#network.forget(journey.id);
    return { ok: true, value: journey };
  }

  /** Every way that the request could go from this moment, with empty conntrack tables and affinity lists if they are. */
  paths(from: string, to: string, naive = false, maxPaths?: number): Parsed<readonly Path[]> {
    const parsed = this.#parse(from, to);
    if (!parsed.ok) return parsed;
    const request = {
      ...parsed.value,
      names: { from, to },
      options: { handshakeOnly: true },
      naive,
    };
    const paths = explorePaths(this.#moment(), request, maxPaths);
    return paths
      ? { ok: true, value: paths }
      : { ok: false, error: "there are too many ways to list" };
  }

  #parse(from: string, to: string) {
    const names = nameSpaceOf(this.store, this.config, this.loadBalancers());
    const client = parseSource(from, names);
    if (!client.ok) return client;
    const destination = parseDestination(to, client.value, names);
    if (!destination.ok) return destination;
    const { netns } = client.value;
    if (!this.plane.find(netns)) return { ok: false, error: `${from} has no network` } as const;
    return { ok: true, value: { client: netns, to: destination.value } } as const;
  }

  #moment(): NetworkMoment {
    return {
      nowUs: this.#nowUs,
      plane: this.plane,
      fabric: this.fabric,
      proxyTargets: this.#proxyTargets,
    };
  }

  readonly #decider = (name: string) => seededDecider(this.config.seed, name);
  readonly #portsInTurn = (name: string) => portsInTurn(this.config.seed, name);

  readonly #proxyTargets = (listener: Listener): readonly ProxyTarget[] => {
    const balancer = this.#control.controllers.loadBalancers.get(
      listener.owner.slice("elb/".length),
    );
    const port = balancer?.ports.find(
      (candidate) => candidate.port === listener.port && candidate.protocol === listener.protocol,
    );
    if (!balancer || !port) return [];
    return balancer.targets
      .filter((target) => target.healthy)
      .map((target) => ({ label: target.node, ip: target.ip, port: port.nodePort }));
  };

  #send(command: Extract<Command, { type: "send" }>): CommandResult {
    const parsed = this.#parse(command.from, command.to);
    if (!parsed.ok) return badRequest(parsed.error);
    const { client, to } = parsed.value;
    const names = { from: command.from, to: command.to };
    const options = command.options ?? {};
    const journey = this.#network.send(client, to, names, options, this.#environment());
    this.#forgetOldJourneys();
    return { ok: true, applied: [], journey };
  }

  #load(command: TrafficCommand): CommandResult {
    if (command.type !== "stopTraffic") {
      const parsed = this.#parse(command.from, command.to);
      if (!parsed.ok) return badRequest(parsed.error);
    }
    return this.#traffic.execute(command, this.#nowUs, this.#schedule);
  }

  /** Names are looked up for every request: what they stand for may have changed. */
  #sendOfLoad(due: TrafficDue): void {
    const load = this.#traffic.take(due, this.#schedule);
    if (!load) return;
    const parsed = this.#parse(load.from, load.to);
    if (!parsed.ok) {
      this.#traffic.refused(this.#nowUs, parsed.error);
      return;
    }
    const { client, to } = parsed.value;
    const options = { handshakeOnly: true, counted: true };
    this.#network.send(client, to, load, options, this.#environment(this.#portsInTurn));
  }

  #movePacket(event: PacketDue): void {
    const { counted } = this.#network.journey(event.journey).options;
    this.#network.handle(event, this.#environment(counted ? this.#portsInTurn : this.#decider));
    if (!counted) return;
    const journey = this.#network.journey(event.journey);
    if (journey.inFlight > 0) return;
    this.#traffic.ended(journey, this.store);
    this.#network.forget(journey.id);
  }

  /** What is still going away makes room at once; what is refused (an address that was given away meanwhile) leaves
   *  everything as it is. */
  #restore({ objects, removed }: Extract<EditCommand, { type: "restore" }>): CommandResult {
    const keys = new Set<ObjectKey>(removed);
    for (const object of objects) {
      const key = objectKey(object);
      if (this.store.findByKey(key)?.metadata.deletionTimestamp) keys.add(key);
    }
    const trial = new World(this);
    const result = trial.#restoreAll(objects, keys);
    return result.ok ? this.#restoreAll(objects, keys) : result;
  }

  #restoreAll(objects: readonly KubeObject[], removed: Iterable<ObjectKey>): CommandResult {
    const applied: Applied[] = [];
    const refusals: Refusal[] = [];
    for (const key of removed) {
      const object = this.store.findByKey(key);
      if (!object) continue;
      const { kind, metadata } = object;
      if (metadata.deletionTimestamp) this.store.remove(kind, metadata.namespace, metadata.name);
      else this.#api.delete(kind, metadata.namespace, metadata.name, this.#nowUs);
      applied.push({ object, outcome: "deleted" });
    }
    this.#spread();
    objects.forEach((object, index) => {
      const { deletionTimestamp: _gone, ...metadata } = object.metadata;
      const manifest = { ...object, metadata: { ...metadata, resourceVersion: "" } };
      const result = this.store.findByKey(objectKey(object))
        ? this.#api.replace(manifest)
        : this.#api.create(manifest, this.#nowUs);
      if (result.ok) applied.push({ object: result.value, outcome: "configured" });
      else refusals.push({ index, status: result.status });
    });
    return refusals.length > 0 ? { ok: false, refusals } : { ok: true, applied };
  }

  #edit(command: EditCommand): CommandResult {
    switch (command.type) {
      case "apply":
        return reportOf(applyAll(this.#api, command.manifests, this.#nowUs));
      case "delete":
        return this.#delete(command.key);
      case "restore":
        return this.#restore(command);
      case "patch":
        return this.#patch(command);
      case "drain":
        return this.#drain(command.node);
      case "killContainer":
      case "restoreContainer":
        return this.#handleContainer(command);
      case "setProxy":
        if (!this.store.find("Node", "", command.node))
          return badRequest(`nodes "${command.node}" not found`);
        if (command.running) this.#halted.delete(command.node);
        else this.#halted.set(command.node, true);
        this.#superviseProxy(command.node);
        return DONE;
      case "setPower": {
        if (!this.plane.find(`node/${command.node}`))
          return badRequest(`nodes "${command.node}" not found`);
        setNodePower(this.#context(), this.#control, command.node, command.on);
        this.#superviseProxy(command.node);
        return DONE;
      }
      case "setReadiness": {
        const pod = this.store.find("Pod", command.namespace, command.pod);
        if (!pod) return badRequest(`pods "${command.pod}" not found`);
        setReadiness(
          this.#context(),
          this.#control,
          `${command.namespace}/${command.pod}`,
          command.ready,
        );
        return DONE;
      }
    }
  }

  /** Fills a new world with a scenario's objects; they may carry what only servers write, as exported ones do. */
  load(manifests: readonly unknown[]): CommandResult {
    const result = reportOf(loadAll(this.#api, manifests, this.#nowUs));
    this.#spread();
    return result;
  }

  #patch({ key, patch }: Extract<EditCommand, { type: "patch" }>): CommandResult {
    const named = parseKey(key);
    if ("ok" in named) return named;
    const { kind, namespace, name } = named;
    if (nestsDeeperThan(patch, MAX_PATCH_DEPTH)) return badRequest("json: exceeded max depth");
    const before = this.store.findByKey(key);
    const result = this.#api.edit(kind, namespace, name, (object) => mergePatch(object, patch));
    if (!result.ok) return refuse(result.status);
    const outcome = result.value === before ? "unchanged" : "patched";
    return { ok: true, applied: [{ object: result.value, outcome }] };
  }

  #drain(name: string): CommandResult {
    const cordoned = this.#api.edit("Node", "", name, (node) =>
      mergePatch(node, { spec: { unschedulable: true } }),
    );
    if (!cordoned.ok) return refuse(cordoned.status);
    const applied: Applied[] = [{ object: cordoned.value, outcome: "cordoned" }];
    for (const pod of [...this.store.list("Pod")]) {
      const { namespace, ownerReferences = [], deletionTimestamp } = pod.metadata;
      const stays = ownerReferences.some(({ kind }) => kind === "DaemonSet" || kind === "Node");
      if (pod.spec.nodeName !== name || deletionTimestamp || stays) continue;
      this.#api.delete("Pod", namespace, pod.metadata.name, this.#nowUs);
      applied.push({ object: pod, outcome: "evicted" });
    }
    return { ok: true, applied };
  }

  #handleContainer(
    command: Extract<EditCommand, { type: "killContainer" | "restoreContainer" }>,
  ): CommandResult {
    const { namespace, container } = command;
    const pod = this.store.find("Pod", namespace, command.pod);
    if (!pod) return badRequest(`pods "${command.pod}" not found`);
    const context = this.#context();
    const done =
      command.type === "killContainer"
        ? killContainer(context, this.#control, pod, container)
        : restoreContainer(context, this.#control, pod, command.container, command);
    if (done) return DONE;
    const name = container ?? pod.spec.containers[0]?.name ?? "";
    return badRequest(`container ${name} of pod ${command.pod} is not running`);
  }

  #delete(key: ObjectKey): CommandResult {
    const named = parseKey(key);
    if ("ok" in named) return named;
    const { kind, namespace, name } = named;
    const result = this.#api.delete(kind, namespace, name, this.#nowUs);
    return result.ok
      ? { ok: true, applied: [{ object: result.value, outcome: "deleted" }] }
      : refuse(result.status);
  }

  #next(): void {
    const due = this.#queue.pop();
    if (!due) return;
    this.#nowUs = due.atUs;
    const { event } = due;
    if (isPacketDue(event)) this.#movePacket(event);
    else if (isTrafficDue(event)) this.#sendOfLoad(event);
    else if (event.type === "proxySync")
      syncProxyRules(this.#context(), this.#proxies, (event as ProxySyncEvent).node);
    else if (isControlEvent(event)) handleEvent(this.#context(), this.#control, event);
    else throw new Error(`nobody handles ${event.type}`);
    this.#spread();
  }

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
        onProxyChange(context, this.#proxies, change);
        if (change.object.kind === "Pod") this.#onPodChange(change.object);
      }
    }
    this.#refreshFabric();
  }

  #onMachineChange(context: ControlContext, { type, object }: StoreChange): void {
    if (object.kind === "Host") {
      if (type === "DELETED") this.plane.remove(`host/${object.metadata.name}`);
      else this.plane.put(hostNetns(object));
      this.#fabric = undefined;
    }
    if (object.kind !== "Node") return;
    this.#fabric = undefined;
    if (type === "ADDED") nodeAdded(context, this.#proxies, object);
    if (type === "DELETED") nodeRemoved(this.#proxies, object.metadata.name);
    if (type === "ADDED" && !this.#proxyIsPod)
      setRunning(context, this.#proxies, object.metadata.name, true);
  }

  /** kube-proxy is a DaemonSet's pod on every node; where the scenario adds nothing, a service of the machine. */
  get #proxyIsPod(): boolean {
    return this.config.addons.length > 0;
  }

  #onPodChange(pod: Pod): void {
    if (pod.spec.nodeName && isProxyPod(pod)) this.#superviseProxy(pod.spec.nodeName);
  }

  #superviseProxy(node: string): void {
    const on = this.plane.find(`node/${node}`)?.up ?? false;
    const running = on && !this.#halted.has(node) && (!this.#proxyIsPod || this.#hasProxyPod(node));
    setRunning(this.#context(), this.#proxies, node, running);
  }

  #hasProxyPod(node: string): boolean {
    const pods = findAll(this.store, "Pod", this.#control.controllers.podsByNode.keys(node));
    return pods.some((pod) => isProxyPod(pod) && isPodReady(pod));
  }

  #balancersSeen: readonly LoadBalancer[] = [];

  /** Load balancers come and go without an API object of their own. */
  #refreshFabric(): void {
    const { loadBalancers } = this.#control.controllers;
    const seen = this.#balancersSeen;
    if (loadBalancers.size === 0 && seen.length === 0) return;
    if (
      loadBalancers.size === seen.length &&
      [...loadBalancers.values()].every((balancer, index) => balancer === seen[index])
    )
      return;
    this.#balancersSeen = [...loadBalancers.values()];
    this.#fabric = undefined;
  }

  #latestContext: ControlContext | undefined;

  /** The same one as long as time stands still. */
  #context(): ControlContext {
    if (this.#latestContext?.nowUs === this.#nowUs) return this.#latestContext;
    this.#tools ??= this.#makeTools();
    this.#latestContext = { ...this.#tools, nowUs: this.#nowUs };
    return this.#latestContext;
  }

  /** What a context offers whatever the time is. */
  #tools: Omit<ControlContext, "nowUs"> | undefined;

  #makeTools(): Omit<ControlContext, "nowUs"> {
    return {
      config: this.config,
      store: this.store,
      plane: this.plane,
      schedule: (delayUs, event) => this.#queue.schedule(this.#nowUs + Math.round(delayUs), event),
      random: (name) => randomStream(this.config.seed, name),
      recordEvent: (about, type, reason, message, component) =>
        this.#recorder.record(this.store, this.#nowUs, { about, type, reason, message, component }),
      reach: this.#reach,
      programOf: servedPorts,
    };
  }

  /** One connection attempt, flown to its end on a copy: it leaves no trace. */
  readonly #reach = (from: NetnsId, ip: Ipv4, port: number, protocol: Protocol): boolean => {
    const moment = { ...this.#moment(), plane: this.plane.fork() };
    const name = `reach/${from}/${ip}:${port}/${this.#nowUs}`;
    const { journey } = sendDirectly(
      new Network(),
      moment,
      {
        client: from,
        to: { ip, port, protocol },
        names: { from, to: "" },
        options: { handshakeOnly: true },
      },
      (turn) => seededDecider(this.config.seed, `${name}/${turn}`),
    );
    return journey.outcome?.verdict.kind === "delivered";
  };

  #environment(decider: NetworkEnvironment["decider"] = this.#decider): NetworkEnvironment {
    return { ...this.#moment(), schedule: this.#schedule, decider };
  }

  readonly #schedule = (delayUs: number, event: SimEvent): void =>
    this.#queue.schedule(this.#nowUs + delayUs, event);

  #forgetOldJourneys(): void {
    const old = [...this.#network.journeys()].filter((journey) => journey.inFlight === 0);
    for (const journey of old.slice(0, Math.max(0, old.length - MAX_JOURNEYS)))
      this.#network.forget(journey.id);
  }
}

function reportOf({ applied, errors }: ReturnType<typeof applyAll>): CommandResult {
  return errors.length > 0 ? { ok: false, refusals: errors } : { ok: true, applied };
}

function parseKey(
  key: ObjectKey,
): { readonly kind: Kind; readonly namespace: string; readonly name: string } | CommandResult {
  const [given = "", first = "", second] = key.split("/");
  const kind = KINDS.find((candidate) => candidate === given);
  if (!kind) return badRequest(`the server doesn't have a resource type "${given}"`);
  return second === undefined
    ? { kind, namespace: "", name: first }
    : { kind, namespace: first, name: second };
}

/** What brings an edit's effect again, with the same names and addresses. A node is drained of whoever is on it then. */
function againOf(store: Store, { command, inverse }: HistoryEntry): EditCommand {
  return command.type === "drain" ? command : (inverseOf(store, inverse) ?? command);
}

function isProxyPod({ metadata }: Pod): boolean {
  return metadata.namespace === PROXY_NAMESPACE && metadata.labels?.[PROXY_LABEL] === PROXY_NAME;
}
