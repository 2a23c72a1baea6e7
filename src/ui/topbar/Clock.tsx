import { useMirror } from "../../stores/mirror";
import { usePlayback } from "../../stores/playback";
import { clockText } from "../parts/describe";

export function Clock() {
  const time = useMirror((state) => clockText(state.nowUs));
  const past = useMirror((state) => state.nowUs < state.horizonUs);
  const index = usePlayback((state) => state.index);
  const total = usePlayback((state) => state.hops.length);
  return (
    <p
      className="clock"
      title={past ? "A moment in the past: what you change here starts another future" : undefined}
    >
      <span>t = {time}</span>
      {total > 0 && (
        <>
          <span className="dot"> · </span>
          <span>
            hop {index + 1} / {total}
          </span>
        </>
      )}
    </p>
  );
}
