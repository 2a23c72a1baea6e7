import { useMemo, useRef } from "react";
import { useCompare } from "../../stores/compare";
import { describeError } from "../../stores/session";
import type { ComparedRun, CompareRequest } from "../../worker/what-if-protocol";
import { clockText } from "../parts/describe";
import { useIsNarrow } from "../parts/use-is-narrow";
import { align, linesOf } from "./align";
import { Outcomes } from "./Outcomes";
import { RunSummary } from "./RunSummary";
import { SideBySide, Stacked } from "./Sides";

/** Narrower than this a line of two runs is told one below the other. */
const TWO_COLUMNS_PX = 520;

/** Both runs' hops side by side, and where each could have ended. */
export function Comparison() {
  const { report, request, change } = useCompare();
  if (!report || !request)
    return (
      <p className="empty">
        Choose one change: the same request is sent with and without it, on copies of the run. What
        happened so far stays as it is.
      </p>
    );
  if (!report.ok)
    return (
      <div className="empty" role="alert">
        <p>The change is refused, so there is nothing to compare:</p>
        <ul>
          {report.errors.map((error) => (
            <li key={describeError(error)}>{describeError(error)}</li>
          ))}
        </ul>
      </div>
    );
  const { without, changed } = report;
  return (
    <div className="comparison">
      <Sides without={without} changed={changed} change={change} about={aboutText(request)} />
      <Outcomes without={without.outcomes} changed={changed.outcomes} />
    </div>
  );
}

function aboutText({ from, to, atUs, afterUs }: CompareRequest): string {
  const when = afterUs > 0 ? `, sent ${afterUs / 1_000_000} s after the change` : "";
  return `${from} to ${to}, from ${clockText(atUs)}${when}`;
}

interface SidesProps {
  readonly about: string;
  readonly without: ComparedRun;
  readonly changed: ComparedRun;
  readonly change: string;
}

function Sides({ without, changed, change, about }: SidesProps) {
  const box = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow(box, TWO_COLUMNS_PX);
  const rows = useMemo(() => align(runLines(without), runLines(changed)), [without, changed]);
  const count = rows.filter(({ kind }) => kind !== "same").length;
  const Hops = isNarrow ? Stacked : SideBySide;
  return (
    <div className="compare-sides" ref={box}>
      <p role="status">
        <strong>
          {count === 0 ? "No hop is different." : `${count} of ${rows.length} lines differ.`}
        </strong>{" "}
        <span className="muted">{about}</span>
      </p>
      <div className="run-summaries">
        <RunSummary which="without" title="Without the change" run={without} />
        <RunSummary which="changed" title={`With ${change}`} run={changed} />
      </div>
      <Hops rows={rows} change={change} />
    </div>
  );
}

function runLines({ sent }: ComparedRun): readonly string[] {
  if (!sent.ok) return [`not sent: ${sent.error}`];
  const { verdict } = sent.journey;
  const end =
    verdict.kind === "delivered"
      ? []
      : [`${verdict.kind}${verdict.reason ? `: ${verdict.reason}` : ""}`];
  return [...linesOf(sent.journey), ...end];
}
