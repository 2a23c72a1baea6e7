import { loadAll } from "../api/apply-all";
import type { StoreChange } from "../api/store";
import type { ControlContext } from "../controllers/context";
import { SECOND } from "../sim/time";
import type { Command, CommandResult } from "./command";
import type { Journey } from "./connection";
import { type Editable, executeEdit, reportOf } from "./edits";
import { executeCheck, hearCheck } from "./follow-check";
import { rulesNow } from "./hand-rules";
import { executeKernel } from "./kernel-commands";
import { hostNetns } from "./machines";
import type { Path } from "./paths";
import {
  isRequestEvent,
  type PathsOptions,
  type RequestEvent,
  type TraceOptions,
} from "./requests";
import type { Parsed } from "./targets";
import { WorldState } from "./world-state";

/** Settling gives up after this much virtual time: something never comes to rest. */
const SETTLE_LIMIT_US = 600 * SECOND;

/** The simulated world at one moment: API objects, controllers, kubelets, proxies, networks, packets under way, and
 *  what is due next. Deterministic: the same configuration and commands at the same times give the same world. */
export class World extends WorldState {
  /** A snapshot that goes its own way from here. */
  fork(): World {
    return new World(this);
  }

  /** Fills a new world with a scenario's objects; they may carry what only servers write, as exported ones do. */
  load(manifests: readonly unknown[]): CommandResult {
    const result = reportOf(loadAll(this.api, manifests, this.clockUs));
    this.#spread();
    return result;
  }

  /** The cluster is up and the run begins: what its own checks have left in tables and counters is forgotten. */
  begin(): void {
    this.plane.forgetTraffic();
    this.noted.clear();
    this.watchers.control.hasBegun = true;
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
        return this.requests.send(command);
      case "burst":
      case "startTraffic":
      case "stopTraffic":
        return this.requests.executeLoad(command);
      case "check":
        return executeCheck(this.context(), this.watchers.control, command.purpose);
      case "deleteConntrack":
      case "zeroCounters":
      case "listen":
        return executeKernel(this.plane, this.clockUs, command);
      default: {
        const world = this.#editable();
        const result = this.edits.execute(command, {
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
        this.currentFabric.outdate();
        return result;
      }
    }
  }

  /** Lets virtual time pass until `atUs`; what is due at that moment is done. */
  runUntil(atUs: number): void {
    this.runWhile(() => true, atUs);
    this.clockUs = Math.max(this.clockUs, atUs);
  }

  /** Lets time pass event by event as long as `condition` holds, at most until `limitUs`. */
  runWhile(condition: () => boolean, limitUs: number): void {
    while (condition()) {
      const next = this.queue.nextAtUs;
      if (next === undefined || next > limitUs) return;
      this.#next();
    }
  }

  /** Lets time pass until controllers, kubelets and proxies have nothing left to do. False when the limit came first. */
  settle(limitUs = SETTLE_LIMIT_US): boolean {
    this.runWhile(() => this.queue.foreground > 0, this.clockUs + limitUs);
    return this.queue.foreground === 0;
  }

  /** Whether such a request can be sent, or what is wrong with its names. */
  check(from: string, to: string): Parsed<true> {
    const parsed = this.requests.parse(from, to, { strict: true });
    return parsed.ok ? { ok: true, value: true } : parsed;
  }

  /** Sends one request and runs only its packets, to the end; the clock then stands where they ended. For the command
   *  line and tests: in the live simulation packets are events among others. */
  trace(from: string, to: string, options: TraceOptions = {}): Parsed<Journey> {
    const traced = this.requests.trace(from, to, options);
    if (!traced.ok) return traced;
    this.clockUs = traced.value.endedAtUs;
    return { ok: true, value: traced.value.journey };
  }

  /** Every way that the request could go from this moment, with empty conntrack tables and affinity lists if they are. */
  paths(from: string, to: string, options?: PathsOptions): Parsed<readonly Path[]> {
    return this.requests.paths(from, to, options);
  }

  #next(): void {
    const due = this.queue.pop();
    if (!due) return;
    this.clockUs = due.atUs;
    const { event } = due;
    if (isRequestEvent(event)) this.#handleRequest(event);
    else this.watchers.handle(this.context(), event);
    this.#spread();
  }

  #handleRequest(event: RequestEvent): void {
    this.requests.handle(event);
    for (const ended of this.requests.takeEndedChecks())
      hearCheck(this.context(), this.watchers.control, ended);
  }

  /** Tells everybody who watches of what has changed in the store, until nothing changes any more. */
  #spread(): void {
    for (
      let changes = this.store.takeChanges();
      changes.length > 0;
      changes = this.store.takeChanges()
    ) {
      const context = this.context();
      for (const change of changes) {
        // Nobody acts on Events, save that they go.
        if (change.object.kind === "Event" && change.type !== "DELETED") continue;
        this.api.observe(change);
        this.#onMachineChange(context, change);
        this.watchers.onStoreChange(context, change);
      }
    }
    this.currentFabric.watch(this.#unlistedMachines());
  }

  *#unlistedMachines(): Generator<unknown, undefined, unknown> {
    const { controllers, kubelets } = this.watchers.control;
    yield* controllers.loadBalancers.values();
    if (this.config.cni === "aws-vpc") for (const { enis } of kubelets.ipam.values()) yield enis;
    return undefined;
  }

  #onMachineChange(context: ControlContext, { type, object }: StoreChange): void {
    if (object.kind === "Host") {
      if (type === "DELETED") this.plane.remove(`host/${object.metadata.name}`);
      else this.plane.put(hostNetns(object));
      this.currentFabric.outdate();
    }
    if (object.kind === "SecurityGroup") this.currentFabric.outdate();
    if (object.kind !== "Node") return;
    this.currentFabric.outdate();
    this.watchers.proxies.onNodeChange(context, type, object);
  }

  #editable(): Editable {
    return {
      api: this.api,
      store: this.store,
      control: this.watchers.control,
      proxies: this.watchers.proxies,
      nowUs: this.clockUs,
      context: () => this.context(),
      spread: () => this.#spread(),
      rehearsal: () => new World(this).#editable(),
    };
  }
}
