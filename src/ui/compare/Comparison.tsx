import { useMemo } from "react";
import { useCompare } from "../../stores/compare";
import { followJourney } from "../../stores/playback";
import { describeError } from "../../stores/session";
import type { ComparedRun, CompareRequest } from "../../worker/what-if-protocol";
import { clockText } from "../parts/describe";
import { type AlignedRow, align, linesOf } from "./align";
import { Outcomes } from "./Outcomes";

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

const MARKS: Record<AlignedRow["kind"], string> = {
  same: "",
  different: "≠",
  removed: "−",
  added: "+",
};

const MARK_WORDS: Record<AlignedRow["kind"], string> = {
  same: "same",
  different: "different",
  removed: "only without the change",
  added: "only with the change",
};

function Sides({ without, changed, change, about }: SidesProps) {
  const rows = useMemo(() => align(runLines(without), runLines(changed)), [without, changed]);
  const count = rows.filter(({ kind }) => kind !== "same").length;
  return (
    <>
      <p role="status">
        <strong>
          {count === 0 ? "No hop is different." : `${count} of ${rows.length} lines differ.`}
        </strong>{" "}
        <span className="muted">{about}</span>
      </p>
      <table className="data compare-hops" aria-label="Hops side by side">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Difference</span>
            </th>
            <th scope="col">
              Without the change <WatchRun run={without} />
            </th>
            <th scope="col">
              With {change} <WatchRun run={changed} />
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, left, right }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may come twice
            <tr key={index} className={kind}>
              <td>
                <span aria-hidden="true">{MARKS[kind]}</span>
                <span className="visually-hidden">{MARK_WORDS[kind]}</span>
              </td>
              <td className="mono wrap">{left}</td>
              <td className="mono wrap">{right}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
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

/** Plays that run's hops; it is not part of the session's run. */
function WatchRun({ run }: { run: ComparedRun }) {
  const { sent, outcomes } = run;
  if (!sent.ok) return null;
  const { journey } = sent;
  const way = outcomes.ok
    ? outcomes.ways.find(
        ({ server, verdict }) => server === journey.server && verdict === journey.verdict.kind,
      )
    : undefined;
  return (
    <button
      type="button"
      className="button small"
      onClick={() => followJourney({ ...journey, id: -1, possibility: way?.probability ?? 1 })}
    >
      Watch
    </button>
  );
}
