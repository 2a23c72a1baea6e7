import {
  first,
  last,
  SPEEDS,
  type Speed,
  setSpeed,
  step,
  togglePlaying,
  usePlayback,
} from "../../stores/playback";
import { Icon } from "../parts/Icon";

export function Transport() {
  const playing = usePlayback((state) => state.playing);
  const speed = usePlayback((state) => state.speed);
  const atStart = usePlayback((state) => state.index <= 0);
  const atEnd = usePlayback((state) => state.index >= state.hops.length - 1);
  return (
    <fieldset className="transport" aria-label="Playback">
      <button
        type="button"
        className="button icon"
        aria-label="First hop"
        title="First hop (Home)"
        disabled={atStart}
        onClick={first}
      >
        <Icon name="first" />
      </button>
      <button
        type="button"
        className="button"
        aria-label="Previous hop"
        title="One hop back (←)"
        disabled={atStart}
        onClick={() => step(-1)}
      >
        <Icon name="back" size={12} />
        <span className="word">hop</span>
      </button>
      <button
        type="button"
        className="button primary play"
        title="Play or pause (Space)"
        onClick={togglePlaying}
      >
        <Icon name={playing ? "pause" : "play"} size={13} />
        {playing ? "Pause" : "Play"}
      </button>
      <button
        type="button"
        className="button"
        aria-label="Next hop"
        title="One hop on (→)"
        disabled={atEnd}
        onClick={() => step(1)}
      >
        <span className="word">hop</span>
        <Icon name="forward" size={12} />
      </button>
      <button
        type="button"
        className="button icon"
        aria-label="Last hop"
        title="Last hop (End)"
        disabled={atEnd}
        onClick={last}
      >
        <Icon name="last" />
      </button>
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
