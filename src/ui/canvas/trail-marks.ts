import { create } from "zustand";
import { type PlaybackState, usePlayback } from "../../stores/playback";
import { boxIdOf } from "./anchors";

interface TrailMarks {
  /** The box that the followed packet is in. */
  readonly active: string | undefined;
  /** Boxes that it has passed on its way. */
  readonly passed: ReadonlySet<string>;
}

/** Beside the graph's nodes, so that a hop touches the boxes that it leaves and comes to, and no other. */
const useTrailMarks = create<TrailMarks>(() => marksOf(usePlayback.getState()));

usePlayback.subscribe((state, before) => {
  if (state.index === before.index && state.hops === before.hops) return;
  useTrailMarks.setState(marksOf(state));
});

export function marksOf({ hops, index }: Pick<PlaybackState, "hops" | "index">): TrailMarks {
  const place = hops[index]?.place;
  return {
    active: place === undefined ? undefined : boxIdOf(place),
    passed: new Set(hops.slice(0, Math.max(0, index)).map((hop) => boxIdOf(hop.place))),
  };
}

/** Class of a box on the followed packet's way. */
export function useTrailMark(id: string): "" | "is-active" | "is-passed" {
  return useTrailMarks((marks) => trailMark(marks, id));
}

export function trailMark(
  { active, passed }: TrailMarks,
  id: string,
): "" | "is-active" | "is-passed" {
  if (id === active) return "is-active";
  return passed.has(id) ? "is-passed" : "";
}
