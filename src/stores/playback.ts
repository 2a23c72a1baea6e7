import { create } from "zustand";
import { followedHops } from "../core/trace/follow";
import type { Follow, HopView, JourneyView } from "../worker/protocol";
import { createSeeker, type Seeker, type TimeControl } from "./seeker";

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** Wall time that one hop takes at speed 1. */
export const HOP_MS = 700;

/** Virtual time is let pass in slices of this much wall time. */
const SLICE_MS = 100;

export interface PlaybackState {
  readonly journey: JourneyView | null;
  readonly follow: Follow;
  /** Hops of the followed packets; `index` counts in this list. */
  readonly hops: readonly HopView[];
  /** The hop that is shown; -1: none yet. */
  readonly index: number;
  /** How far the packet has moved from this hop to the next, 0..1. */
  readonly progress: number;
  readonly playing: boolean;
  readonly speed: Speed;
  /** True when the last change of `index` was a step by the user. */
  readonly stepped: boolean;
  /** Steps without movement in between. */
  readonly reducedMotion: boolean;
}

export const usePlayback = create<PlaybackState>(() => ({
  journey: null,
  follow: "first",
  hops: [],
  index: -1,
  progress: 0,
  playing: false,
  speed: 1,
  stepped: false,
  reducedMotion: false,
}));

let seeker: Seeker | undefined;
let unsentMs = 0;

/** Playback drives this simulation's time from now on. */
export function connectPlayback(control: TimeControl, onError: (error: unknown) => void): Seeker {
  seeker = createSeeker(control, onError);
  unsentMs = 0;
  return seeker;
}

export function currentHop(state: PlaybackState): HopView | undefined {
  return state.hops[state.index];
}

/** Some followed hops are not shown yet. */
export function isUnderWay(state: PlaybackState): boolean {
  return state.hops.length > 0 && state.index < state.hops.length - 1;
}

function hopsOf(journey: JourneyView | null, follow: Follow): readonly HopView[] {
  return journey ? followedHops(journey.hops, follow) : [];
}

function show(index: number, change: Partial<PlaybackState> = {}): void {
  usePlayback.setState({ index, progress: 0, stepped: false, ...change });
  const state = usePlayback.getState();
  const hop = currentHop(state);
  // A possibility happens at no moment of the run: time stands still meanwhile.
  if (hop && state.journey?.possibility === undefined) seeker?.seek(hop.atUs);
}

/** Follows a request that was just sent, from its first hop. */
export function followJourney(journey: JourneyView): void {
  const hops = hopsOf(journey, usePlayback.getState().follow);
  usePlayback.setState({ journey, hops, playing: true });
  show(hops.length > 0 ? 0 : -1);
}

export type PlaybackMoment = Pick<
  PlaybackState,
  "journey" | "follow" | "index" | "playing" | "speed"
>;

/** Shows a moment that was kept. The simulation is there already. */
export function restorePlayback({ journey, follow, index, ...rest }: PlaybackMoment): void {
  const hops = hopsOf(journey, follow);
  const shown = Math.min(index, hops.length - 1);
  usePlayback.setState({ journey, follow, hops, index: shown, progress: 0, ...rest });
}

/** The same journey, computed again after an edit; null when it no longer belongs to the run. */
export function replaceJourney(journey: JourneyView | null): void {
  const { follow, index } = usePlayback.getState();
  const hops = hopsOf(journey, follow);
  usePlayback.setState({ journey, hops, index: Math.min(index, hops.length - 1), progress: 0 });
}

export function resetPlayback(): void {
  usePlayback.setState({ journey: null, hops: [], index: -1, progress: 0 });
  unsentMs = 0;
}

export function play(): void {
  usePlayback.setState({ playing: true });
}

export function pause(): void {
  usePlayback.setState({ playing: false });
}

export function togglePlaying(): void {
  usePlayback.setState(({ playing }) => ({ playing: !playing }));
}

export function jump(index: number): void {
  const { hops } = usePlayback.getState();
  if (hops.length === 0) return;
  show(Math.max(0, Math.min(index, hops.length - 1)), { playing: false, stepped: true });
}

export function step(by: 1 | -1): void {
  jump(usePlayback.getState().index + by);
}

export function first(): void {
  jump(0);
}

export function last(): void {
  jump(usePlayback.getState().hops.length - 1);
}

/** Out of the past: to the last hop, and the latest moment that was reached. */
export function backToNow(horizonUs: number): void {
  const { hops } = usePlayback.getState();
  usePlayback.setState({ index: hops.length - 1, progress: 0, playing: false, stepped: true });
  seeker?.seek(horizonUs);
}

export function setSpeed(speed: Speed): void {
  usePlayback.setState({ speed });
}

export function changeSpeed(by: 1 | -1): void {
  const next = SPEEDS[SPEEDS.indexOf(usePlayback.getState().speed) + by];
  if (next !== undefined) setSpeed(next);
}

/** Another packet of the same journey, from its first hop. */
export function setFollow(follow: Follow): void {
  const { journey } = usePlayback.getState();
  const hops = hopsOf(journey, follow);
  usePlayback.setState({ follow, hops });
  show(hops.length > 0 ? 0 : -1);
}

/** While a command is on its way: time that passed meanwhile would come after it, and leave the page in the past. */
export function holdTime(): () => void {
  held++;
  return () => {
    held--;
  };
}

let held = 0;

/** Wall time has passed: moves the followed packet, or lets virtual time pass when there is none to move. */
export function tick(elapsedMs: number): void {
  const state = usePlayback.getState();
  if (!state.playing) {
    unsentMs = 0;
    return;
  }
  if (isUnderWay(state)) moveAlong(state, elapsedMs);
  else letTimePass(state, elapsedMs);
}

function moveAlong(state: PlaybackState, elapsedMs: number): void {
  const progress = progressSoFar + (elapsedMs * state.speed) / HOP_MS;
  if (progress >= 1) {
    progressSoFar = 0;
    show(Math.min(state.index + Math.floor(progress), state.hops.length - 1));
  } else {
    progressSoFar = progress;
    if (!state.reducedMotion) usePlayback.setState({ progress });
  }
}

function letTimePass(state: PlaybackState, elapsedMs: number): void {
  if (held > 0) return;
  unsentMs = Math.min(unsentMs + elapsedMs, 10 * SLICE_MS);
  if (unsentMs < SLICE_MS) return;
  if (seeker?.advance(Math.round(unsentMs * state.speed * 1000))) unsentMs = 0;
}

/** Kept beside the state, so that reduced motion can wait without moving. */
let progressSoFar = 0;
usePlayback.subscribe((state, before) => {
  if (state.index !== before.index || state.journey !== before.journey) progressSoFar = 0;
});
