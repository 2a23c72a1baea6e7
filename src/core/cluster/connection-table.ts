import type { Flight, HopDraft } from "../dataplane/flight";
import type { NetnsId } from "../dataplane/netns";
import type { Packet } from "../net/packet";
import { invert, sameTuple, type Tuple, tupleOf } from "../net/tuple";
import { CowMap } from "../sim/cow-map";
import type { Frame } from "../trace/frame";
import type { Hop } from "../trace/hop";
import type { Connection, Journey } from "./connection";
import { hopOf } from "./hop-of";

/** A journey while one event is handled: the event's own copy, written in place until it is over. */
export type JourneyDraft = {
  -readonly [Field in keyof Omit<Journey, "hops" | "frames">]: Journey[Field];
} & {
  readonly hops: Hop[];
  readonly frames: Frame[];
};

/** The connections of all clients, their sockets, and the journeys that they belong to. */
export class ConnectionTable {
  readonly #connections: CowMap<number, Connection>;
  readonly #journeys: CowMap<number, Journey>;
  /** Client sockets, by namespace and own address. */
  readonly #sockets: CowMap<string, number>;
  #nextConnection: number;
  #inHand: JourneyDraft | undefined;

  constructor(from?: ConnectionTable) {
    this.#connections = from ? from.#connections.fork() : new CowMap();
    this.#journeys = from ? from.#journeys.fork() : new CowMap();
    this.#sockets = from ? from.#sockets.fork() : new CowMap();
    this.#nextConnection = from ? from.#nextConnection : 1;
  }

  fork(): ConnectionTable {
    return new ConnectionTable(this);
  }

  /** What the next connection will be called. */
  get nextId(): number {
    return this.#nextConnection;
  }

  journey(id: number): Journey {
    return must(this.#journeys.get(id));
  }

  journeys(): MapIterator<Journey> {
    return this.#journeys.values();
  }

  /** A journey is written to only while it is in hand. */
  takeUp(journey: JourneyDraft): void {
    this.#journeys.set(journey.id, journey);
    this.#inHand = journey;
  }

  letGo(): void {
    this.#inHand = undefined;
  }

  draft(id: number): JourneyDraft {
    if (this.#inHand?.id !== id) throw new Error(`journey ${id} is not the one in hand`);
    return this.#inHand;
  }

  record(
    journey: number,
    flight: Pick<Flight, "connection" | "role" | "direction">,
    drafts: readonly HopDraft[],
    atUs: number,
  ): void {
    if (drafts.length === 0) return;
    const { hops } = this.draft(journey);
    for (const draft of drafts) hops.push(hopOf(draft, flight, atUs));
  }

  get(id: number): Connection {
    return must(this.#connections.get(id));
  }

  find(id: number): Connection | undefined {
    return this.#connections.get(id);
  }

  /** A new connection, and its client's socket. */
  open(
    opened: Pick<Connection, "journey" | "client" | "parent" | "query" | "request" | "tunnel">,
    tupleFor: (id: number) => Tuple,
  ): Connection {
    const id = this.#nextConnection++;
    const tuple = tupleFor(id);
    const connection = { ...opened, id, tuple };
    this.#connections.set(id, connection);
    this.#sockets.set(socketKey(opened.client, tuple), id);
    return connection;
  }

  update(connection: Connection): void {
    this.#connections.set(connection.id, connection);
  }

  /** The connection whose client's socket a packet, or the error about a packet, belongs to. */
  findSocket(netns: NetnsId, packet: Packet): number | undefined {
    const own = packet.icmp ? packet.icmp.quoted : invert(tupleOf(packet));
    const id = this.#sockets.get(socketKey(netns, own));
    const connection = id === undefined ? undefined : this.#connections.get(id);
    return connection && sameTuple(connection.tuple, tupleOf(own)) ? connection.id : undefined;
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
}

function socketKey(netns: NetnsId, own: Tuple): string {
  return `${netns} ${own.protocol} ${own.src}:${own.sport}`;
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("unknown connection or journey");
  return value;
}
