import { announce } from "../stores/notices";
import { currentHop, isUnderWay, usePlayback } from "../stores/playback";

/** Tells screen readers which hop a step led to, and how a journey ended; not every hop that plays by. */
export function startAnnouncing(): void {
  usePlayback.subscribe((state, before) => {
    if (state.index === before.index && state.journey === before.journey) return;
    const hop = currentHop(state);
    if (!hop || !state.journey) return;
    const isLast = !isUnderWay(state);
    if (!state.stepped && !isLast) return;
    const outcome = isLast ? ` ${state.journey.verdict.explanation}` : "";
    announce(`Hop ${state.index + 1} of ${state.hops.length}: ${hop.text}.${outcome}`);
  });
}
