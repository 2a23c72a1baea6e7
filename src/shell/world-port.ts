import type { Command, CommandResult } from "../core/cluster/command";
import type { Journey, JourneyOptions } from "../core/cluster/connection";
import type { Parsed } from "../core/cluster/targets";
import type { World } from "../core/cluster/world";
import { type RandomStream, randomStream } from "../core/sim/random";
import type { ClusterPort, WaitOptions } from "./cluster-port";
import type { Interrupt } from "./interrupt";
import type { Waits } from "./waits";

/** What a port stands on: a World as it is, or a Session, which also keeps a log. */
export interface Executor {
  readonly world: World;
  execute(command: Command): CommandResult;
}

/** The cluster port of both drivers; `waits` is what their clock wakes. */
export class WorldPort implements ClusterPort {
  readonly #executor: () => Executor;
  readonly #waits: Waits;

  constructor(executor: () => Executor, waits: Waits) {
    this.#executor = executor;
    this.#waits = waits;
  }

  get world(): World {
    return this.#executor().world;
  }

  get nowUs(): number {
    return this.world.nowUs;
  }

  execute(command: Command): CommandResult {
    return this.#executor().execute(command);
  }

  async sleep(us: number, interrupt: Interrupt): Promise<void> {
    await this.#waits.wait(this.nowUs + Math.max(0, Math.round(us)), undefined, interrupt);
  }

  until(
    condition: () => boolean,
    { interrupt, limitUs = Number.POSITIVE_INFINITY }: WaitOptions,
  ): Promise<boolean> {
    return this.#waits.wait(this.nowUs + limitUs, condition, interrupt);
  }

  async request(
    from: string,
    to: string,
    options: JourneyOptions,
    interrupt: Interrupt,
  ): Promise<Parsed<Journey>> {
    const sent = this.execute({ type: "send", from, to, options });
    if (!sent.ok)
      return { ok: false, error: sent.refusals[0]?.status.message ?? "the request was refused" };
    const id = sent.journey;
    if (id === undefined) throw new Error("a request without a journey");
    await this.until(() => this.world.journey(id).inFlight === 0, { interrupt });
    return { ok: true, value: this.world.journey(id) };
  }

  random(name: string): RandomStream {
    return randomStream(this.world.config.seed, `shell/${name}/${this.nowUs}`);
  }
}
