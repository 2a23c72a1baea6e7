import { announce } from "../stores/notices";
import { currentHop, HOP_MS, isUnderWay, usePlayback } from "../stores/playback";
import { useSession } from "../stores/session";

/** A hop that is shown for less is gone before it is read out. */
const LEGIBLE_MS = 1_400;

/** Tells screen readers which hop a step, or a slow playback, led to, and how a journey ended; not hops that rush by. */
export function startAnnouncing(): void {
  usePlayback.subscribe((state, before) => {
    if (state.index === before.index && state.journey === before.journey) return;
    const hop = currentHop(state);
    if (!hop || !state.journey) return;
    const isLast = !isUnderWay(state);
    const isSlow = HOP_MS / state.speed >= LEGIBLE_MS;
    if (!state.stepped && !isLast && !isSlow) return;
    const { why, verdict } = state.journey;
    const end = why ? `Why not: ${why.title}. ${why.cause}` : verdict.explanation;
    const outcome = isLast ? ` ${end}` : "";
    announce(`Hop ${state.index + 1} of ${state.hops.length}: ${hop.text}.${outcome}`);
  });
  useSession.subscribe(({ refused }, before) => {
    if (refused && refused !== before.refused)
      announce(`Not sent: ${refused.why.title}. ${refused.why.cause}`);
  });
}
