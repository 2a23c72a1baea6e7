import { lockable, setLocked } from "../stores/access";
import { loadScenario } from "../stores/built-in";
import { useMirror } from "../stores/mirror";
import { notify } from "../stores/notices";
import { connectPlayback, pause, tick, usePlayback } from "../stores/playback";
import { recordHistory } from "../stores/record-history";
import {
  connectSession,
  describeError,
  fail,
  openScenario,
  showRestarted,
  useSession,
} from "../stores/session";
import { createClient, SimulationLost, startWorker } from "../worker/client";
import { forgetFragment, hidePanels, openFragment, scenarioName, watchFragment } from "./address";
import { keepLink, keepWork, restoreWork } from "./work";

/** A tab that slept does not wake up minutes ahead. */
const MAX_FRAME_MS = 250;

/** Starts the worker, opens the built-in scenario and lets time run. What goes wrong is shown, not thrown. */
export async function startSimulation(): Promise<void> {
  const client = createClient(startWorker, {
    onRestarting: () => useMirror.getState().clear(),
    onRestarted: showRestarted,
    onLost: (reason) => {
      forgetFragment();
      fail("The simulation stopped and could not be started again.", [reason]);
    },
  });
  if (new URLSearchParams(location.search).has("debug")) {
    Object.assign(window, { __kubehop: { killWorker: client.killWorker } });
  }
  connectPlayback(client, onTimeError);
  window.addEventListener("unhandledrejection", ({ reason }) => reportMistake(reason));
  followReducedMotion();
  recordHistory();
  unlockOtherRuns();
  runClock();
  try {
    const [scenario] = await Promise.all([
      loadScenario(scenarioName()),
      connectSession(lockable(client)),
    ]);
    const opened =
      (await restoreWork(scenario)) || (await openFragment(scenario, INSTEAD))
        ? NOTHING_WRONG
        : await openScenario(scenario);
    hidePanels();
    watchFragment(scenario, keepLink);
    if (opened.errors.length === 0) await keepWork(scenario);
    else {
      fail("The built-in scenario has mistakes.", opened.errors.map(describeError));
    }
  } catch (error) {
    fail("The cluster could not be loaded.", [
      error instanceof Error ? error.message : String(error),
    ]);
  }
}

const INSTEAD = "The default scenario is open instead.";

const NOTHING_WRONG = { errors: [] } as const;

/** Time stops rather than fail again at every frame. That a worker died is told where it is started again. */
function onTimeError(error: unknown): void {
  if (error instanceof SimulationLost) return;
  pause();
  console.error(error);
  reportMistake(error);
}

function reportMistake(error: unknown): void {
  notify("error", "kubehop made a mistake; what you see may be out of date.", [messageOf(error)]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The lock is a link's: another cluster is open to be changed. */
function unlockOtherRuns(): void {
  useSession.subscribe((state, before) => {
    if (state.opened !== before.opened) setLocked(false);
  });
}

/** Frames are asked for while something plays, and for one more to notice that it stopped: a page at rest costs nothing. */
function runClock(): void {
  let beforeMs = 0;
  let isRunning = false;
  const onFrame = (nowMs: number) => {
    tick(Math.min(nowMs - beforeMs, MAX_FRAME_MS));
    beforeMs = nowMs;
    isRunning = usePlayback.getState().playing;
    if (isRunning) requestAnimationFrame(onFrame);
  };
  const start = () => {
    if (isRunning || !usePlayback.getState().playing) return;
    isRunning = true;
    beforeMs = performance.now();
    requestAnimationFrame(onFrame);
  };
  usePlayback.subscribe(start);
  start();
}

function followReducedMotion(): void {
  const query = matchMedia("(prefers-reduced-motion: reduce)");
  const follow = () => usePlayback.setState({ reducedMotion: query.matches });
  query.addEventListener("change", follow);
  follow();
}
