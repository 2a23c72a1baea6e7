import { SPEEDS, type Speed, setSpeed, usePlayback } from "../../stores/playback";
import { ActionButton } from "../actions/ActionButton";
import { firstHop, lastHop, nextHop, previousHop, togglePlay } from "../actions/playback";
import { Icon } from "../parts/Icon";

export function Transport() {
  const playing = usePlayback((state) => state.playing);
  const speed = usePlayback((state) => state.speed);
  return (
    <fieldset className="transport" aria-label="Playback">
      <ActionButton action={firstHop} className="button icon" label="First hop">
        <Icon name="first" />
      </ActionButton>
      <ActionButton action={previousHop} label="Previous hop">
        <Icon name="back" size={12} />
        <span className="word">hop</span>
      </ActionButton>
      <ActionButton
        action={togglePlay}
        className="button primary play"
        hint="Play or pause (Space)"
      >
        <Icon name={playing ? "pause" : "play"} size={13} />
        {playing ? "Pause" : "Play"}
      </ActionButton>
      <ActionButton action={nextHop} label="Next hop">
        <span className="word">hop</span>
        <Icon name="forward" size={12} />
      </ActionButton>
      <ActionButton action={lastHop} className="button icon" label="Last hop">
        <Icon name="last" />
      </ActionButton>
      <select
        className="field"
        aria-label="Speed"
        title="Speed (+ and −)"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value) as Speed)}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </select>
    </fieldset>
  );
}
