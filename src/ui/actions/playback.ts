import { FOLLOW_LABELS } from "../../stores/follow";
import { useMirror } from "../../stores/mirror";
import {
  backToNow,
  changeSpeed,
  first,
  jump,
  last,
  SPEEDS,
  setFollow,
  setSpeed,
  step,
  togglePlaying,
  usePlayback,
} from "../../stores/playback";
import { showInspector } from "../../stores/view";
import type { Follow } from "../../worker/protocol";
import { type Action, need } from "./action";

const group = "Playback";

const notFirst = need(usePlayback, ({ hops, index }) =>
  hops.length === 0 ? "Nothing is followed yet." : index <= 0 ? "This is the first hop." : "",
);
const notLast = need(usePlayback, ({ hops, index }) =>
  hops.length === 0
    ? "Nothing is followed yet."
    : index >= hops.length - 1
      ? "This is the last hop."
      : "",
);

/** Space does the same once something is followed. */
export const togglePlay: Action = {
  id: "playback.play",
  group,
  label: () => (usePlayback.getState().playing ? "Pause" : "Play"),
  also: "start stop time space",
  run: togglePlaying,
};

export const firstHop: Action = {
  id: "playback.first",
  group,
  label: "First hop",
  keys: [{ key: "Home" }],
  needs: [notFirst],
  run: first,
};

export const previousHop: Action = {
  id: "playback.back",
  group,
  label: "One hop back",
  also: "previous step",
  keys: [{ key: "ArrowLeft" }],
  needs: [notFirst],
  run: () => step(-1),
};

export const nextHop: Action = {
  id: "playback.next",
  group,
  label: "One hop on",
  also: "next step forward",
  keys: [{ key: "ArrowRight" }],
  needs: [notLast],
  run: () => step(1),
};

export const lastHop: Action = {
  id: "playback.last",
  group,
  label: "Last hop",
  also: "end outcome",
  keys: [{ key: "End" }],
  needs: [notLast],
  run: last,
};

export const faster: Action = {
  id: "playback.faster",
  group,
  label: "Faster",
  also: "speed",
  keys: [{ key: "+" }, { key: "=" }],
  needs: [need(usePlayback, ({ speed }) => (speed === SPEEDS.at(-1) ? "As fast as it goes." : ""))],
  run: () => changeSpeed(1),
};

export const slower: Action = {
  id: "playback.slower",
  group,
  label: "Slower",
  also: "speed",
  keys: [{ key: "-" }, { key: "−" }],
  needs: [need(usePlayback, ({ speed }) => (speed === SPEEDS[0] ? "As slow as it goes." : ""))],
  run: () => changeSpeed(-1),
};

export const toNow: Action = {
  id: "playback.now",
  group,
  label: "Back to now",
  also: "latest moment present",
  needs: [
    need(useMirror, ({ nowUs, horizonUs }) =>
      nowUs < horizonUs ? "" : "This is the latest moment.",
    ),
  ],
  run: () => backToNow(useMirror.getState().horizonUs),
};

export const PLAYBACK_ACTIONS: readonly Action[] = [
  togglePlay,
  nextHop,
  previousHop,
  firstHop,
  lastHop,
  faster,
  slower,
  toNow,
  ...SPEEDS.map(
    (speed): Action => ({
      id: `playback.speed.${speed}`,
      group,
      label: `Speed ${speed}×`,
      run: () => setSpeed(speed),
    }),
  ),
  ...(Object.entries(FOLLOW_LABELS) as [Follow, string][]).map(
    ([follow, label]): Action => ({
      id: `playback.follow.${follow}`,
      group,
      label: follow === "all" ? `Follow ${label}` : `Follow the ${label}`,
      also: "packet",
      run: () => setFollow(follow),
    }),
  ),
];

export function hopId(position: number): string {
  return `playback.hop.${position + 1}`;
}

/** A hop of the followed packet, by its number or what happens there. */
export function hopActions(): readonly Action[] {
  return usePlayback.getState().hops.map(({ text }, position) => ({
    id: hopId(position),
    group: "Go to a hop",
    label: `Hop ${position + 1}: ${text.replace(/\s+/g, " ")}`,
    also: "jump",
    run: () => {
      jump(position);
      showInspector("packet");
    },
  }));
}
