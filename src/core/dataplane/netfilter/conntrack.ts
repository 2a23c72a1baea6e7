import { type Tuple, tupleKey } from "../../net/tuple";
import { CowMap } from "../../sim/cow-map";

export type TcpState =
  | "SYN_SENT"
  | "SYN_SENT2"
  | "SYN_RECV"
  | "ESTABLISHED"
  | "FIN_WAIT"
  | "CLOSE_WAIT"
  | "LAST_ACK"
  | "TIME_WAIT"
  | "CLOSE";

/** Simplified: one packet each way stands for an association's whole handshake. */
export type SctpState = "COOKIE_WAIT" | "ESTABLISHED";

/** One tracked connection: immutable, replaced when a packet changes it. */
export interface ConntrackEntry {
  readonly id: number;
  readonly original: Tuple;
  /** What a reply looks like when it arrives: shows what NAT did. */
  readonly reply: Tuple;
  readonly tcpState?: TcpState;
  readonly sctpState?: SctpState;
  /** Set by CONNMARK; absent: 0. */
  readonly mark?: number;
  /** A reply has been seen (no [UNREPLIED]). */
  readonly seenReply: boolean;
  readonly assured: boolean;
  readonly dnat: boolean;
  readonly snat: boolean;
  /** What its packets are for, where that is not somebody's request. */
  readonly origin?: string;
  readonly createdAtUs: number;
  readonly expiresAtUs: number;
}

/** An entry that somebody took out before its time, as `conntrack -D` does. */
export interface DeletedEntry {
  readonly entry: ConntrackEntry;
  readonly atUs: number;
  /** Who did it and why, for people. */
  readonly why: string;
}

/** Deletions that are remembered, to be shown. */
const MAX_DELETIONS = 50;

/** Expired entries are cleared away when the table has grown to this many, and then whenever it has doubled. */
const FIRST_SWEEP_AT = 256;

/** The entries of one network namespace, found by either direction's tuple. */
export class ConntrackTable {
  readonly #entries: CowMap<number, ConntrackEntry>;
  readonly #byTuple: CowMap<string, number>;
  #nextId: number;
  #sweepAt: number;
  #deletions: readonly DeletedEntry[];

  constructor(from?: ConntrackTable) {
    this.#entries = from ? from.#entries.fork() : new CowMap();
    this.#byTuple = from ? from.#byTuple.fork() : new CowMap();
    this.#nextId = from ? from.#nextId : 1;
    this.#sweepAt = from ? from.#sweepAt : FIRST_SWEEP_AT;
    this.#deletions = from ? from.#deletions : [];
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): MapIterator<ConntrackEntry> {
    return this.#entries.values();
  }

  /** The live entry that this tuple belongs to, and in which direction; expired ones are forgotten. */
  find(
    tuple: Tuple,
    nowUs: number,
  ): { entry: ConntrackEntry; direction: "original" | "reply" } | undefined {
    const key = tupleKey(tuple);
    const id = this.#byTuple.get(key);
    const entry = id === undefined ? undefined : this.#entries.get(id);
    if (!entry) return undefined;
    if (entry.expiresAtUs <= nowUs) {
      this.remove(entry);
      return undefined;
    }
    return { entry, direction: tupleKey(entry.original) === key ? "original" : "reply" };
  }

  isTaken(tuple: Tuple, nowUs: number): boolean {
    return this.find(tuple, nowUs) !== undefined;
  }

  insert(entry: Omit<ConntrackEntry, "id">): ConntrackEntry {
    if (this.#entries.size >= this.#sweepAt) this.#sweep(entry.createdAtUs);
    const stored = { ...entry, id: this.#nextId++ };
    this.#entries.set(stored.id, stored);
    this.#byTuple.set(tupleKey(stored.original), stored.id);
    this.#byTuple.set(tupleKey(stored.reply), stored.id);
    return stored;
  }

  #sweep(nowUs: number): void {
    for (const entry of [...this.#entries.values()])
      if (entry.expiresAtUs <= nowUs) this.remove(entry);
    this.#sweepAt = Math.max(FIRST_SWEEP_AT, 2 * this.#entries.size);
  }

  replace(entry: ConntrackEntry): void {
    this.#entries.set(entry.id, entry);
  }

  /** The latest last. */
  get deletions(): readonly DeletedEntry[] {
    return this.#deletions;
  }

  /** Somebody takes an entry out, which will be told. */
  delete(entry: ConntrackEntry, why: string, atUs: number): void {
    this.remove(entry);
    this.#deletions = [...this.#deletions, { entry, atUs, why }].slice(-MAX_DELETIONS);
  }

  remove(entry: ConntrackEntry): void {
    this.#entries.delete(entry.id);
    for (const tuple of [entry.original, entry.reply]) {
      const key = tupleKey(tuple);
      if (this.#byTuple.get(key) === entry.id) this.#byTuple.delete(key);
    }
  }
}
