import { useEffect, useRef, useState } from "react";
import { compareFrom } from "../../stores/compare";
import { jumpTo, type Step, useEditHistory } from "../../stores/edit-history";
import { useSession } from "../../stores/session";
import { stepId } from "../actions/history";
import { CommandLine } from "../edit/CommandLine";
import { clockText } from "../parts/describe";
import { ScrollBox } from "../parts/ScrollBox";
import { Effects } from "./Effects";
import "./history.css";

/** Every action: edits, moves on the canvas, settings of the view. A press goes to just after it. */
export default function HistoryTab() {
  const { done, undone } = useEditHistory();
  const busy = useSession((state) => state.busy !== "");
  const list = useRef<HTMLOListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is the current one
  useEffect(() => {
    list.current?.querySelector('[aria-current="step"]')?.scrollIntoView({ block: "nearest" });
  }, [done.length]);
  const steps = [...done, ...undone];
  if (steps.length === 0)
    return (
      <p className="empty">Nothing was changed yet. What you do is listed here, to go back to.</p>
    );
  const row = (index: number, text: string, step?: Step) => (
    <HistoryRow
      key={`${index} ${text}`}
      position={index}
      text={text}
      step={step}
      isCurrent={index === done.length}
      isUndone={index > done.length}
      disabled={busy}
    />
  );
  return (
    <ScrollBox label="History" className="history">
      <ol aria-label="History of actions" ref={list}>
        {row(0, "As it was opened")}
        {steps.map((step, index) => row(index + 1, step.text, step))}
      </ol>
    </ScrollBox>
  );
}

interface HistoryRowProps {
  readonly position: number;
  readonly text: string;
  readonly step: Step | undefined;
  readonly isCurrent: boolean;
  readonly isUndone: boolean;
  readonly disabled: boolean;
}

type Detail = "kubectl" | "effects";

function HistoryRow({ position, text, step, isCurrent, isUndone, disabled }: HistoryRowProps) {
  const [shown, setShown] = useState<Detail>();
  const toggle = (detail: Detail) => setShown(shown === detail ? undefined : detail);
  const edit = step?.kind === "edit" ? step : undefined;
  return (
    <li aria-current={isCurrent ? "step" : undefined} className={isUndone ? "undone" : undefined}>
      <div className="history-row">
        <button
          type="button"
          className="history-jump"
          data-action={stepId(position)}
          disabled={disabled}
          title={isCurrent ? "This is how it is" : `Go to just after: ${text}`}
          onClick={() => jumpTo(position)}
        >
          <span className="mono muted">{edit ? timeText(edit.atUs) : ""}</span>
          <span className="text">{text}</span>
          {isCurrent && <span className="badge ok">now</span>}
          {isUndone && <span className="badge">undone</span>}
        </button>
        {edit && (
          <span className="history-actions">
            <button
              type="button"
              className="button small"
              aria-expanded={shown === "kubectl"}
              aria-label={`kubectl for: ${text}`}
              onClick={() => toggle("kubectl")}
            >
              kubectl
            </button>
            {!isUndone && (
              <>
                <button
                  type="button"
                  className="button small"
                  aria-expanded={shown === "effects"}
                  aria-label={`Effects since: ${text}`}
                  title="What has come and gone since"
                  onClick={() => toggle("effects")}
                >
                  Effects
                </button>
                <button
                  type="button"
                  className="button small"
                  aria-label={`Compare from just before: ${text}`}
                  title="Try something else at that moment, on a copy"
                  onClick={() => compareFrom(Math.max(0, edit.atUs - 1))}
                >
                  Compare
                </button>
              </>
            )}
          </span>
        )}
      </div>
      {edit && shown === "kubectl" && <CommandLine command={edit.kubectl} />}
      {edit && shown === "effects" && <Effects sinceUs={Math.max(0, edit.atUs - 1)} />}
    </li>
  );
}

function timeText(atUs: number): string {
  return `t = ${clockText(atUs)}`;
}
