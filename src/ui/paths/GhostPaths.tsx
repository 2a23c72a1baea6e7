import { useMemo } from "react";
import { usePaths } from "../../stores/paths";
import type { Layout } from "../canvas/layout";
import { ghostsOf } from "./ghosts";
import "./ghosts.css";

/** The ways of the latest prediction, under the things on the canvas: the likelier, the thicker. */
export default function GhostPaths({ layout }: { layout: Layout }) {
  const shown = usePaths((state) => state.shown);
  const prediction = usePaths((state) => state.prediction);
  const chosen = usePaths((state) => state.chosen);
  const ghosts = useMemo(
    () => (shown && prediction?.ok ? ghostsOf(prediction.ways, chosen, layout) : []),
    [shown, prediction, chosen, layout],
  );
  if (ghosts.length === 0) return null;
  return (
    <svg className="ghosts" aria-hidden="true">
      {ghosts.map(({ id, path, probability, chosen: marked }) => (
        <path
          key={id}
          d={path}
          className={marked > 0 ? "chosen" : undefined}
          strokeWidth={1.5 + 3.5 * probability}
          opacity={marked > 0 ? 0.7 : (chosen.size > 0 ? 0.15 : 0.3) + 0.3 * probability}
        />
      ))}
    </svg>
  );
}
