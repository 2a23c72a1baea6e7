import { usePanels } from "./panels";
import { usePlayback } from "./playback";
import { usePositions } from "./positions";
import { useSelection } from "./selection";
import { onOpening, useSession } from "./session";
import { useTheme } from "./theme";
import { useView } from "./view";
import { useWorkspaces } from "./workspaces";
import { keeper, leaveWorkspace } from "./workspaces-desk";

/** After the last of several changes in a row. */
const SOON_MS = 400;
/** Time passes by itself: so much of it a crash may cost. */
const WHILE_PLAYING_MS = 5_000;

/** Saves after each command, soon after each change of the view, now and then while time passes, and when the page goes. */
export function watchWork(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void keeper.save(), SOON_MS);
  };
  const viewChanged = () => {
    if (useWorkspaces.getState().current) soon();
  };

  onOpening(() => (useWorkspaces.getState().current ? keeper.save() : Promise.resolve()));
  useSession.subscribe((now, before) => {
    if (now.opened !== before.opened) leaveWorkspace();
    if (now.busy === "" && before.busy !== "") void keeper.save();
    else if (now.from !== before.from || now.to !== before.to) viewChanged();
  });
  usePlayback.subscribe((now, before) => {
    const hasSwitched = now.playing !== before.playing || now.speed !== before.speed;
    const hasStepped = !now.playing && now.index !== before.index;
    if (hasSwitched || hasStepped || now.follow !== before.follow || now.journey !== before.journey)
      viewChanged();
  });
  usePositions.subscribe(soon);
  for (const store of [usePanels, useTheme, useSelection, useView]) store.subscribe(viewChanged);
  setInterval(() => {
    if (usePlayback.getState().playing && useWorkspaces.getState().current) void keeper.save();
  }, WHILE_PLAYING_MS);

  const leave = () => {
    if (document.visibilityState === "hidden") keeper.saveAtOnce();
  };
  document.addEventListener("visibilitychange", leave);
  window.addEventListener("beforeunload", (event) => {
    if (useWorkspaces.getState().problem) event.preventDefault();
  });
  window.addEventListener("pagehide", () => keeper.saveAtOnce());
}
