import { memo, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { jump, usePlayback } from "../../stores/playback";
import { showInspector } from "../../stores/view";
import { clockText } from "../parts/describe";
import { NoTimeline } from "./NoTimeline";
import {
  LABELS_PX,
  layOutTimeline,
  type TimelineLayout,
  type TimelinePoint,
} from "./timeline-layout";
import "./timeline.css";

/** The followed packet's way through the machines. Its text alternative is the list Hops. */
export default function Timeline() {
  const hops = usePlayback((state) => state.hops);
  const index = usePlayback((state) => state.index);
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const layout = useMemo(() => layOutTimeline(hops, size), [hops, size]);
  const playheadX = layout.points[index]?.x;
  useEffect(() => {
    keepInView(box.current, playheadX);
  }, [playheadX]);

  function seekTo(event: PointerEvent<HTMLElement>) {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const nearest = nearestPoint(layout.points, x);
    if (nearest !== index) jump(nearest);
  }

  return (
    <div className="timeline" ref={box}>
      {hops.length === 0 ? (
        <NoTimeline />
      ) : (
        <>
          <div
            className="lane-names"
            style={{ width: LABELS_PX, height: layout.height }}
            aria-hidden="true"
          >
            {layout.lanes.map(({ name, y }) => (
              <span key={name} style={{ top: y }} title={name}>
                {name}
              </span>
            ))}
          </div>
          <div
            className="track"
            role="slider"
            tabIndex={0}
            aria-label="Timeline"
            aria-valuemin={1}
            aria-valuemax={hops.length}
            aria-valuenow={index + 1}
            aria-valuetext={hops[index]?.text}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              seekTo(event);
              showInspector("packet");
            }}
            onPointerMove={(event) => event.buttons === 1 && seekTo(event)}
          >
            <svg width={layout.width} height={layout.height} aria-hidden="true">
              <Lines layout={layout} />
              {playheadX !== undefined && (
                <line
                  className="playhead"
                  x1={playheadX}
                  x2={playheadX}
                  y1={2}
                  y2={layout.height}
                />
              )}
              {layout.points.map(({ x, y, hop }, position) => (
                <Dot
                  key={hop.index}
                  hop={hop}
                  x={x}
                  y={y}
                  title={`${position + 1}. ${hop.text} (${clockText(hop.atUs)})`}
                  state={position === index ? "current" : position > index ? "ahead" : ""}
                />
              ))}
              <Labels layout={layout} />
            </svg>
          </div>
        </>
      )}
    </div>
  );
}

interface DotProps extends TimelinePoint {
  readonly title: string;
  readonly state: "current" | "ahead" | "";
}

const Dot = memo(function Dot({ hop, x, y, title, state }: DotProps) {
  return (
    <circle className={`${hop.direction} ${state}`} cx={x} cy={y} r={state === "current" ? 7 : 4.5}>
      <title>{title}</title>
    </circle>
  );
});

const Lines = memo(function Lines({ layout }: { layout: TimelineLayout }) {
  return (
    <>
      {layout.lanes.map(({ name, y }) => (
        <line key={name} className="lane" x1={0} x2={layout.width} y1={y} y2={y} />
      ))}
      {layout.lines.map((line) => (
        <polyline
          key={line.points.at(-1)?.hop.index}
          className={line.direction}
          points={line.points.map(({ x, y }) => `${x},${y}`).join(" ")}
        />
      ))}
    </>
  );
});

const Labels = memo(function Labels({ layout }: { layout: TimelineLayout }) {
  return layout.labels.map(({ x, y, text, tone, anchor }) => (
    <text key={`${x} ${text}`} className={`label ${tone}`} x={x} y={y} textAnchor={anchor}>
      {text}
    </text>
  ));
});

function nearestPoint(points: readonly TimelinePoint[], x: number): number {
  let nearest = 0;
  points.forEach((point, position) => {
    if (Math.abs(point.x - x) < Math.abs((points[nearest]?.x ?? 0) - x)) nearest = position;
  });
  return nearest;
}

function keepInView(box: HTMLElement | null, x: number | undefined): void {
  if (!box || x === undefined) return;
  const margin = 90;
  const shown = box.clientWidth - LABELS_PX;
  if (x + margin > box.scrollLeft + shown) box.scrollLeft = x + margin - shown;
  else if (x - margin < box.scrollLeft) box.scrollLeft = Math.max(0, x - margin);
}

function useSize(box: { readonly current: HTMLElement | null }) {
  const [size, setSize] = useState({ widthPx: 800, heightPx: 180 });
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ widthPx: entry.contentRect.width, heightPx: entry.contentRect.height });
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return size;
}
