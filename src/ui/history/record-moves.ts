import { keyWords } from "../../shell/kubectl/equivalent-words";
import { followEdits, noteMove } from "../../stores/edit-history";
import { type Position, usePositions } from "../../stores/positions";

type Positions = ReadonlyMap<string, Position>;

/** Notes edits and canvas moves as they are made; one drag is one move. Returns how to stop. */
export function startHistory(): () => void {
  let isPressed = false;
  let before: Positions | undefined;

  const finish = () => {
    const { moved: after } = usePositions.getState();
    if (before && before !== after)
      noteMove({ kind: "move", text: moveWords(before, after), before, after });
    before = undefined;
  };
  const onPress = () => {
    isPressed = true;
  };
  // The canvas says where a box was dropped in the same turn.
  const onRelease = () => {
    isPressed = false;
    setTimeout(finish);
  };
  const stopPositions = usePositions.subscribe((state, was) => {
    if (state.moved === was.moved || state.restored !== was.restored) return;
    before ??= was.moved;
    if (!isPressed) finish();
  });
  const stopEdits = followEdits();
  window.addEventListener("pointerdown", onPress, true);
  window.addEventListener("pointerup", onRelease, true);
  window.addEventListener("pointercancel", onRelease, true);
  return () => {
    stopPositions();
    stopEdits();
    window.removeEventListener("pointerdown", onPress, true);
    window.removeEventListener("pointerup", onRelease, true);
    window.removeEventListener("pointercancel", onRelease, true);
  };
}

export function moveWords(before: Positions, after: Positions): string {
  if (after.size === 0) return "Tidy up the canvas";
  const moved = [...after].filter(([id, at]) => {
    const was = before.get(id);
    return was?.x !== at.x || was.y !== at.y;
  });
  const [first] = moved;
  return moved.length === 1 && first ? `Move ${boxWords(first[0])}` : `Move ${moved.length} boxes`;
}

/** `Pod web` for an object's key; `the load balancer of kuard`, `iptables of node-1` for a place without one. */
function boxWords(id: string): string {
  if (/^[A-Z]/.test(id)) return keyWords(id);
  const [place = "", first = "", second = ""] = id.split("/");
  if (place === "elb") return `the load balancer of ${second}`;
  if (place === "node" && second) return `${second} of ${first}`;
  return first ? `the ${place} ${first}` : id;
}
