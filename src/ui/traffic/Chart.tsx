import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useShownTheme } from "../../stores/theme";
import type { Line } from "./series";

/** A moment at which something happened. */
export interface ChartMark {
  readonly seconds: number;
  readonly label?: string;
}

export interface ChartProps {
  readonly title: string;
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
  readonly marks: readonly ChartMark[];
  /** Names of colours of the theme; a line beyond them begins anew. */
  readonly colors: readonly string[];
}

const HEIGHT_PX = 108;
/** Lines in turn, so that they can be told apart without their colours. */
const STROKES: readonly {
  readonly style: "solid" | "dashed" | "dotted";
  readonly dash: number[];
}[] = [
  { style: "solid", dash: [] },
  { style: "dashed", dash: [7, 4] },
  { style: "dotted", dash: [2, 3] },
];

/** Lines over virtual time. What they say stands in tables beside them, for those who cannot see them. */
export function Chart({ title, seconds, lines, marks, colors }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = useShownTheme((state) => `${state.shown} ${state.forced}`);
  const names = lines.map(({ name }) => name).join("\n");
  const data = useRef<uPlot.AlignedData>([[]]);
  data.current = [[...seconds], ...lines.map(({ values }) => [...values])];
  const shownMarks = useRef(marks);
  shownMarks.current = marks;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `theme` changes what the colours' names stand for
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const chart = new uPlot(
      {
        ...optionsFor(element, names === "" ? [] : names.split("\n"), colors),
        hooks: { draw: [(plot) => drawMarks(plot, shownMarks.current, element)] },
      },
      data.current,
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT_PX });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [names, colors, theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the data is in the ref
  useEffect(() => {
    plot.current?.setData(data.current);
  }, [seconds, lines, marks]);

  return (
    <figure className="traffic-chart">
      <figcaption>{title}</figcaption>
      <div ref={box} aria-hidden="true" />
      <ul className="traffic-legend" aria-hidden="true">
        {lines.map(({ name }, index) => (
          <li key={name}>
            <span
              className="swatch"
              style={{ color: colorOf(index, colors), borderTopStyle: strokeOf(index)?.style }}
            />
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function colorOf(index: number, colors: readonly string[]): string {
  return `var(${colors[index % colors.length]})`;
}

function strokeOf(index: number) {
  return STROKES[index % STROKES.length];
}

function optionsFor(
  element: HTMLElement,
  names: readonly string[],
  colors: readonly string[],
): uPlot.Options {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: read("--muted"),
    grid: { stroke: read("--line"), width: 1 },
    ticks: { stroke: read("--line"), width: 1, size: 4 },
    font: `10px ${style.fontFamily}`,
    gap: 2,
  };
  return {
    width: element.clientWidth || 240,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, size: 24, values: (_, ticks) => ticks.map((seconds) => `${seconds}s`) },
      { ...axis, size: 34 },
    ],
    series: [
      {},
      ...names.map((label, index): uPlot.Series => {
        const color = read(colors[index % colors.length] ?? "--text");
        return {
          label,
          stroke: color,
          width: 1.75,
          points: { show: false },
          spanGaps: true,
          dash: strokeOf(index)?.dash ?? [],
        };
      }),
    ],
  };
}

const LABEL_PX = 14;

/** Thin lines; those with a label have it at the top. */
function drawMarks(plot: uPlot, marks: readonly ChartMark[], element: HTMLElement): void {
  const { ctx: context, bbox } = plot;
  const style = getComputedStyle(element);
  const ratio = devicePixelRatio;
  context.save();
  context.strokeStyle = style.getPropertyValue("--line-strong");
  context.fillStyle = style.getPropertyValue("--text");
  context.lineWidth = ratio;
  context.font = `${10 * ratio}px ${style.fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { seconds, label } of marks) {
    const x = Math.round(plot.valToPos(seconds, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const top = bbox.top + (label === undefined ? LABEL_PX * ratio : 0);
    context.setLineDash(label === undefined ? [2 * ratio, 3 * ratio] : []);
    context.beginPath();
    context.moveTo(x, label === undefined ? top : top + LABEL_PX * ratio);
    context.lineTo(x, bbox.top + bbox.height);
    context.stroke();
    if (label !== undefined) context.fillText(label, x, top);
  }
  context.restore();
}
