import { useMemo } from "react";
import { Chart, type ChartMark } from "./Chart";
import type { Episode } from "./episode";
import type { TrafficSeries } from "./series";

const LINE_COLORS = ["--accent-text", "--packet", "--pod", "--service", "--ok", "--vpc"];
const FAILURE_COLORS = ["--bad", "--packet", "--warn", "--muted"];
const RULE_COLORS = ["--dnat"];

interface ChartsProps {
  readonly series: TrafficSeries;
  readonly episodes: readonly Episode[];
}

/** A load over virtual time: who answered, what failed, how many rules it took. */
export default function Charts({ series, episodes }: ChartsProps) {
  const { seconds, servers, failures, nodes, rules } = series;
  const marks = useMemo(() => marksOf(episodes), [episodes]);
  return (
    <div className="traffic-charts">
      <Chart
        title="Answered per second, by pod"
        seconds={seconds}
        marks={marks}
        lines={servers}
        colors={LINE_COLORS}
      />
      <Chart
        title="Failed per second"
        seconds={seconds}
        marks={marks}
        lines={failures}
        colors={FAILURE_COLORS}
      />
      <Chart
        title="Answered per second, by node"
        seconds={seconds}
        marks={marks}
        lines={nodes}
        colors={LINE_COLORS}
      />
      <Chart
        title="Rules tested per first packet"
        seconds={seconds}
        marks={marks}
        lines={rules}
        colors={RULE_COLORS}
      />
    </div>
  );
}

/** Every mark is a line; the first of an episode has its number. */
function marksOf(episodes: readonly Episode[]): readonly ChartMark[] {
  return episodes.flatMap(({ number, marks }) =>
    marks.map(({ atUs }, index) => ({
      seconds: atUs / 1_000_000,
      ...(index === 0 && { label: String(number) }),
    })),
  );
}
