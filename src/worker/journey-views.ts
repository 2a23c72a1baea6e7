import type { Store } from "../core/api/store";
import type { Journey } from "../core/cluster/connection";
import type { JourneyView } from "./protocol";
import { journeyView } from "./views";

/** Journeys as the page sees them. One that has not changed keeps the causes that it had when it was sent: a label that
 *  is edited later was not the reason. */
export class JourneyViews {
  readonly #known = new Map<number, { readonly hops: string; readonly view: JourneyView }>();

  of(journey: Journey, store: Store): JourneyView {
    const hops = journey.hops.map(({ atUs, detail }) => `${atUs} ${detail}`).join("\n");
    const known = this.#known.get(journey.id);
    if (known?.hops === hops) return known.view;
    const view = journeyView(journey, store);
    this.#known.set(journey.id, { hops, view });
    return view;
  }

  /** Another run starts: the numbers begin again. */
  clear(): void {
    this.#known.clear();
  }
}
