import { memo } from "react";
import type { Pod } from "../../core/api/types";
import { keyOf } from "../../stores/related";
import { rectOf } from "./anchors";
import type { Layout } from "./layout";
import { type PodStatus, podStatus } from "./podStatus";

/** The symbols of podStatus, drawn about a centre: a form for each status, so that colour only repeats it. */
const FORMS: Readonly<Record<PodStatus["symbol"], (x: number, y: number) => string>> = {
  "●": (x, y) => disc(x, y, 15),
  "○": (x, y) => disc(x, y, 15) + disc(x, y, 9),
  "◌": (x, y) => disc(x - 9, y, 5) + disc(x + 9, y, 5) + disc(x, y - 9, 5) + disc(x, y + 9, 5),
  "✕": (x, y) => cross(x, y),
  "✓": (x, y) => `M${x - 14} ${y}l5-5 7 7 13-15 5 5-18 20z`,
};

interface PodDotsProps {
  readonly pods: readonly Pod[];
  readonly layout: Layout;
}

/** Pods from afar: only their symbols, and one path for all pods of a kind, however many there are. Nearer they lie under
 *  the pods, and show where one is not mounted yet. */
export const PodDots = memo(function PodDots({ pods, layout }: PodDotsProps) {
  const paths = new Map<string, string>();
  for (const pod of pods) {
    const rect = rectOf(layout, keyOf(pod));
    if (!rect) continue;
    const { symbol, tone } = podStatus(pod);
    const form = FORMS[symbol](rect.x + rect.width / 2, rect.y + rect.height / 2);
    paths.set(tone, (paths.get(tone) ?? "") + form);
  }
  return (
    <svg className="cv-wires cv-dots" width="1" height="1" aria-hidden="true">
      {[...paths].map(([tone, path]) => (
        <path key={tone} className={`cv-${tone}`} fillRule="evenodd" d={path} />
      ))}
    </svg>
  );
});

function disc(x: number, y: number, radius: number): string {
  const across = 2 * radius;
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${across} 0a${radius} ${radius} 0 1 0 ${-across} 0z`;
}

function cross(x: number, y: number): string {
  return `M${x - 15} ${y - 11}l4-4 11 11 11-11 4 4-11 11 11 11-4 4-11-11-11 11-4-4 11-11z`;
}
