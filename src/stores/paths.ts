import { create } from "zustand";
import type { JourneyView } from "../worker/protocol";
import type { Prediction, WayView } from "../worker/what-if-protocol";
import { followJourney, usePlayback } from "./playback";
import { askedHttp, BAD_URL, useSession } from "./session";

export type Predicted = Extract<Prediction, { ok: true }>;

interface PathsState {
  /** The latest answer; null before the first. */
  readonly prediction: Prediction | null;
  readonly asking: boolean;
  /** Ways that are marked, by index: one, or those behind a decision. */
  readonly chosen: ReadonlySet<number>;
  /** The list or tree is on the screen, and so are the ghosts on the canvas. */
  readonly shown: boolean;
  readonly form: "tree" | "list";
}

const NONE: ReadonlySet<number> = new Set();

export const usePaths = create<PathsState>(() => ({
  prediction: null,
  asking: false,
  chosen: NONE,
  shown: false,
  form: "tree",
}));

export function showWaysAs(form: PathsState["form"]): void {
  usePaths.setState({ form });
}

export function showGhosts(shown: boolean): void {
  usePaths.setState({ shown });
}

export function choose(ways: readonly number[]): void {
  usePaths.setState({ chosen: new Set(ways) });
}

/** Asks for every way from the send bar's source to its destination, at the moment shown. */
export async function predict(): Promise<void> {
  const { simulation, from, to, phase } = useSession.getState();
  if (!simulation || phase.kind !== "running" || usePaths.getState().asking) return;
  if (to.trim() === "") {
    const error = "choose where to send to, or type an address such as 10.96.0.1:443";
    usePaths.setState({ prediction: { ok: false, error }, chosen: NONE });
    return;
  }
  const http = askedHttp();
  if (http === null) {
    usePaths.setState({ prediction: { ok: false, error: BAD_URL }, chosen: NONE });
    return;
  }
  usePaths.setState({ asking: true });
  try {
    const prediction = await simulation.predict(from, to.trim(), http);
    usePaths.setState({ prediction, chosen: NONE });
  } catch {
    // The worker is being restarted: what was known is not about the new one.
    usePaths.setState({ prediction: null, chosen: NONE });
  } finally {
    usePaths.setState({ asking: false });
  }
}

/** The way whose hops were last asked for. */
let watched: { readonly journey: JourneyView; readonly way: number } | undefined;

/** Number of the way that a journey is, of those that its prediction has. */
export function watchedWay(journey: JourneyView): number | undefined {
  return watched?.journey === journey ? watched.way : undefined;
}

/** Plays a way's hops without sending anything. */
export async function watchWay({ index }: WayView): Promise<void> {
  const journey = await findWay(index);
  if (!journey) return predict();
  choose([index]);
  followJourney(journey);
}

/** One way of a new prediction, for the send bar's ends at the moment shown. */
export async function predictWay(way: number): Promise<JourneyView | undefined> {
  await predict();
  const journey = await findWay(way);
  if (journey) choose([way]);
  return journey;
}

async function findWay(way: number): Promise<JourneyView | undefined> {
  const { simulation } = useSession.getState();
  const { prediction } = usePaths.getState();
  if (!simulation || !prediction?.ok) return undefined;
  const journey = await simulation.way(prediction.id, way);
  watched = journey && { journey, way };
  return journey;
}

/** What is followed is a possibility: with its probability. */
export function usePossibility(): number | undefined {
  return usePlayback((state) => state.journey?.possibility);
}
