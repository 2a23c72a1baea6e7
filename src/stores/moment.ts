import { PANELS, type SharedMoment, type ShareOptions } from "../share/shared-moment";
import type { Opened } from "../worker/protocol";
import { setLocked } from "./access";
import { currentViewport, useAskedView } from "./camera";
import { usePanels } from "./panels";
import { currentHop, isUnderWay, restorePlayback, usePlayback } from "./playback";
import { setPositions, usePositions } from "./positions";
import { useSelection } from "./selection";
import { openScenario, useSession } from "./session";
import { DOCK_TABS, INSPECTOR_TABS, useView } from "./view";

/** This moment of the run, and how it is looked at: what a link carries. */
export async function currentMoment(options: ShareOptions): Promise<SharedMoment> {
  const { simulation } = useSession.getState();
  if (!simulation) throw new Error("no simulation is connected");
  const playback = usePlayback.getState();
  const run = await simulation.save();
  const hop = currentHop(playback);
  const hopUs = hop?.atUs ?? 0;
  const atUs = isUnderWay(playback) && hop ? hopUs : Math.max(run.atUs, hopUs);
  const { selected } = useSelection.getState();
  const { inspectorTab, dockTab, node } = useView.getState();
  const viewport = currentViewport();
  const { moved } = usePositions.getState();
  return {
    run: { ...run, atUs },
    ...(playback.journey && {
      followed: {
        request: playback.journey.id,
        follow: playback.follow,
        hop: playback.index,
      },
    }),
    ...(selected !== null && { selected }),
    tabs: { inspector: inspectorTab, dock: dockTab, ...(node !== "" && { node }) },
    ...(viewport && { viewport }),
    ...(moved.size > 0 && {
      positions: [...moved].map(([id, { x, y }]) => [id, Math.round(x), Math.round(y)] as const),
    }),
    options: { ...options, hide: options.hide ?? closedPanels() },
  };
}

function closedPanels() {
  const panels = usePanels.getState();
  return PANELS.filter((panel) => !panels[panel]);
}

/** Opens the run of a link and looks at it as the link says. With errors everything stays as it was. */
export async function openMoment(moment: SharedMoment): Promise<Opened> {
  const opened = await openScenario(moment.run.scenario, moment.run);
  if (opened.errors.length > 0) return opened;
  const { followed, selected = null, tabs = {}, viewport = null, positions = [] } = moment;
  const { paused = true, hide = [], locked = false } = moment.options ?? {};
  const journey = opened.journeys.find(({ id }) => id === followed?.request) ?? null;
  if (journey) useSession.setState({ from: journey.from, to: journey.to });
  restorePlayback({
    journey,
    follow: followed?.follow ?? "first",
    index: followed?.hop ?? -1,
    playing: !paused,
    speed: usePlayback.getState().speed,
  });
  setPositions(new Map(positions.map(([id, x, y]) => [id, { x, y }])));
  for (const panel of PANELS) usePanels.setState({ [panel]: !hide.includes(panel) });
  useSelection.getState().select(selected);
  const inspectorTab = INSPECTOR_TABS.find((tab) => tab === tabs.inspector) ?? "packet";
  const dockTab = DOCK_TABS.find((tab) => tab === tabs.dock) ?? "timeline";
  useView.setState({ inspectorTab, dockTab, sheetTab: inspectorTab, node: tabs.node ?? "" });
  useAskedView.setState({ asked: viewport });
  setLocked(locked);
  return opened;
}

/** The lock is the link's: another cluster is open to be changed. */
export function unlockOtherRuns(): void {
  useSession.subscribe((state, before) => {
    if (state.opened !== before.opened) setLocked(false);
  });
}
