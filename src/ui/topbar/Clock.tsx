import { useMirror } from "../../stores/mirror";
import { usePlayback } from "../../stores/playback";
import { clockText } from "../parts/describe";

export function Clock() {
  const time = useMirror((state) => clockText(state.nowUs));
  const index = usePlayback((state) => state.index);
  const total = usePlayback((state) => state.hops.length);
  return (
    <p className="clock">
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
