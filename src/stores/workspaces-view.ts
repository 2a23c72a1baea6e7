import type { JourneyView } from "../worker/protocol";
import { setLocked, useAccess } from "./access";
import { usePanels } from "./panels";
import { restorePlayback, usePlayback } from "./playback";
import { setPositions, usePositions } from "./positions";
import { ownPanels } from "./present";
import { useSelection } from "./selection";
import { useSession } from "./session";
import { setTheme, useTheme } from "./theme";
import { useView } from "./view";
import type { WorkspaceView } from "./workspaces";

/** How the run is looked at now. */
export function currentView(): WorkspaceView {
  const { playing, speed, follow, journey, index } = usePlayback.getState();
  const { from, to, url } = useSession.getState();
  const { objects, dock, inspector } = ownPanels();
  const { inspectorTab, dockTab } = useView.getState();
  return {
    ...{ playing, speed, follow, from, to, url, inspectorTab, dockTab },
    journey: journey?.id ?? null,
    hop: index,
    selected: useSelection.getState().selected,
    panels: { objects, dock, inspector },
    positions: [...usePositions.getState().moved],
    theme: useTheme.getState().theme,
    locked: useAccess.getState().locked,
  };
}

/** Looks at a run that was just opened as it was looked at when it was kept. */
export function showView(view: WorkspaceView, journeys: readonly JourneyView[]): void {
  const { playing, speed, follow, hop, inspectorTab, dockTab } = view;
  const journey = journeys.find(({ id }) => id === view.journey) ?? null;
  restorePlayback({ journey, follow, index: hop, playing, speed });
  setPositions(new Map(view.positions));
  usePanels.setState(view.panels);
  setTheme(view.theme);
  setLocked(view.locked);
  if (view.to !== "") useSession.setState({ from: view.from, to: view.to, url: view.url });
  useSelection.getState().select(view.selected);
  useView.setState({ inspectorTab, dockTab, sheetTab: inspectorTab });
}
