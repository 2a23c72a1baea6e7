import { showLarge } from "../../stores/compare";
import { followJourney } from "../../stores/playback";
import type { ComparedRun } from "../../worker/what-if-protocol";

interface RunSummaryProps {
  readonly title: string;
  readonly run: ComparedRun;
}

/** How one of the two runs ended, and the way to watch it; it is not part of the session's run. */
export function RunSummary({ title, run }: RunSummaryProps) {
  const { sent, outcomes } = run;
  if (!sent.ok)
    return (
      <div className="run-summary">
        <strong>{title}</strong> <span className="badge bad">✕ not sent</span>
      </div>
    );
  const { journey } = sent;
  const { verdict, server, serverSeesSrcIp } = journey;
  const way = outcomes.ok
    ? outcomes.ways.find((one) => one.server === server && one.verdict === verdict.kind)
    : undefined;
  const isDelivered = verdict.kind === "delivered";
  return (
    <div className="run-summary">
      <strong>{title}</strong>{" "}
      <span className={`badge ${isDelivered ? "ok" : "bad"}`}>
        {isDelivered ? "✓" : "✕"} {verdict.kind}
      </span>{" "}
      <button
        type="button"
        className="button small"
        onClick={() => {
          showLarge(false);
          followJourney({ ...journey, id: -1, possibility: way?.probability ?? 1 });
        }}
      >
        Watch
      </button>
      <p className="mono">
        {isDelivered
          ? `${server ?? ""} sees ${serverSeesSrcIp ?? "no source"}`
          : verdict.explanation}
      </p>
    </div>
  );
}
