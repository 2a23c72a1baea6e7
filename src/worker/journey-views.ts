import type { Journey } from "../core/cluster/connection";
import type { Session } from "../core/cluster/session";
import type { WhyNot } from "../core/cluster/why/why";
import { whyNot } from "../core/cluster/why/why-not";
import type { JourneyView } from "./protocol";
import { journeyView } from "./views";

/** Journeys as the page sees them. One that has not changed keeps the causes that it had when it was sent: a label that
 *  is edited later was not the reason. */
export class JourneyViews {
  readonly #known = new Map<number, { readonly hops: string; readonly view: JourneyView }>();

  of(journey: Journey, session: Pick<Session, "world" | "worldAt">): JourneyView {
    const hops = journey.hops.map(({ atUs, detail }) => `${atUs} ${detail}`).join("\n");
    const known = this.#known.get(journey.id);
    if (known?.hops === hops) return known.view;
    const view = journeyView(journey, session.world.store, whyThen(journey, session));
    this.#known.set(journey.id, { hops, view });
    return view;
  }

  /** Another run starts: the numbers begin again. */
  clear(): void {
    this.#known.clear();
  }
}

/** By the world as it was when the packet ended. */
function whyThen(
  journey: Journey,
  session: Pick<Session, "world" | "worldAt">,
): WhyNot | undefined {
  if (!journey.outcome || journey.outcome.verdict.kind === "delivered") return undefined;
  const ends = journey.hops.filter(({ verdict }) => verdict);
  // A resolver gives up seconds after what kept its query from being answered.
  const ended = ends.filter(({ kind }) => kind !== "resolve").at(-1) ?? ends.at(-1);
  const world = ended ? session.worldAt(ended.atUs) : session.world;
  return whyNot(world, journey);
}
