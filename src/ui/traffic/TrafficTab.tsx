import { useMemo } from "react";
import { type MirrorRecords, nodeRuntimesOf, useMirror } from "../../stores/mirror";
import { useTraffic } from "../../stores/traffic";
import type { OutcomeCount, Tally } from "../../worker/what-if-protocol";
import { lazyPart } from "../parts/lazy-part";
import { Episodes } from "./Episodes";
import { episodesOf } from "./episode";
import { LoadControls } from "./LoadControls";
import { type Failure, failureOf } from "./outcomes";
import { seriesOf, shortServer } from "./series";
import { TrafficTable } from "./TrafficTable";
import "./traffic.css";

const Charts = lazyPart(() => import("./Charts"), {
  waiting: <p className="empty">Loading the charts …</p>,
  failed: (error) => <p className="empty">Charts could not be loaded: {error.message}</p>,
});

/** What becomes of bursts and steady loads: who answered, what failed, how many rules it took. */
export default function TrafficTab() {
  const traffic = useTraffic((state) => state.traffic);
  return (
    <div className="traffic">
      <div className="traffic-phone">
        <LoadControls />
      </div>
      {traffic && traffic.tally.sent > 0 ? (
        <Counts tally={traffic.tally} />
      ) : (
        <p className="empty">
          Send a burst of 100 requests, or start a steady load and edit the cluster meanwhile: who
          answers and what fails is counted here.
        </p>
      )}
    </div>
  );
}

function Counts({ tally }: { tally: Tally }) {
  const nowUs = useMirror((state) => state.nowUs);
  const series = useMemo(() => seriesOf(tally, nowUs), [tally, nowUs]);
  const nodes = useMirror(nodesWithRules);
  const episodes = useMemo(() => episodesOf(tally, nodes.split(" ")), [tally, nodes]);
  return (
    <>
      <Summary tally={tally} />
      <Charts series={series} episodes={episodes} />
      <Episodes episodes={episodes} />
      <Outcomes tally={tally} />
      <TrafficTable series={series} />
    </>
  );
}

/** Names of the nodes that are on, separated by blanks. */
function nodesWithRules({ records }: { readonly records: MirrorRecords }): string {
  const up = nodeRuntimesOf(records).filter((runtime) => runtime.up);
  return up.map(({ node }) => node).join(" ");
}

function Summary({ tally }: { tally: Tally }) {
  const { sent, ended, outcomes } = tally;
  const sum = (failure: Failure | undefined) => countOf(outcomes, failure);
  return (
    <p className="traffic-summary" role="status">
      <strong>{sent} sent</strong>
      <span className="badge ok">{sum(undefined)} answered</span>
      <span className={sum("connection refused") > 0 ? "badge bad" : "badge"}>
        {sum("connection refused")} refused
      </span>
      {sum("no route to host") > 0 && (
        <span className="badge bad">{sum("no route to host")} no route to host</span>
      )}
      <span className={sum("timed out") > 0 ? "badge warn" : "badge"}>
        {sum("timed out")} timed out
      </span>
      {sum("not sent") > 0 && <span className="badge bad">{sum("not sent")} not sent</span>}
      {ended < sent && <span className="badge">{sent - ended} under way</span>}
    </p>
  );
}

function countOf(outcomes: readonly OutcomeCount[], failure: Failure | undefined): number {
  const alike = outcomes.filter((outcome) => failureOf(outcome) === failure);
  return alike.reduce((total, { count }) => total + count, 0);
}

function Outcomes({ tally }: { tally: Tally }) {
  const rows = [...tally.outcomes].sort((a, b) => b.count - a.count);
  return (
    <table className="data" aria-label="Outcomes of the load">
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">By</th>
          <th scope="col">Node</th>
          <th scope="col">Requests</th>
          <th scope="col">Share</th>
          <th scope="col">In words</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((outcome) => {
          const { verdict, reason, server, node, words, count } = outcome;
          const failure = failureOf(outcome);
          return (
            <tr key={`${verdict} ${reason} ${server} ${node} ${words}`}>
              <td>
                {failure ? `✕ ${failure}` : "answered"}
                {reason && `: ${reason}`}
              </td>
              <td className="mono">{server ? shortServer(server) : ""}</td>
              <td>{node ?? ""}</td>
              <td className="number">{count}</td>
              <td className="number">{((100 * count) / Math.max(1, tally.ended)).toFixed(1)} %</td>
              <td className="wrap">{words}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
