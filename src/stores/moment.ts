import { formatHttpOptions } from "../core/net/http-message";
import {
  type ComparedMoment,
  type Ends,
  type FollowedMoment,
  PANELS,
  type SharedMoment,
  type ShareOptions,
} from "../share/shared-moment";
import type { JourneyView, Opened } from "../worker/protocol";
import { setLocked } from "./access";
import { currentViewport, useAskedView } from "./camera";
import { compare, useCompare } from "./compare";
import { useMirror } from "./mirror";
import { notify } from "./notices";
import { usePanels } from "./panels";
import { predictWay, watchedWay } from "./paths";
import {
  currentHop,
  isUnderWay,
  type PlaybackState,
  restorePlayback,
  SPEEDS,
  usePlayback,
} from "./playback";
import { setPositions, usePositions } from "./positions";
import { useSelection } from "./selection";
import { openScenario, useSession } from "./session";
import { defaultEnds } from "./targets";
import { DOCK_TABS, INSPECTOR_TABS, useView } from "./view";

/** This moment of the run, and how it is looked at: what a link carries. */
export async function currentMoment(options: ShareOptions): Promise<SharedMoment> {
  const { simulation } = useSession.getState();
  if (!simulation) throw new Error("no simulation is connected");
  const playback = usePlayback.getState();
  const run = await simulation.save();
  const ends = endsToTell(playback.journey);
  const compared = comparedMoment();
  const { selected } = useSelection.getState();
  const { inspectorTab, dockTab, node } = useView.getState();
  const viewport = currentViewport();
  const { moved } = usePositions.getState();
  return {
    run: { ...run, atUs: momentOf(playback, run.atUs) },
    ...followedMoment(playback),
    ...(ends && { ends }),
    ...(compared && { compared }),
    ...(selected !== null && { selected }),
    tabs: { inspector: inspectorTab, dock: dockTab, ...(node !== "" && { node }) },
    ...(viewport && { viewport }),
    ...(moved.size > 0 && {
      positions: [...moved].map(([id, { x, y }]) => [id, Math.round(x), Math.round(y)] as const),
    }),
    ...(playback.speed !== 1 && { speed: playback.speed }),
    options: { ...options, hide: options.hide ?? closedPanels() },
  };
}

/** The instant of the hop that is shown; of a possibility, the one at which it was found. */
function momentOf(playback: PlaybackState, nowUs: number): number {
  const { journey } = playback;
  if (journey?.possibility !== undefined) return journey.sentAtUs;
  const hopUs = currentHop(playback)?.atUs ?? 0;
  return isUnderWay(playback) && hopUs > 0 ? hopUs : Math.max(nowUs, hopUs);
}

function followedMoment({ journey, follow, index }: PlaybackState): Pick<SharedMoment, "followed"> {
  if (!journey) return {};
  if (journey.possibility === undefined)
    return { followed: { request: journey.id, follow, hop: index } };
  const way = watchedWay(journey);
  // A compared run's hops come with the comparison.
  return way === undefined ? {} : { followed: { request: -1, way, follow, hop: index } };
}

/** Undefined where opening the link brings them anyway. */
function endsToTell(journey: JourneyView | null): Ends | undefined {
  if (journey && watchedWay(journey) !== undefined) return endsOf(journey);
  const { from, to, url } = useSession.getState();
  const { records } = useMirror.getState();
  const usual = journey ? endsOf(journey) : defaultEnds(records);
  const isUsual = from === usual.from && to === usual.to && url === (usual.url ?? "");
  return isUsual ? undefined : { from, to, ...(url !== "" && { url }) };
}

function endsOf({ from, to, http }: JourneyView): Ends {
  return { from, to, ...(http && { url: formatHttpOptions(http) }) };
}

function comparedMoment(): ComparedMoment | undefined {
  const { report, request, change } = useCompare.getState();
  const isShown = useView.getState().dockTab === "compare" && report?.ok && request;
  return isShown ? { ...request, change } : undefined;
}

function closedPanels() {
  const panels = usePanels.getState();
  return PANELS.filter((panel) => !panels[panel]);
}

/** Opens the run of a link and looks at it as the link says. With errors everything stays as it was. */
export async function openMoment(moment: SharedMoment): Promise<Opened> {
  const opened = await openScenario(moment.run.scenario, moment.run);
  if (opened.errors.length > 0) return opened;
  const { followed, ends, compared, selected = null, tabs = {}, viewport = null } = moment;
  const { positions = [], speed = usePlayback.getState().speed } = moment;
  const { paused = true, hide = [], locked = false } = moment.options ?? {};
  const sent = opened.journeys.find(({ id }) => id === followed?.request) ?? null;
  if (sent) useSession.setState({ url: "", ...endsOf(sent) });
  if (ends) useSession.setState({ url: "", ...ends });
  restorePlayback({
    journey: sent,
    follow: followed?.follow ?? "first",
    index: followed?.hop ?? -1,
    playing: !paused,
    speed: SPEEDS.find((one) => one === speed) ?? 1,
  });
  setPositions(new Map(positions.map(([id, x, y]) => [id, { x, y }])));
  for (const panel of PANELS) usePanels.setState({ [panel]: !hide.includes(panel) });
  useSelection.getState().select(selected);
  const inspectorTab = INSPECTOR_TABS.find((tab) => tab === tabs.inspector) ?? "packet";
  const dockTab = DOCK_TABS.find((tab) => tab === tabs.dock) ?? "timeline";
  useView.setState({ inspectorTab, dockTab, sheetTab: inspectorTab, node: tabs.node ?? "" });
  useAskedView.setState({ asked: viewport });
  setLocked(locked);
  if (followed?.way !== undefined) await watchWayAgain(followed.way, followed);
  if (compared) void compare(compared, compared.change);
  return opened;
}

const MAX_REASONS = 3;

/** Tells which of its actions were left out, if any. */
export function sayRefused(
  what: "link" | "file",
  refused: readonly string[],
  { run }: SharedMoment,
): void {
  if (refused.length === 0) return;
  const text = `${refused.length} of this ${what}’s ${run.log.length} actions cannot be done again and were left out.`;
  notify("error", text, [...new Set(refused)].slice(0, MAX_REASONS));
}

/** A possibility is worked out again: the same moment has the same ways. */
async function watchWayAgain(way: number, { follow, hop }: FollowedMoment): Promise<void> {
  const journey = await predictWay(way);
  const { playing, speed } = usePlayback.getState();
  if (journey) restorePlayback({ journey, follow, index: hop, playing, speed });
}
