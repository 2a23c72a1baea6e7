import { sourceFor } from "../dataplane/addresses";
import { advance } from "../dataplane/advance";
import type { Flight, HopDraft, Step } from "../dataplane/flight";
import type { Listener, NetnsId } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import type { Fabric } from "../fabric/fabric";
import { advanceWire } from "../fabric/wire";
import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { formatEndpoint, type Packet } from "../net/packet";
import { invert, sameTuple, type Tuple, tupleOf } from "../net/tuple";
import { CowMap } from "../sim/cow-map";
import type { Decider } from "../sim/decider";
import type { SimEvent } from "../sim/event-queue";
import type { Hop, PacketRole } from "../trace/hop";
import type { Verdict } from "../trace/verdict";
import {
  type Connection,
  clientPacket,
  type Destination,
  type Journey,
  type JourneyOptions,
  type Outcome,
  serverPacket,
} from "./connection";

/** A packet's next stage is due. */
export interface PacketDue extends SimEvent {
  readonly type: "packetDue";
  readonly journey: number;
  readonly flight: Flight;
}

export interface ProxyTarget {
  readonly label: string;
  readonly ip: Ipv4;
  readonly port: number;
}

/** What the network needs of the world that it is in. */
export interface NetworkEnvironment {
  readonly nowUs: number;
  readonly plane: Plane;
  readonly fabric: Fabric;
  schedule(delayUs: number, event: PacketDue): void;
  decider(name: string): Decider;
  /** Where the proxy behind a listener may send a connection: its healthy targets. */
  proxyTargets(listener: Listener): readonly ProxyTarget[];
  readonly naive?: boolean;
}

/** Linux's default ip_local_port_range. */
const EPHEMERAL_PORTS = { from: 32_768, to: 60_999 } as const;
/** A server's answer takes this long to make. */
const SERVER_US = 200;
/** A packet that took more stages than this goes round for ever. */
const MAX_STEPS = 400;

/** Connections and the journeys that they belong to: what clients, servers and proxies do with the packets that the
 *  dataplane delivers. */
export class Network {
  readonly #connections: CowMap<number, Connection>;
  readonly #journeys: CowMap<number, Journey>;
  /** Client sockets, by namespace and own address. */
  readonly #sockets: CowMap<string, number>;
  #nextConnection: number;
  /** The journey of the packet in hand: this event's own copy, written in place until the event is over. */
  #inHand: Draft | undefined;

  constructor(from?: Network) {
    this.#connections = from ? from.#connections.fork() : new CowMap();
    this.#journeys = from ? from.#journeys.fork() : new CowMap();
    this.#sockets = from ? from.#sockets.fork() : new CowMap();
    this.#nextConnection = from ? from.#nextConnection : 1;
  }

  fork(): Network {
    return new Network(this);
  }

  journey(id: number): Journey {
    return must(this.#journeys.get(id));
  }

  journeys(): MapIterator<Journey> {
    return this.#journeys.values();
  }

  /** Forgets a finished journey and its sockets. */
  forget(id: number): void {
    for (const connection of [...this.#connections.values()]) {
      if (connection.journey !== id) continue;
      this.#connections.delete(connection.id);
      this.#sockets.delete(socketKey(connection.client, connection.tuple));
    }
    this.#journeys.delete(id);
  }

  /** A client in `client` sends one request. Answers the journey's number. */
  send(
    client: NetnsId,
    to: Destination,
    names: { from: string; to: string },
    options: JourneyOptions,
    env: NetworkEnvironment,
  ): number {
    const id = this.#nextConnection;
    this.#inHand = {
      id,
      from: names.from,
      to: names.to,
      sentAtUs: env.nowUs,
      options,
      connection: id,
      hops: [],
      inFlight: 0,
    };
    this.#journeys.set(id, this.#inHand);
    const { ips = [to.ip] } = to;
    const ip = must(ips[env.decider(`connection/${id}/address`).choose(ips.length)]);
    this.#connect(id, client, { ...to, ip }, undefined, env);
    this.#inHand = undefined;
    return id;
  }

  handle(event: PacketDue, env: NetworkEnvironment): void {
    const before = this.journey(event.journey);
    const journey = { ...before, hops: before.hops.slice(), inFlight: before.inFlight - 1 };
    this.#journeys.set(journey.id, journey);
    this.#inHand = journey;
    this.#advance(event, env);
    this.#inHand = undefined;
  }

  #advance(event: PacketDue, env: NetworkEnvironment): void {
    const { flight } = event;
    const connection = must(this.#connections.get(flight.connection));
    if (flight.steps > MAX_STEPS) {
      const verdict = {
        kind: "dropped",
        reason: "TtlExceeded",
        explanation: "the packet goes round in a loop",
        place: "",
      } as const;
      this.#fail(connection, verdict, env);
      return;
    }
    const step = this.#step(flight, env);
    this.#record(event.journey, flight, step.hops, env.nowUs);
    if (step.next) this.#schedule(event.journey, step.next.flight, step.next.delayUs, env);
    if (step.arrived) {
      const moved = { ...flight, packet: step.arrived.packet };
      if (step.arrived.listener)
        this.#atServer(connection, moved, step.arrived.netns, step.arrived.listener, env);
      else this.#atClient(connection, moved, env);
    }
    if (step.ended) this.#ended(connection, flight, step, step.ended, env);
  }

  #step(flight: Flight, env: NetworkEnvironment): Step {
    const context = {
      plane: env.plane,
      nowUs: env.nowUs,
      decide: env.decider(
        `packet/${flight.connection}/${flight.role}/${flight.direction}/${flight.steps}`,
      ),
      isClient: (netns: NetnsId, packet: Packet) =>
        this.#findSocket(netns, packet) === flight.connection,
      ...(env.naive && { naive: true }),
    };
    const at = flight.stage.at;
    return at === "wire" || at === "internet" || at === "edge"
      ? advanceWire(flight, env.fabric, context)
      : advance(flight, context);
  }

  #findSocket(netns: NetnsId, packet: Packet): number | undefined {
    const own = packet.icmp ? packet.icmp.quoted : invert(tupleOf(packet));
    const id = this.#sockets.get(socketKey(netns, own));
    const connection = id === undefined ? undefined : this.#connections.get(id);
    return connection && sameTuple(connection.tuple, tupleOf(own)) ? connection.id : undefined;
  }

  #connect(
    journey: number,
    client: NetnsId,
    to: Destination,
    parent: number | undefined,
    env: NetworkEnvironment,
  ): void {
    const id = this.#nextConnection++;
    const netns = env.plane.get(client);
    // Without a route the packet still shows the address the socket would have had.
    const src =
      sourceFor(netns, to.ip) ??
      netns.interfaces.find((device) => device.kind !== "loopback")?.addresses[0]?.ip ??
      0;
    const sport = env
      .decider(`connection/${id}/port`)
      .anyPort(EPHEMERAL_PORTS.from, EPHEMERAL_PORTS.to);
    const tuple: Tuple = { protocol: to.protocol, src, sport, dst: to.ip, dport: to.port };
    this.#connections.set(id, {
      id,
      journey,
      client,
      tuple,
      ...(parent !== undefined && { parent }),
    });
    this.#sockets.set(socketKey(client, tuple), id);
    const connection = must(this.#connections.get(id));
    if (to.protocol === "tcp")
      this.#sendFrom(connection, "original", "SYN", clientPacket(tuple, "SYN"), client, 0, env);
    else
      this.#sendFrom(
        connection,
        "original",
        "datagram",
        clientPacket(tuple, "datagram"),
        client,
        0,
        env,
      );
  }

  #atServer(
    connection: Connection,
    flight: Flight,
    netns: NetnsId,
    listener: Listener,
    env: NetworkEnvironment,
  ): void {
    const { packet, role } = flight;
    const back = invert(tupleOf(packet));
    const answer = (as: PacketRole, reply: Packet, delayUs = 0) =>
      this.#sendFrom(connection, "reply", as, reply, netns, delayUs, env);
    switch (role) {
      case "SYN": {
        const known = { ...connection, server: { netns, listener, tuple: tupleOf(packet) } };
        this.#connections.set(connection.id, known);
        if (listener.program === "proxy") this.#proxy(known, netns, listener, env);
        else answer("SYN-ACK", serverPacket(back, "SYN-ACK"));
        return;
      }
      case "datagram": {
        const known = { ...connection, server: { netns, listener, tuple: tupleOf(packet) } };
        this.#connections.set(connection.id, known);
        if (listener.program === "proxy") this.#proxy(known, netns, listener, env);
        else answer("answer", serverPacket(back, "answer", "echo"), SERVER_US);
        return;
      }
      case "request":
        if (connection.child !== undefined) this.#clientSends(connection.child, "request", env);
        else answer("response", serverPacket(back, "response", responseLine(listener)), SERVER_US);
        return;
      case "FIN":
        if (connection.child !== undefined) this.#clientSends(connection.child, "FIN", env);
        else answer("FIN-ACK", serverPacket(back, "FIN-ACK"));
        return;
      default:
        return;
    }
  }

  /** A load balancer ends the client's connection and opens its own to one of its targets.
   *  Simplified: it answers the client when its target has answered, packet by packet. */
  #proxy(
    connection: Connection,
    netns: NetnsId,
    listener: Listener,
    env: NetworkEnvironment,
  ): void {
    const targets = env.proxyTargets(listener);
    const label = env.plane.get(netns).label;
    const { tuple } = must(connection.server);
    const role = tuple.protocol === "tcp" ? "SYN" : "datagram";
    const at = { connection: connection.id, role, direction: "original" } as const;
    const packet = clientPacket(tuple, role);
    const base = { node: label, place: netns, before: packet, after: packet };
    if (targets.length === 0) {
      const explanation =
        "the load balancer has no target that passes its health checks: it resets the connection";
      const verdict: Verdict = {
        kind: "refused",
        reason: "NoHealthyTargets",
        explanation,
        place: netns,
      };
      this.#record(
        connection.journey,
        at,
        [{ ...base, kind: "reset", detail: `NoHealthyTargets: ${explanation}`, verdict }],
        env.nowUs,
      );
      this.#connections.set(connection.id, { ...connection, failure: verdict });
      if (role === "SYN")
        this.#sendFrom(
          connection,
          "reply",
          "RST",
          serverPacket(invert(tuple), "RST"),
          netns,
          0,
          env,
        );
      else this.#fail(connection, { ...verdict, kind: "dropped" }, env);
      return;
    }
    const target = must(
      targets[env.decider(`connection/${connection.id}/target`).choose(targets.length)],
    );
    const chosen = `${target.label} ${formatEndpoint(target.ip, target.port)}, 1 of ${targets.length} healthy target${targets.length === 1 ? "" : "s"}`;
    this.#record(
      connection.journey,
      at,
      [{ ...base, kind: "connect", detail: chosen, probability: 1 / targets.length }],
      env.nowUs,
    );
    const child = this.#nextConnection;
    this.#connections.set(connection.id, { ...connection, child });
    this.#connect(
      connection.journey,
      netns,
      { ip: target.ip, port: target.port, protocol: tuple.protocol },
      connection.id,
      env,
    );
  }

  #atClient(connection: Connection, flight: Flight, env: NetworkEnvironment): void {
    const journey = this.journey(connection.journey);
    const parent =
      connection.parent === undefined ? undefined : must(this.#connections.get(connection.parent));
    switch (flight.role) {
      case "SYN-ACK":
        if (!parent && journey.options.handshakeOnly) {
          this.#succeed(connection);
          return;
        }
        this.#clientSends(connection.id, "ACK", env);
        if (parent) this.#serverSends(parent, "SYN-ACK", env);
        else this.#clientSends(connection.id, "request", env, journey.options.requestDelayUs ?? 1);
        return;
      case "answer":
        if (parent) this.#serverSends(parent, "answer", env);
        else this.#succeed(connection);
        return;
      case "response":
        if (parent) {
          this.#serverSends(parent, "response", env);
        } else {
          this.#succeed(connection);
          this.#clientSends(connection.id, "FIN", env);
        }
        return;
      case "FIN-ACK":
        this.#clientSends(connection.id, "lastACK", env);
        if (parent) this.#serverSends(parent, "FIN-ACK", env);
        return;
      case "RST":
      case "ICMP":
        this.#fail(connection, connection.failure ?? resetVerdict(flight), env);
        return;
      default:
        return;
    }
  }

  #clientSends(
    id: number,
    what: "ACK" | "request" | "FIN" | "lastACK",
    env: NetworkEnvironment,
    delayUs = 0,
  ): void {
    const connection = must(this.#connections.get(id));
    const role = what === "lastACK" ? "ACK" : what;
    this.#sendFrom(
      connection,
      "original",
      role,
      clientPacket(connection.tuple, what),
      connection.client,
      delayUs,
      env,
    );
  }

  #serverSends(
    connection: Connection,
    what: "SYN-ACK" | "response" | "FIN-ACK" | "RST" | "answer",
    env: NetworkEnvironment,
  ): void {
    const { netns, tuple, listener } = must(connection.server);
    this.#sendFrom(
      connection,
      "reply",
      what,
      serverPacket(invert(tuple), what, responseLine(listener)),
      netns,
      0,
      env,
    );
  }

  #sendFrom(
    connection: Connection,
    direction: "original" | "reply",
    role: PacketRole,
    packet: Packet,
    netns: NetnsId,
    delayUs: number,
    env: NetworkEnvironment,
  ): void {
    const flight: Flight = {
      packet,
      connection: connection.id,
      role,
      direction,
      stage: { at: "output", netns },
      steps: 0,
    };
    this.#schedule(connection.journey, flight, delayUs, env);
  }

  /** A packet ended. Its sender learns of it by an answer, or not at all. */
  #ended(
    connection: Connection,
    flight: Flight,
    step: Step,
    verdict: Verdict,
    env: NetworkEnvironment,
  ): void {
    const stranger =
      flight.direction === "reply" && flight.role === "SYN-ACK" && verdict.reason === "NoSocket";
    if (stranger) {
      const explanation = `the client asked ${formatEndpoint(connection.tuple.dst, connection.tuple.dport)} and gets an answer from ${formatEndpoint(flight.packet.src, flight.packet.sport)}: its kernel resets the stranger and goes on waiting`;
      this.#fail(
        connection,
        { kind: "dropped", reason: "ReplyFromStranger", explanation, place: verdict.place },
        env,
      );
      if (step.answer)
        this.#schedule(connection.journey, step.answer.flight, step.answer.delayUs, env);
      return;
    }
    if (step.answer) {
      if (flight.direction === "original")
        this.#connections.set(connection.id, { ...connection, failure: verdict });
      this.#schedule(connection.journey, step.answer.flight, step.answer.delayUs, env);
      return;
    }
    // An error that its sender's own kernel reports needs no packet.
    const local =
      verdict.kind === "refused" &&
      flight.direction === "original" &&
      verdict.place.startsWith(connection.client);
    this.#fail(connection, local ? verdict : { ...verdict, kind: "dropped" }, env);
  }

  #succeed(connection: Connection): void {
    const answering = this.#lastServer(connection);
    const server = must(answering.server);
    const outcome: Outcome = {
      verdict: {
        kind: "delivered",
        explanation: `answered by ${server.listener.owner}`,
        place: server.netns,
      },
      server: server.listener.owner,
      serverSeesSrcIp: server.tuple.src,
      serverLocal: { ip: server.tuple.dst, port: server.tuple.dport },
    };
    this.#draft(connection.journey).outcome = outcome;
  }

  #lastServer(connection: Connection): Connection {
    return connection.child === undefined
      ? connection
      : this.#lastServer(must(this.#connections.get(connection.child)));
  }

  /** The connection came to nothing. A proxy in between passes a refusal on as a reset, and silence as silence. */
  #fail(connection: Connection, verdict: Verdict, env: NetworkEnvironment): void {
    const parent =
      connection.parent === undefined ? undefined : this.#connections.get(connection.parent);
    if (
      parent &&
      verdict.kind === "refused" &&
      parent.tuple.protocol === "tcp" &&
      !parent.failure
    ) {
      const known = { ...parent, failure: verdict };
      this.#connections.set(parent.id, known);
      this.#serverSends(known, "RST", env);
      return;
    }
    this.#draft(connection.journey).outcome ??= { verdict };
  }

  #record(
    journey: number,
    flight: Pick<Flight, "connection" | "role" | "direction">,
    drafts: readonly HopDraft[],
    atUs: number,
  ): void {
    if (drafts.length === 0) return;
    const { hops } = this.#draft(journey);
    for (const draft of drafts) hops.push(hopOf(draft, flight, atUs));
  }

  #schedule(journey: number, flight: Flight, delayUs: number, env: NetworkEnvironment): void {
    this.#draft(journey).inFlight++;
    env.schedule(delayUs, { type: "packetDue", journey, flight });
  }

  #draft(id: number): Draft {
    if (this.#inHand?.id !== id) throw new Error(`journey ${id} is not the one in hand`);
    return this.#inHand;
  }
}

type Draft = { -readonly [Field in keyof Omit<Journey, "hops">]: Journey[Field] } & {
  readonly hops: Hop[];
};

const NO_WALKS: Hop["walks"] = [];

/** Field by field: a spread of drafts in their many shapes is slow, and every packet passes here. */
function hopOf(
  draft: HopDraft,
  { connection, role, direction }: Pick<Flight, "connection" | "role" | "direction">,
  atUs: number,
): Hop {
  const { node, place, kind, before, after, detail, walks = NO_WALKS } = draft;
  const hop: { -readonly [Field in keyof Hop]: Hop[Field] } = {
    walks,
    node,
    place,
    kind,
    before,
    after,
    detail,
    atUs,
    connection,
    role,
    direction,
  };
  if (draft.devIn !== undefined) hop.devIn = draft.devIn;
  if (draft.devOut !== undefined) hop.devOut = draft.devOut;
  if (draft.route !== undefined) hop.route = draft.route;
  if (draft.conntrack !== undefined) hop.conntrack = draft.conntrack;
  if (draft.probability !== undefined) hop.probability = draft.probability;
  if (draft.verdict !== undefined) hop.verdict = draft.verdict;
  return hop;
}

function socketKey(netns: NetnsId, own: Tuple): string {
  return `${netns} ${own.protocol} ${own.src}:${own.sport}`;
}

function responseLine(listener: Listener): string {
  return listener.program === "http" || listener.program === "healthz" ? "HTTP/1.1 200 OK" : "echo";
}

function resetVerdict(flight: Flight): Verdict {
  const from = formatIpv4(flight.packet.src);
  const what = flight.packet.icmp ? `an ICMP error (${flight.packet.icmp.error})` : "a reset";
  return {
    kind: "refused",
    reason: "ConnectionReset",
    explanation: `${what} came back from ${from}`,
    place: "",
  };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("unknown connection or journey");
  return value;
}
