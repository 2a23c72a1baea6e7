import { Chart } from "./Chart";
import type { TrafficSeries } from "./series";

const LINE_COLORS = ["--accent-text", "--packet", "--pod", "--service", "--ok", "--vpc"];
const FAILURE_COLORS = ["--bad", "--warn", "--muted"];
const RULE_COLORS = ["--dnat"];

/** A load over virtual time: who answered, what failed, how many rules it took. */
export default function Charts({ series }: { readonly series: TrafficSeries }) {
  const { seconds, servers, failures, nodes, rules } = series;
  return (
    <div className="traffic-charts">
      <Chart
        title="Answered per second, by pod"
        seconds={seconds}
        lines={servers}
        colors={LINE_COLORS}
      />
      <Chart
        title="Refused and unanswered per second"
        seconds={seconds}
        lines={failures}
        colors={FAILURE_COLORS}
      />
      <Chart
        title="Answered per second, by node"
        seconds={seconds}
        lines={nodes}
        colors={LINE_COLORS}
      />
      <Chart
        title="Rules tested per first packet"
        seconds={seconds}
        lines={rules}
        colors={RULE_COLORS}
      />
    </div>
  );
}
