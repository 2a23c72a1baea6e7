import type { ObjectKey } from "../../core/api/types";
import { notify } from "../../stores/notices";
import { followJourney, last, play } from "../../stores/playback";
import { useSelection } from "../../stores/selection";
import { useSession } from "../../stores/session";
import { showInspector, useView } from "../../stores/view";
import type { JourneyView } from "../../worker/protocol";
import type { LinkTarget } from "./links";

/** What a click into the output does. `place` is where the terminal is. */
export async function followLink(target: LinkTarget, place: string): Promise<void> {
  switch (target.type) {
    case "objects":
      useSelection.getState().selectTogether(target.keys);
      return;
    case "chain":
      return showChain(target.chain, place);
    case "journey":
      return followRequest(target.journey);
  }
}

/** Follows the packet of a request that a command sent, from its first hop. */
export async function followRequest(id: number): Promise<void> {
  const journey = await findJourney(id);
  if (!journey) {
    notify("info", "This request is no longer part of the run: something in its past was changed.");
    return;
  }
  showInspector("packet");
  followJourney(journey);
}

/** The same while its command runs: on a small screen the terminal stays where it is. */
export async function followAsSent(id: number): Promise<void> {
  const journey = await findJourney(id);
  if (!journey) return;
  useView.setState({ inspectorTab: "packet" });
  followJourney(journey);
}

/** The packet arrives at once, and time goes on from there. */
export function skipToEnd(): void {
  last();
  play();
}

async function findJourney(id: number): Promise<JourneyView | undefined> {
  const { simulation } = useSession.getState();
  const journeys = (await simulation?.journeys()) ?? [];
  return journeys.find((one) => one.id === id);
}

/** Selects the object that a chain is there for, and its node; the iptables tab shows the chain when it is opened. */
async function showChain(chain: string, place: string): Promise<void> {
  const { simulation } = useSession.getState();
  const [kind, first = ""] = place.split("/");
  const node = kind === "node" ? first : useView.getState().node || "node-1";
  const tables = await simulation?.tables(node);
  const rules = (tables?.rules ?? []).filter((rule) => rule.chain === chain);
  const table = rules.find((rule) => rule.table === "nat")?.table ?? rules[0]?.table;
  if (table === undefined) {
    notify("info", `${node} has no chain ${chain} now.`);
    return;
  }
  const cause = rules
    .flatMap(({ causes }) => causes)
    .find(({ object }) => object?.startsWith("Service/"))?.object;
  const keys: readonly ObjectKey[] = [...(cause ? [cause] : []), `Node/${node}`];
  useSelection.getState().selectTogether(keys);
  useView.setState({ node, ruleFocus: { table, chain }, rulesOf: null });
}
