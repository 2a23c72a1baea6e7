import type { Verdict as VerdictValue } from "../../core/trace/verdict";
import { placeText } from "../parts/describe";

const WORDS = { delivered: "✓ delivered", refused: "✕ refused", dropped: "✕ dropped" } as const;

export function Verdict({ verdict }: { verdict: VerdictValue }) {
  return (
    <p className={`verdict ${verdict.kind}`}>
      <strong>{WORDS[verdict.kind]}</strong>
      {verdict.reason && <code>{verdict.reason}</code>}
      <span>{verdict.explanation}</span>
      <span className="muted">at {placeText(verdict.place)}</span>
    </p>
  );
}
