import type { MadeCheck } from "../core/cluster/checks";
import type { TimedMilestone } from "../core/cluster/milestones";
import { chainsOf, type ReadinessChain } from "../core/cluster/readiness-chain";
import { placesOf } from "../core/cluster/ways";
import type { World } from "../core/cluster/world";
import type { RecentRequest } from "./check-protocol";

/** More dots than these are a stream anyway. */
const MAX_SHOWN = 24;

const drawn = new WeakMap<MadeCheck, RecentRequest>();

/** Enough to draw them. */
export function recentChecks({ checks }: World): readonly RecentRequest[] {
  return checks.slice(-MAX_SHOWN).map((made) => {
    const known = drawn.get(made);
    if (known) return known;
    const { id, journey, answer } = made;
    const failed =
      answer.kind !== "answered" || (answer.http !== undefined && answer.http.status >= 400);
    const view = { id, places: placesOf(journey.hops), failed };
    drawn.set(made, view);
    return view;
  });
}

const chains = new WeakMap<
  readonly TimedMilestone[],
  { readonly nodes: string; readonly chains: readonly ReadinessChain[] }
>();

/** The same for the same milestones and nodes. */
export function readinessChains({ milestones, store }: World): readonly ReadinessChain[] {
  const nodes = [...store.list("Node")].map(({ metadata }) => metadata.name);
  const known = chains.get(milestones);
  if (known?.nodes === nodes.join()) return known.chains;
  const made = chainsOf(milestones, nodes);
  chains.set(milestones, { nodes: nodes.join(), chains: made });
  return made;
}
