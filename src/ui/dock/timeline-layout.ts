import type { HopView } from "../../worker/protocol";
import { packetTag } from "../canvas/packetTag";
import { beginsAnew } from "../parts/beginnings";

export const STEP_PX = 46;
/** The column of lane names, left of the drawing. */
export const LABELS_PX = 118;
const LEFT_PX = 16;
const LANE_MIN_PX = 20;
const LANE_MAX_PX = 30;
const TOP_PX = 24;
const BOTTOM_PX = 20;
/** Room for the last hop's label. */
const RIGHT_PX = 96;

export interface TimelinePoint {
  readonly x: number;
  readonly y: number;
  readonly hop: HopView;
}

export interface TimelineLabel {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly tone: "dnat" | "snat" | "ok" | "bad";
  readonly anchor: "start" | "end";
}

export interface TimelineLayout {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly { readonly name: string; readonly y: number }[];
  readonly points: readonly TimelinePoint[];
  /** Runs of points in one direction, each starting where the one before ended. */
  readonly lines: readonly {
    readonly direction: HopView["direction"];
    readonly points: readonly TimelinePoint[];
  }[];
  readonly labels: readonly TimelineLabel[];
}

/** One lane per node in order of first appearance, one column per hop. Larger than the box when it must be. */
export function layOutTimeline(
  hops: readonly HopView[],
  box: { readonly widthPx: number; readonly heightPx: number },
): TimelineLayout {
  const names = [...new Set(hops.map((hop) => hop.node))];
  const gaps = Math.max(1, hops.length - 1);
  const stepPx = Math.max(
    STEP_PX,
    Math.min(90, (box.widthPx - LABELS_PX - LEFT_PX - RIGHT_PX) / gaps),
  );
  const roomPx = (box.heightPx - TOP_PX - BOTTOM_PX) / Math.max(1, names.length - 1);
  const lanePx = Math.max(LANE_MIN_PX, Math.min(LANE_MAX_PX, roomPx));
  const lanes = names.map((name, position) => ({ name, y: TOP_PX + position * lanePx }));
  const points = hops.map((hop, position) => ({
    hop,
    x: LEFT_PX + position * stepPx,
    y: TOP_PX + names.indexOf(hop.node) * lanePx,
  }));
  return {
    width: Math.max(
      box.widthPx - LABELS_PX,
      LEFT_PX + Math.max(0, hops.length - 1) * stepPx + RIGHT_PX,
    ),
    height: TOP_PX + (names.length - 1) * lanePx + BOTTOM_PX,
    lanes,
    points,
    lines: linesOf(points),
    labels: points.flatMap(labelOf),
  };
}

function linesOf(points: readonly TimelinePoint[]): TimelineLayout["lines"] {
  const lines: { direction: HopView["direction"]; points: TimelinePoint[] }[] = [];
  for (const point of points) {
    const line = lines.at(-1);
    const before = line?.points.at(-1);
    if (before && before.y !== point.y && beginsAnew(point.hop, before.hop))
      lines.push({ direction: point.hop.direction, points: [point] });
    else if (line?.direction === point.hop.direction) line.points.push(point);
    else lines.push({ direction: point.hop.direction, points: before ? [before, point] : [point] });
  }
  return lines;
}

function labelOf({ x, y, hop }: TimelinePoint): readonly TimelineLabel[] {
  const { kind, verdict } = hop;
  const place = { x, y: y - 10, anchor: "start" } as const;
  if (verdict && verdict.kind !== "delivered") {
    return [{ ...place, text: `✕ ${verdict.kind}`, tone: "bad" }];
  }
  const [src, dst] = packetTag(hop).fields;
  const changed = dst.change ? dst : src.change ? src : undefined;
  if (changed?.change) {
    const { nat, symbol } = changed.change;
    const tone = nat.endsWith("DNAT") ? "dnat" : "snat";
    // Masquerade follows DNAT closely: one above the line, one below it.
    const labelY = tone === "dnat" ? y - 10 : y + 18;
    return [{ ...place, y: labelY, text: `${nat} ${symbol} ${changed.value}`, tone }];
  }
  if (kind === "delivered" && (hop.role === "RST" || hop.role === "ICMP"))
    return [{ ...place, x: x + 8, text: `✕ ${hop.role}`, tone: "bad" }];
  if (kind === "delivered") return [{ ...place, x: x + 8, text: "✓", tone: "ok" }];
  return [];
}
