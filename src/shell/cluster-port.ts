import type { Command, CommandResult } from "../core/cluster/command";
import type { Journey, JourneyOptions } from "../core/cluster/connection";
import type { Parsed } from "../core/cluster/targets";
import type { World } from "../core/cluster/world";
import type { RandomStream } from "../core/sim/random";
import type { Interrupt } from "./interrupt";

export interface WaitOptions {
  readonly interrupt: Interrupt;
  /** Gives up after so much virtual time. */
  readonly limitUs?: number;
}

/** How programs reach the simulation. Time is virtual: whoever waits lets it pass, in the page as playback does, headless at once. */
export interface ClusterPort {
  /** The world at this moment; for reading only, and never kept over an `await`: it may be another one then. */
  readonly world: World;
  readonly nowUs: number;
  /** Carries a command out now. */
  execute(command: Command): CommandResult;
  sleep(us: number, interrupt: Interrupt): Promise<void>;
  /** Waits until `condition` holds, asked again after every event. False when the limit came first. */
  until(condition: () => boolean, options: WaitOptions): Promise<boolean>;
  /** Sends one request and waits until it has ended, one way or another. */
  request(
    from: string,
    to: string,
    options: JourneyOptions,
    interrupt: Interrupt,
  ): Promise<Parsed<Journey>>;
  /** Seeded by the scenario, the name and the present moment. */
  random(name: string): RandomStream;
}
