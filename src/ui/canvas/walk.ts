import { type PlaybackState, usePlayback } from "../../stores/playback";
import type { HopView } from "../../worker/protocol";
import { openIptablesHop } from "./chains";
import type { Point } from "./layout";

/** Lines of the open iptables that the packet comes by, in its order. */
export const WALKED = { "data-walked": true } as const;

/** Which of `count` lines the packet is at: it goes down them while the hop lasts; who steps sees where it ended. */
export function walkedLine(count: number, progress: number, isPlaying: boolean): number {
  const share = isPlaying ? progress : 1;
  return Math.min(count - 1, Math.floor(share * count));
}

/** Where the packet is within the open iptables, in pixels of the canvas; undefined when it is not in there. */
export function pointInRules(element: HTMLElement, progress: number): Point | undefined {
  const state = usePlayback.getState();
  const hop = ruleHop(state);
  const frame = element.closest(".cv");
  const card = hop && frame?.querySelector(".cv-chains");
  const lines = card?.querySelectorAll("[data-walked]");
  if (!frame || !card || !lines || lines.length === 0) return undefined;
  const isAtIt = hop === state.hops[state.index];
  const at = isAtIt ? walkedLine(lines.length, progress, state.playing) : lines.length - 1;
  const line = lines[at]?.getBoundingClientRect();
  if (!line) return undefined;
  const origin = frame.getBoundingClientRect();
  const { right } = card.getBoundingClientRect();
  return { x: right - origin.x, y: line.y + line.height / 2 - origin.y };
}

function ruleHop({ hops, index }: PlaybackState): HopView | undefined {
  const hop = openIptablesHop(hops, index);
  return hop && hops[index]?.place === hop.place ? hop : undefined;
}
