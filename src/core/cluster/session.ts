import { SECOND } from "../sim/time";
import type { Command, CommandResult } from "./command";
import type { Journey } from "./connection";
import type { World } from "./world";

export interface LoggedCommand {
  readonly atUs: number;
  readonly command: Command;
}

interface Snapshot {
  readonly atUs: number;
  readonly world: World;
  /** Commands of the log that this world has executed. */
  readonly executed: number;
}

/** A snapshot is kept for about every so much virtual time that passed. */
const SNAPSHOT_EVERY_US = 5 * SECOND;
const MAX_SNAPSHOTS = 120;
/** A journey whose packets still fly after this time is shown as far as it got. */
const LOOKAHEAD_US = 120 * SECOND;

/** One run: a world, the commands that made it what it is, and snapshots to go back to. Time can be moved both ways;
 *  a command in the past starts another future. */
export class Session {
  #world: World;
  #executed = 0;
  #log: LoggedCommand[] = [];
  #snapshots: Snapshot[];
  #horizonUs: number;
  /** Journeys as they were last computed, by number. */
  readonly #journeys = new Map<number, Journey>();

  /** `settled` is the world at the start of the run. */
  constructor(settled: World) {
    this.#world = settled;
    this.#horizonUs = settled.nowUs;
    this.#snapshots = [{ atUs: settled.nowUs, world: settled.fork(), executed: 0 }];
  }

  /** The world at the moment that is shown. For reading only. */
  get world(): World {
    return this.#world;
  }

  get nowUs(): number {
    return this.#world.nowUs;
  }

  get startUs(): number {
    return (this.#snapshots[0] as Snapshot).atUs;
  }

  /** Latest moment that was reached. */
  get horizonUs(): number {
    return this.#horizonUs;
  }

  get log(): readonly LoggedCommand[] {
    return this.#log;
  }

  /** Carries a command out now. What came after this moment is cut off. A refused command leaves no trace. */
  execute(command: Command): CommandResult {
    const result = this.#world.execute(command);
    if (!result.ok) return result;
    const atUs = this.#world.nowUs;
    this.#log = [...this.#log.slice(0, this.#executed), { atUs, command }];
    this.#executed = this.#log.length;
    this.#snapshots = this.#snapshots.filter(
      (snapshot) => snapshot.atUs <= atUs && snapshot.executed < this.#executed,
    );
    this.#horizonUs = atUs;
    this.#keepSnapshot();
    this.#foresee();
    return result;
  }

  /** Lets time pass. */
  advance(us: number): void {
    this.#runTo(this.#world.nowUs + Math.max(0, Math.round(us)));
  }

  runUntil(atUs: number): void {
    if (atUs > this.nowUs) this.#runTo(atUs);
  }

  /** Lets time pass event by event as long as `condition` holds, at most until `limitUs`; the clock stands at the last
   *  event. */
  runWhile(condition: () => boolean, limitUs: number): void {
    for (;;) {
      const next = this.#log[this.#executed];
      const replays = next !== undefined && next.atUs <= limitUs;
      this.#world.runWhile(condition, replays ? next.atUs : limitUs);
      if (!replays || !condition()) break;
      this.#runTo(next.atUs);
    }
    this.#runTo(this.#world.nowUs);
  }

  /** Goes to another moment. Not before the start of the run. */
  seek(atUs: number): void {
    const target = Math.max(this.startUs, Math.round(atUs));
    if (target < this.#world.nowUs) {
      const snapshot = this.#snapshotBefore(target);
      this.#world = snapshot.world.fork();
      this.#executed = snapshot.executed;
    }
    this.#runTo(target);
  }

  /** Every journey of the run as it now is, complete: packets that still fly are flown ahead. */
  journeys(): readonly Journey[] {
    return [...this.#journeys.values()];
  }

  journey(id: number): Journey | undefined {
    return this.#journeys.get(id);
  }

  /** The world just before a request of this run was sent; undefined when it is not part of the run. A copy. */
  worldBefore({
    sentAtUs,
    from,
    to,
  }: Pick<Journey, "sentAtUs" | "from" | "to">): World | undefined {
    const isIt = (command: Command) =>
      command.type === "check" ||
      (command.type === "send" && command.from === from && command.to === to);
    const sends = this.#log.flatMap(({ atUs, command }, index) =>
      atUs === sentAtUs && isIt(command) ? [index] : [],
    );
    const sent = sends.at(-1);
    if (sent === undefined) return undefined;
    const snapshot = this.#snapshots.filter(({ executed }) => executed <= sent).at(-1) as Snapshot;
    const world = snapshot.world.fork();
    for (const { atUs, command } of this.#log.slice(snapshot.executed, sent)) {
      world.runUntil(atUs);
      world.execute(command);
    }
    world.runUntil(sentAtUs);
    return world;
  }

  /** The world at any moment of the run; the one that is shown stays where it is. A copy. */
  worldAt(atUs: number): World {
    if (atUs === this.#world.nowUs) return this.#world.fork();
    const snapshot = this.#snapshotBefore(atUs);
    const world = snapshot.world.fork();
    for (const logged of this.#log.slice(snapshot.executed)) {
      if (logged.atUs > atUs) break;
      world.runUntil(logged.atUs);
      world.execute(logged.command);
    }
    world.runUntil(atUs);
    return world;
  }

  #snapshotBefore(atUs: number): Snapshot {
    let best = this.#snapshots[0] as Snapshot;
    for (const snapshot of this.#snapshots) if (snapshot.atUs <= atUs) best = snapshot;
    return best;
  }

  #runTo(atUs: number): void {
    for (
      let next = this.#log[this.#executed];
      next && next.atUs <= atUs;
      next = this.#log[this.#executed]
    ) {
      this.#world.runUntil(next.atUs);
      const result = this.#world.execute(next.command);
      if (!result.ok)
        throw new Error("a logged command is refused on replay: the run is not deterministic");
      this.#executed++;
    }
    this.#world.runUntil(atUs);
    this.#horizonUs = Math.max(this.#horizonUs, this.#world.nowUs);
    const last = this.#snapshots.at(-1) as Snapshot;
    if (this.#world.nowUs - last.atUs >= SNAPSHOT_EVERY_US) this.#keepSnapshot();
  }

  #keepSnapshot(): void {
    this.#snapshots.push({
      atUs: this.#world.nowUs,
      world: this.#world.fork(),
      executed: this.#executed,
    });
    if (this.#snapshots.length <= MAX_SNAPSHOTS) return;
    // Thin out: the start stays, and every other one of the rest.
    this.#snapshots = this.#snapshots.filter((_, index) => index === 0 || index % 2 === 1);
  }

  /** Runs a copy ahead until the packets that are under way have arrived, so that their journeys are known whole. */
  #foresee(): void {
    const known = new Set<number>();
    let flying = false;
    for (const journey of this.#world.journeys()) {
      known.add(journey.id);
      if (journey.inFlight > 0) flying = true;
      else this.#journeys.set(journey.id, journey);
    }
    for (const id of this.#journeys.keys()) if (!known.has(id)) this.#journeys.delete(id);
    if (!flying) return;
    const ahead = this.#world.fork();
    const limitUs = ahead.nowUs + LOOKAHEAD_US;
    ahead.runWhile(() => [...ahead.journeys()].some((journey) => journey.inFlight > 0), limitUs);
    for (const journey of ahead.journeys()) this.#journeys.set(journey.id, journey);
  }
}
