import { advance } from "../dataplane/advance";
import type { Flight, Step, StepContext } from "../dataplane/flight";
import type { NetnsId } from "../dataplane/netns";
import { advanceWire } from "../fabric/wire";
import type { FrameDraft } from "../trace/frame";
import { atClient } from "./client-side";
import type { Journey, JourneyOptions } from "./connection";
import { ConnectionTable, type JourneyDraft } from "./connection-table";
import { DnsCache } from "./dns-cache";
import { giveUpWaiting, lookUp, waitForAnswer } from "./lookup";
import type { NetworkEnvironment, NetworkEvent, PacketDue } from "./network-environment";
import { goNowhere } from "./nowhere";
import { fail, packetEnded } from "./outcome";
import { connectToOne, type Scene, schedule } from "./sending";
import { atServer } from "./server-side";
import type { Target } from "./targets";

/** A packet that took more stages than this goes round for ever. */
const MAX_STEPS = 400;

/** Moves packets through dataplane and fabric, and hands what arrives to clients, servers and proxies. */
export class Network {
  readonly #table: ConnectionTable;
  readonly #cache: DnsCache;
  /** The journey that moved last, as long as nobody else has seen it: it goes on without a copy. */
  #unseen: JourneyDraft | undefined;

  constructor(from?: Network) {
    this.#cache = from ? from.#cache.fork() : new DnsCache();
    this.#table = from ? from.#table.fork() : new ConnectionTable();
    if (from) from.#unseen = undefined;
  }

  fork(): Network {
    return new Network(this);
  }

  journey(id: number): Journey {
    this.#unseen = undefined;
    return this.#table.journey(id);
  }

  journeys(): MapIterator<Journey> {
    this.#unseen = undefined;
    return this.#table.journeys();
  }

  /** Forgets a finished journey and its sockets. */
  forget(id: number): void {
    if (this.#unseen?.id === id) this.#unseen = undefined;
    this.#table.forget(id);
  }

  /** A client in `client` sends one request. Answers the journey's number. */
  send(
    client: NetnsId,
    to: Target,
    { from, to: named }: { from: string; to: string },
    options: JourneyOptions,
    env: NetworkEnvironment,
  ): number {
    const id = this.#table.nextId;
    const sentAtUs = env.nowUs;
    const scene = this.#scene(env);
    const journey: JourneyDraft = {
      id,
      from,
      to: named,
      sentAtUs,
      options,
      connection: id,
      hops: [],
      frames: [],
      inFlight: 0,
    };
    this.#table.takeUp(journey);
    if ("nowhere" in to) goNowhere(scene, id, client, to);
    else if ("lookup" in to) lookUp(scene, id, client, to);
    else connectToOne(scene, id, client, to);
    this.#table.letGo();
    this.#unseen = journey;
    return id;
  }

  handle(event: NetworkEvent, env: NetworkEnvironment): void {
    const { journey: id } = event;
    const journey = this.#unseen?.id === id ? this.#unseen : copyOf(this.#table.journey(id));
    journey.inFlight--;
    this.#table.takeUp(journey);
    const scene = this.#scene(env);
    if (event.type === "lookupDue") giveUpWaiting(scene, id);
    else this.#advance(event, scene);
    waitForAnswer(scene, id);
    this.#table.letGo();
    this.#unseen = journey;
  }

  #scene(env: NetworkEnvironment): Scene {
    return { table: this.#table, cache: this.#cache, env };
  }

  #advance({ journey, flight }: PacketDue, scene: Scene): void {
    const connection = this.#table.get(flight.connection);
    if (flight.steps > MAX_STEPS) {
      const explanation = "the packet goes round in a loop";
      fail(scene, connection, { kind: "dropped", reason: "TtlExceeded", explanation, place: "" });
      return;
    }
    const step = this.#step(flight, journey, scene.env);
    this.#table.record(journey, flight, step.hops, scene.env.nowUs);
    if (step.next) schedule(scene, journey, step.next.flight, step.next.delayUs);
    if (step.arrived) {
      const { packet, netns, listener } = step.arrived;
      const moved = { ...flight, packet };
      if (listener) atServer(scene, connection, moved, netns, listener);
      else atClient(scene, connection, moved);
    }
    if (step.ended) packetEnded(scene, connection, flight, step, step.ended);
  }

  #step(flight: Flight, journey: number, env: NetworkEnvironment): Step {
    const { connection, role, direction, steps } = flight;
    const { nowUs } = env;
    const { frames, options } = this.#table.draft(journey);
    const capture = (frame: FrameDraft) => {
      frames.push({ ...frame, atUs: nowUs, connection });
    };
    const context: StepContext = {
      plane: env.plane,
      nowUs,
      decide: env.decider(`packet/${connection}/${role}/${direction}/${steps}`),
      isClient: (netns, packet) => this.#table.findSocket(netns, packet) === connection,
      capture: options.counted ? undefined : capture,
      naive: env.naive,
      origin: env.origin,
    };
    const { at } = flight.stage;
    return at === "wire" || at === "vpc" || at === "internet" || at === "edge"
      ? advanceWire(flight, env.fabric, context)
      : advance(flight, context);
  }
}

function copyOf(journey: Journey): JourneyDraft {
  return { ...journey, hops: journey.hops.slice(), frames: journey.frames.slice() };
}
