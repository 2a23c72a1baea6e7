import { setLaser, usePresent } from "../../stores/present";
import { followPointer } from "./pointer";

/** A shorter press switches the laser pointer; a longer one shows it as long as it lasts. */
const SHORT_MS = 350;

/** L, held or pressed. `isForText` says which keys are somebody's typing. */
export function startLaserKey(isForText: (event: KeyboardEvent) => boolean): void {
  followPointer();
  let pressedAtMs: number | undefined;
  let wasOn = false;

  const isLaserKey = (event: KeyboardEvent) => event.key === "l" || event.key === "L";
  window.addEventListener("keydown", (event) => {
    if (!isLaserKey(event) || event.repeat || event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (isForText(event) || document.querySelector("dialog[open]")) return;
    pressedAtMs = event.timeStamp;
    wasOn = usePresent.getState().laser;
    setLaser(true);
  });
  window.addEventListener("keyup", (event) => {
    if (!isLaserKey(event) || pressedAtMs === undefined) return;
    const isShort = event.timeStamp - pressedAtMs < SHORT_MS;
    pressedAtMs = undefined;
    setLaser(isShort ? !wasOn : false);
  });
  window.addEventListener("blur", () => {
    if (pressedAtMs === undefined) return;
    pressedAtMs = undefined;
    setLaser(false);
  });
}
