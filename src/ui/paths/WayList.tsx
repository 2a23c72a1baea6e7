import { choose, type Predicted, usePaths, watchWay } from "../../stores/paths";
import type { WayView } from "../../worker/what-if-protocol";
import { watchId } from "../actions/what-if";
import { percentText } from "../parts/describe";
import { Icon } from "../parts/Icon";
import { endText } from "./tree";

/** Every way, the likeliest first. */
export function WayList({ prediction }: { prediction: Predicted }) {
  const chosen = usePaths((state) => state.chosen);
  return (
    <table className="data ways" aria-label="Ways the request could go">
      <thead>
        <tr>
          <th scope="col">Chance</th>
          <th scope="col">Decisions</th>
          <th scope="col">End</th>
          <th scope="col">
            <span className="visually-hidden">Watch</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {prediction.ways.map((way) => (
          <tr key={way.index} className={chosen.has(way.index) ? "current" : undefined}>
            <td className="number">{percentText(way.probability)}</td>
            <td className="wrap">
              <button
                type="button"
                className="link"
                aria-pressed={chosen.has(way.index)}
                title="Mark this way on the canvas"
                onClick={() => choose([way.index])}
              >
                {decisionsText(way)}
              </button>
            </td>
            <td className={way.server ? undefined : "bad"} title={way.verdict.explanation}>
              {endText(way)}
              {way.why && (
                <span className="way-why" title={way.why.cause}>
                  {way.why.title}
                </span>
              )}
            </td>
            <td>
              <button
                type="button"
                className="button small"
                data-action={watchId(way)}
                title="Play this way hop by hop. Nothing is sent."
                onClick={() => watchWay(way)}
              >
                <Icon name="play" size={11} /> Watch
                <span className="visually-hidden"> way {way.index + 1}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function decisionsText({ steps }: WayView): string {
  return steps.length === 0
    ? "nothing is left to chance"
    : steps.map(({ choice }) => choice).join(" → ");
}
