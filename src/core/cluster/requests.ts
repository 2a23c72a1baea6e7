import type { ClusterConfig } from "../api/cluster-config";
import type { Store } from "../api/store";
import type { Check, CheckAnswer, CheckPurpose } from "../controllers/check";
import type { LoadBalancer } from "../controllers/cloud/load-balancer";
import type { Milestone } from "../controllers/context";
import type { View } from "../controllers/older-view";
import type { Listener, NetnsId } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import type { DnsStore } from "../dns/records";
import type { Fabric } from "../fabric/fabric";
import type { HttpOptions, HttpRequest, HttpResponse } from "../net/http-message";
import { answerHttp } from "../programs/http-answers";
import { imageBehind } from "../programs/image-behind";
import { seededDecider } from "../sim/decider";
import type { SimEvent } from "../sim/event-queue";
import {
  Checks,
  answerOf as checkAnswerOf,
  destinationOf,
  type MadeCheck,
  namesOf,
  optionsOf,
} from "./checks";
import { badRequest, type Command, type CommandResult } from "./command";
import type { Destination, Journey, JourneyOptions } from "./connection";
import { sendDirectly } from "./direct";
import { gatewayOnward, gatewayTrouble } from "./gateway-agent";
import { answerOf, dnsWorldOf, nameSpaceOf } from "./names";
import { Network } from "./network";
import {
  isNetworkEvent,
  type NetworkEnvironment,
  type NetworkEvent,
  type NetworkMoment,
  type ProxyTarget,
} from "./network-environment";
import { explorePaths, type Path } from "./paths";
import { readsProxyLine } from "./proxy-line";
import { type Parsed, parseDestination, parseSource, type Target } from "./targets";
import {
  isTrafficDue,
  portsInTurn,
  Traffic,
  type TrafficCommand,
  type TrafficDue,
  type TrafficState,
} from "./traffic";
import { tunnelOnward, tunnelTrouble } from "./tunnel";

/** Journeys of the past that are kept with their hops. */
const MAX_JOURNEYS = 50;

/** The world that requests are sent in. */
export interface RequestWorld {
  readonly config: ClusterConfig;
  readonly store: Store;
  readonly plane: Plane;
  readonly nowUs: number;
  readonly fabric: Fabric;
  loadBalancers(): readonly LoadBalancer[];
  /** What a DNS server of the cluster has heard of it. */
  dnsView(server: string): DnsStore;
  /** What a client that uses endpoints itself has heard of them. */
  endpointView(client: NetnsId): View;
  /** What a gateway has heard of it. */
  gatewayView(server: string): View;
  /** What a web server answers by what it knows of the cluster, or of itself; undefined: what its program says. */
  answerHttp(listener: Listener, request: HttpRequest): HttpResponse | undefined;
}

/** What came of a check that was followed. */
export interface EndedCheck {
  readonly purpose: CheckPurpose;
  readonly sentAtUs: number;
  readonly answer: CheckAnswer;
}

const NO_CHECKS: readonly EndedCheck[] = [];

type Schedule = (delayUs: number, event: SimEvent) => void;

export interface TraceOptions extends JourneyOptions {
  /** Test every rule in turn instead of using the chain index. */
  readonly naive?: boolean;
}

export interface PathsOptions {
  readonly naive?: boolean;
  readonly maxPaths?: number | undefined;
  readonly http?: HttpOptions | undefined;
}

/** Requests that people and loads send: from the names they give to packets in the network, and what became of them. */
export class Requests {
  readonly #world: RequestWorld;
  readonly #schedule: Schedule;
  readonly #network: Network;
  readonly #traffic: Traffic;
  readonly #checks: Checks;
  #endedChecks: EndedCheck[] = [];

  constructor(world: RequestWorld, schedule: Schedule, from?: Requests) {
    this.#world = world;
    this.#schedule = schedule;
    this.#network = from ? from.#network.fork() : new Network();
    this.#traffic = from ? from.#traffic.fork() : new Traffic();
    this.#checks = from ? from.#checks.fork() : new Checks();
  }

  /** For a copy of the world. */
  fork(world: RequestWorld, schedule: Schedule): Requests {
    return new Requests(world, schedule, this);
  }

  /** Those that are followed, not those that are only counted. */
  journeys(): readonly Journey[] {
    return [...this.#network.journeys()].filter(({ options }) => !options.counted);
  }

  journey(id: number): Journey {
    return this.#network.journey(id);
  }

  get traffic(): TrafficState {
    return this.#traffic.state;
  }

  /** Where such a request starts and where it goes, or what is wrong with its names. `strict`: a DNS name that stands for
   *  nothing is wrong, too. */
  parse(
    from: string,
    to: string,
    options: { readonly strict?: boolean } = {},
  ): Parsed<{ readonly client: NetnsId; readonly to: Target }> {
    const { store, config, plane } = this.#world;
    const names = nameSpaceOf(store, config, this.#world.loadBalancers(), {
      ...options,
      endpointView: (client) => this.#world.endpointView(client),
    });
    const client = parseSource(from, names);
    if (!client.ok) return client;
    const destination = parseDestination(to, client.value, names);
    if (!destination.ok) return destination;
    const { netns } = client.value;
    if (!plane.find(netns)) return { ok: false, error: `${from} has no network` };
    return { ok: true, value: { client: netns, to: destination.value } };
  }

  send(command: Extract<Command, { type: "send" }>): CommandResult {
    const parsed = this.parse(command.from, command.to);
    if (!parsed.ok) return badRequest(parsed.error);
    const { client, to } = parsed.value;
    const { options = {} } = command;
    const journey = this.#network.send(client, to, command, options, this.#environment());
    this.#forgetOldJourneys();
    return { ok: true, applied: [], journey };
  }

  executeLoad(command: TrafficCommand): CommandResult {
    if (command.type !== "stopTraffic") {
      const parsed = this.parse(command.from, command.to);
      if (!parsed.ok) return badRequest(parsed.error);
    }
    return this.#traffic.execute(command, this.#world.nowUs, this.#schedule);
  }

  /** Moves the packet, or sends the load's request, that is due. */
  handle(event: RequestEvent): void {
    if (isNetworkEvent(event)) this.#movePacket(event);
    else this.#sendOfLoad(event);
  }

  /** Loads are counted beside what happened meanwhile. */
  note(milestone: Milestone): void {
    this.#traffic.note(this.#world.nowUs, milestone);
  }

  /** Sends one request and runs only its packets, to the end. */
  trace(
    from: string,
    to: string,
    { naive = false, ...options }: TraceOptions,
  ): Parsed<{ readonly journey: Journey; readonly endedAtUs: number }> {
    const parsed = this.parse(from, to);
    if (!parsed.ok) return parsed;
    const traced = sendDirectly(
      this.#network,
      this.#moment(),
      { ...parsed.value, names: { from, to }, options, naive },
      this.#decider,
    );
    this.#network.forget(traced.journey.id);
    return { ok: true, value: traced };
  }

  /** Every way that the request could go from this moment. A name is looked up once, by whatever way that takes; where
   *  that comes to nothing, this is the only way. */
  paths(
    from: string,
    to: string,
    { naive = false, maxPaths, http }: PathsOptions = {},
  ): Parsed<readonly Path[]> {
    const parsed = this.parse(from, to, { strict: true });
    if (!parsed.ok) return parsed;
    const { client, to: target } = parsed.value;
    const found = this.#lookUpFirst(client, target, { from, to });
    if ("failed" in found) return { ok: true, value: [{ probability: 1, journey: found.failed }] };
    const request = {
      client,
      to: found,
      names: { from, to },
      options: { handshakeOnly: true, throughGateways: true, ...(http && { http }) },
      naive,
    };
    const paths = explorePaths(this.#moment(), request, maxPaths);
    return paths
      ? { ok: true, value: paths }
      : { ok: false, error: "there are too many ways to list" };
  }

  /** A probe or health check that nobody follows: its packets fly to their end at once. */
  check(check: Check): CheckAnswer {
    return this.#checks.make(check, this.#moment(), this.#world.config.seed);
  }

  /** The latest of them. */
  get checks(): readonly MadeCheck[] {
    return this.#checks.made;
  }

  /** One that is followed: its packets fly like those of a request. Answers its journey's number. */
  follow(check: Check): number {
    const journey = this.#network.send(
      check.from,
      destinationOf(check),
      namesOf(check),
      optionsOf(check),
      this.#environment(),
    );
    this.#forgetOldJourneys();
    return journey;
  }

  /** Those that were followed and have ended since somebody asked. */
  takeEndedChecks(): readonly EndedCheck[] {
    if (this.#endedChecks.length === 0) return NO_CHECKS;
    const ended = this.#endedChecks;
    this.#endedChecks = [];
    return ended;
  }

  #lookUpFirst(
    client: NetnsId,
    to: Target,
    names: { readonly from: string; readonly to: string },
  ): Destination | { readonly failed: Journey } {
    if (!("lookup" in to) && !("nowhere" in to)) return to;
    const { port, protocol } = to;
    const { journey } = sendDirectly(
      this.#network.fork(),
      { ...this.#moment(), plane: this.#world.plane.fork() },
      { client, to, names, options: { lookupOnly: true } },
      this.#decider,
    );
    const [ip, ...others] = journey.resolved ?? [];
    if (ip === undefined) return { failed: journey };
    return { ip, port, protocol, ...(others.length > 0 && { ips: [ip, ...others] }) };
  }

  /** Names are looked up for every request: what they stand for may have changed. */
  #sendOfLoad(due: TrafficDue): void {
    const load = this.#traffic.take(due, this.#schedule);
    if (!load) return;
    const parsed = this.parse(load.from, load.to);
    if (!parsed.ok) {
      this.#traffic.refused(this.#world.nowUs, parsed.error);
      return;
    }
    const { client, to } = parsed.value;
    const { http } = load;
    const options = {
      handshakeOnly: true,
      throughGateways: true,
      counted: true,
      ...(http && { http }),
    };
    const env = this.#environment(this.#portsInTurn);
    this.#endOfLoad(this.#network.send(client, to, load, options, env));
  }

  /** A counted request whose packets have all come to their end. */
  #endOfLoad(id: number): void {
    const journey = this.#network.journey(id);
    if (journey.inFlight > 0) return;
    this.#traffic.ended(journey, this.#world.store);
    this.#network.forget(id);
  }

  #movePacket(event: NetworkEvent): void {
    const { counted, check } = this.#network.journey(event.journey).options;
    this.#network.handle(event, this.#environment(counted ? this.#portsInTurn : this.#decider));
    if (!counted && !check) return;
    const journey = this.#network.journey(event.journey);
    if (journey.inFlight > 0) return;
    if (check) {
      const { sentAtUs } = journey;
      const answer = checkAnswerOf(journey, this.#world.nowUs);
      this.#endedChecks.push({ purpose: check, sentAtUs, answer });
      return;
    }
    this.#endOfLoad(journey.id);
  }

  #forgetOldJourneys(): void {
    const old = [...this.#network.journeys()].filter((journey) => journey.inFlight === 0);
    for (const journey of old.slice(0, Math.max(0, old.length - MAX_JOURNEYS)))
      this.#network.forget(journey.id);
  }

  #environment(decider: NetworkEnvironment["decider"] = this.#decider): NetworkEnvironment {
    return { ...this.#moment(), schedule: this.#schedule, decider };
  }

  #moment(): NetworkMoment {
    const { nowUs, plane, fabric } = this.#world;
    return {
      nowUs,
      plane,
      fabric,
      proxyTargets: this.#proxyTargets,
      answerDns: this.#answerDns,
      readsProxyLine: this.#readsProxyLine,
      answerHttp: this.#answerHttp,
      onwardFor: this.#onwardFor,
      answerTrouble: this.#answerTrouble,
    };
  }

  readonly #decider = (name: string) => seededDecider(this.#world.config.seed, name);
  readonly #portsInTurn = (name: string) => portsInTurn(this.#world.config.seed, name);

  readonly #answerDns: NetworkMoment["answerDns"] = (listener, question) => {
    const { store, config } = this.#world;
    const dns = dnsWorldOf(store, this.#world.loadBalancers());
    return answerOf(dns, this.#world.dnsView(listener.owner), config, listener, question);
  };

  readonly #answerHttp: NetworkMoment["answerHttp"] = (listener, request) =>
    this.#world.answerHttp(listener, request) ??
    answerHttp(listener.program, imageBehind(this.#world.store, listener), request);

  readonly #onwardFor: NetworkMoment["onwardFor"] = (connection, options) => {
    const { store, plane } = this.#world;
    if (connection.tunnel) return tunnelOnward(store, plane, connection, options);
    const { program, owner } = connection.server?.listener ?? {};
    return program === "gateway" && owner !== undefined
      ? gatewayOnward(store, this.#world.gatewayView(owner), connection)
      : undefined;
  };

  readonly #answerTrouble: NetworkMoment["answerTrouble"] = (connection, trouble) =>
    connection.tunnel
      ? tunnelTrouble(connection, trouble)
      : gatewayTrouble(this.#world.store, connection, trouble);

  readonly #readsProxyLine = ({ owner }: Listener): boolean =>
    readsProxyLine(this.#world.store, owner);

  readonly #proxyTargets = ({ owner, port, protocol }: Listener): readonly ProxyTarget[] => {
    const balancers = this.#world.loadBalancers();
    const balancer = balancers.find(({ service }) => owner === `elb/${service}`);
    const served = balancer?.ports.find(
      (candidate) => candidate.port === port && candidate.protocol === protocol,
    );
    if (!balancer || !served) return [];
    return balancer.targets
      .filter((target) => target.healthy)
      .map((target) => ({
        label: target.node,
        ip: target.ip,
        port: served.nodePort,
        proxyProtocol: balancer.proxyProtocol,
      }));
  };
}

export type RequestEvent = NetworkEvent | TrafficDue;

export function isRequestEvent(event: SimEvent): event is RequestEvent {
  return isNetworkEvent(event) || isTrafficDue(event);
}
