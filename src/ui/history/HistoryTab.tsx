import { useState } from "react";
import { jumpTo, type Step, useEditHistory } from "../../stores/edit-history";
import { useSession } from "../../stores/session";
import { CommandLine } from "../edit/CommandLine";
import { ScrollBox } from "../parts/ScrollBox";
import "./history.css";

/** Every action, edits and canvas moves; a press goes to just after it. */
export default function HistoryTab() {
  const { done, undone } = useEditHistory();
  const busy = useSession((state) => state.busy !== "");
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
      <ol aria-label="History of actions">
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

function HistoryRow({ position, text, step, isCurrent, isUndone, disabled }: HistoryRowProps) {
  const [open, setOpen] = useState(false);
  const isEdit = step?.kind === "edit";
  return (
    <li aria-current={isCurrent ? "step" : undefined} className={isUndone ? "undone" : undefined}>
      <div className="history-row">
        <button
          type="button"
          className="history-jump"
          disabled={disabled}
          onClick={() => jumpTo(position)}
        >
          <span className="mono muted">{isEdit ? secondsText(step.atUs) : ""}</span>
          <span className="text">{text}</span>
          {isCurrent && <span className="badge ok">now</span>}
          {isUndone && <span className="badge">undone</span>}
        </button>
        {isEdit && (
          <button
            type="button"
            className="button small"
            aria-expanded={open}
            aria-label={`kubectl for: ${text}`}
            onClick={() => setOpen(!open)}
          >
            kubectl
          </button>
        )}
      </div>
      {open && isEdit && <CommandLine command={step.kubectl} />}
    </li>
  );
}

function secondsText(atUs: number): string {
  return `t = ${(atUs / 1_000_000).toFixed(1)} s`;
}
