import type { World } from "../core/cluster/world";
import { SECOND } from "../core/sim/time";
import { formatPlace, type Place } from "./place";
import { ShellSystem } from "./system";
import { Terminal } from "./terminal";
import { TOOLS } from "./tools";
import { passTime, Waits } from "./waits";
import { WorldPort } from "./world-port";

/** Before each command controllers and proxies come to rest, for at most so long. */
const SETTLE_US = 60 * SECOND;
/** A command that never ends by itself (`kubectl get -w`, `tcpdump`) is interrupted after so much virtual time. */
const ENDLESS_US = 900 * SECOND;

export interface CommandRun {
  readonly on: string;
  readonly command: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HeadlessOptions {
  readonly place: Place;
  /** Runs each command at once, without letting the cluster come to rest before. */
  readonly noSettle?: boolean;
  /** A turn of the host's event loop. */
  readonly turn: () => Promise<void>;
  /** Everything that is written, as it is written. */
  readonly onOutput?: (stream: "stdout" | "stderr", text: string) => void;
}

/** A terminal without a screen, on a world of its own. Time passes as soon as everybody waits. */
export class HeadlessTerminal {
  readonly terminal: Terminal;
  readonly #world: World;
  readonly #waits = new Waits();
  readonly #options: HeadlessOptions;
  #stdout = "";
  #stderr = "";

  constructor(world: World, options: HeadlessOptions) {
    this.#world = world;
    this.#options = options;
    const port = new WorldPort(
      () => ({ world, execute: (command) => world.execute(command) }),
      this.#waits,
    );
    const system = new ShellSystem(port, TOOLS, options.turn);
    this.terminal = new Terminal(system, {
      place: options.place,
      interactive: false,
      onOutput: (stream, text) => {
        if (stream === "stdout") this.#stdout += text;
        else this.#stderr += text;
        options.onOutput?.(stream, text);
      },
    });
  }

  async run(command: string): Promise<CommandRun> {
    if (!this.#options.noSettle) this.#world.settle(SETTLE_US);
    const on = this.#placeName();
    this.#stdout = "";
    this.#stderr = "";
    const limitUs = this.#world.nowUs + ENDLESS_US + sleepsUs(command);
    let ended = false;
    const running = this.terminal.run(command).finally(() => {
      ended = true;
    });
    await this.#pass(limitUs, () => ended);
    if (!ended) {
      this.terminal.interrupt();
      await this.#pass(limitUs, () => ended);
    }
    if (!ended) throw new Error(`a command does not end: ${command}`);
    const exitCode = await running;
    return { on, command, exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** As `--on` takes it: a pod's first container needs no name. */
  #placeName(): string {
    const { place } = this.terminal;
    const name = formatPlace(place);
    if (place.kind !== "pod") return name;
    const pod = this.#world.store.find("Pod", place.namespace, place.name);
    const first = pod?.spec.containers[0]?.name === place.container;
    return first ? name.slice(0, name.lastIndexOf("/")) : name;
  }

  #pass(untilUs: number, done: () => boolean): Promise<void> {
    return passTime(() => this.#world, this.#waits, untilUs, this.#options.turn, done);
  }
}

/** What a line says that it sleeps: that is no endless command. */
function sleepsUs(command: string): number {
  let seconds = 0;
  for (const [, given] of command.matchAll(/\bsleep\s+(\d{1,6})/g)) seconds += Number(given);
  return seconds * SECOND;
}
