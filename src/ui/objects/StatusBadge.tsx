import type { ObjectStatus } from "./object-status";

const MARKS = { ok: "✓", warn: "!", bad: "✕", plain: "" } as const;

export function StatusBadge({ status: { text, tone } }: { status: ObjectStatus }) {
  return (
    <span className={`badge ${tone}`}>
      {MARKS[tone] && <span aria-hidden="true">{MARKS[tone]}</span>}
      {text}
    </span>
  );
}
