import { useMirror } from "../../stores/mirror";
import { backToNow, isUnderWay, play, usePlayback } from "../../stores/playback";
import { followRequest, skipToEnd } from "./follow-link";
import type { ScreenView } from "./screens";

/** Where in time the terminal is, and what its last line sent: the same links as in the output, for the keyboard. */
export function TerminalNote({ screen }: { readonly screen: ScreenView }) {
  const inPast = useMirror((state) => state.nowUs < state.horizonUs);
  return (
    <div className="terminal-note">
      {screen.status === "running" && screen.waits ? (
        <Waiting />
      ) : screen.cutOff ? (
        <span className="past">
          That was in the past: what came after it was cut off, and time goes on from here.
        </span>
      ) : (
        inPast && <Past />
      )}
      {screen.sent.map(({ journey, from, to }) => (
        <button
          key={journey}
          type="button"
          className="link"
          title={`${from} → ${to}`}
          onClick={() => void followRequest(journey)}
        >
          Follow request #{journey}
        </button>
      ))}
      {screen.tookUs > 0 && (
        <span>The last line took {tookText(screen.tookUs)} of virtual time</span>
      )}
      <span className="keys">
        <kbd>Esc</kbd> leaves the terminal · <kbd>Tab</kbd> completes · <kbd>Ctrl R</kbd> searches
      </span>
    </div>
  );
}

function Waiting() {
  const playing = usePlayback((state) => state.playing);
  const isFollowing = usePlayback(isUnderWay);
  if (isFollowing)
    return (
      <span className="waits">
        The command waits for the packet that is followed{!playing && ", which stands still"}.{" "}
        <button type="button" className="link" onClick={skipToEnd}>
          Skip to its end
        </button>{" "}
        (<kbd>Enter</kbd>)
      </span>
    );
  if (playing) return <span className="waits">The command waits: virtual time passes for it</span>;
  return (
    <span className="waits">
      The command waits, and time stands still.{" "}
      <button type="button" className="link" onClick={play}>
        Let time pass
      </button>
    </span>
  );
}

function Past() {
  return (
    <span className="past">
      In the past: commands see this moment; what they change cuts off what came after.{" "}
      <button
        type="button"
        className="link"
        onClick={() => backToNow(useMirror.getState().horizonUs)}
      >
        Back to now
      </button>
    </span>
  );
}

function tookText(us: number): string {
  return us < 1_000_000 ? `${(us / 1_000).toFixed(1)} ms` : `${(us / 1_000_000).toFixed(2)} s`;
}
