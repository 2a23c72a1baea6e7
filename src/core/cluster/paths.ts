import { type Decider, seededDecider } from "../sim/decider";
import type { Journey } from "./connection";
import { type DirectRequest, sendDirectly } from "./direct";
import { Network } from "./network";
import type { NetworkMoment } from "./network-environment";

/** One way that a request could go. */
export interface Path {
  /** Exact: the product of every random turn on the way. */
  readonly probability: number;
  readonly journey: Journey;
}

/** More ways than this are not listed. */
export const MAX_PATHS = 200_000;

/** A random turn: which way was taken, of how many. */
interface Turn {
  readonly way: number;
}

/** Every way that this request could go from this moment, with its exact probability. Runs the same code as the
 *  simulation, once for each way, on forks: at every random turn all ways are tried. Undefined when there are
 *  more than `maxPaths`. */
export function explorePaths(
  moment: NetworkMoment,
  request: DirectRequest,
  maxPaths = MAX_PATHS,
): readonly Path[] | undefined {
  const paths: Path[] = [];
  const open: (readonly Turn[])[] = [[]];
  for (let turns = open.pop(); turns; turns = open.pop()) {
    if (paths.length >= maxPaths) return undefined;
    const tape = new Tape(turns, open);
    const { journey } = sendDirectly(
      new Network(),
      { ...moment, plane: moment.plane.fork() },
      request,
      (name) => tape.decider(name),
    );
    if (tape.probability > 0) paths.push({ probability: tape.probability, journey });
  }
  return paths;
}

/** Follows the turns that it was given, then always takes the first way and leaves the others open. */
class Tape {
  probability = 1;
  readonly #given: readonly Turn[];
  readonly #taken: Turn[] = [];
  readonly #open: (readonly Turn[])[];

  constructor(given: readonly Turn[], open: (readonly Turn[])[]) {
    this.#given = given;
    this.#open = open;
  }

  decider(name: string): Decider {
    return {
      chance: (threshold31) => {
        const probability = threshold31 / 0x80000000;
        if (probability <= 0) return false;
        if (probability >= 1) return true;
        const taken = this.#turn(2) === 0;
        this.probability *= taken ? probability : 1 - probability;
        return taken;
      },
      choose: (count) => {
        const way = count === 1 ? 0 : this.#turn(count);
        this.probability /= count;
        return way;
      },
      turn: (count) => {
        if (count === 1) return true;
        const taken = this.#turn(2) === 0;
        this.probability *= taken ? 1 / count : 1 - 1 / count;
        return taken;
      },
      anyPort: seededDecider(0, name).anyPort,
    };
  }

  #turn(ways: number): number {
    const given = this.#given[this.#taken.length];
    if (given) {
      this.#taken.push(given);
      return given.way;
    }
    for (let way = ways - 1; way > 0; way--) this.#open.push([...this.#taken, { way }]);
    this.#taken.push({ way: 0 });
    return 0;
  }
}
