import type { Store } from "../api/store";
import type { CommandResult, EditCommand } from "./command";
import type { Journey } from "./connection";
import type { Path } from "./paths";
import type { Parsed } from "./targets";
import { whyNotSent } from "./why/not-sent";
import type { WhyNot } from "./why/why";
import { whyNot } from "./why/why-not";
import type { World } from "./world";

/** What becomes of one request in one of two worlds. */
export interface ComparedSide {
  readonly nowUs: number;
  /** Objects as they are in that world. */
  readonly store: Store;
  readonly sent: Parsed<Journey>;
  /** Where it came to nothing. */
  readonly why?: WhyNot;
  readonly paths: Parsed<readonly Path[]>;
}

export type Comparison =
  | { readonly ok: true; readonly without: ComparedSide; readonly changed: ComparedSide }
  | Extract<CommandResult, { ok: false }>;

/** The same request in two copies of a world, of which one was changed `afterUs` earlier. Whatever does not depend on
 *  the change turns out alike: both draw the same random numbers. */
export function compareRuns(
  world: World,
  request: { readonly from: string; readonly to: string },
  edit: EditCommand,
  { afterUs, maxPaths }: { readonly afterUs: number; readonly maxPaths: number },
): Comparison {
  const changed = world.fork();
  const result = changed.execute(edit);
  if (!result.ok) return result;
  const run = (side: World): ComparedSide => {
    side.runUntil(world.nowUs + afterUs);
    const { from, to } = request;
    const paths = side.paths(from, to, { maxPaths });
    const { nowUs, store } = side;
    const sent = side.trace(from, to);
    const why = sent.ok ? whyNot(side, sent.value) : whyNotSent(side, from, to);
    return { nowUs, store, paths, sent, ...(why && { why }) };
  };
  return { ok: true, without: run(world.fork()), changed: run(changed) };
}
