import { watchRun } from "../../stores/compare";
import type { ComparedRun } from "../../worker/what-if-protocol";
import { watchRunId } from "../actions/what-if";

interface RunSummaryProps {
  readonly which: "without" | "changed";
  readonly title: string;
  readonly run: ComparedRun;
}

/** How one of the two runs ended, and the way to watch it; it is not part of the session's run. */
export function RunSummary({ which, title, run }: RunSummaryProps) {
  const { sent } = run;
  if (!sent.ok)
    return (
      <div className="run-summary">
        <strong>{title}</strong> <span className="badge bad">✕ not sent</span>
      </div>
    );
  const { verdict, server, serverSeesSrcIp } = sent.journey;
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
        data-action={watchRunId(which)}
        onClick={() => watchRun(run)}
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
