import { useEdit } from "../../stores/edit";

/** Marks the pods that a selector being typed matches, on the canvas and in the list, by their keys. */
export function MatchingMarks() {
  const matching = useEdit((state) => state.matching);
  if (matching.length === 0) return null;
  const each = (selector: (key: string) => string) => matching.map(selector).join(",");
  const boxes = each((key) => `.react-flow__node[data-id="${CSS.escape(key)}"] .cv-pod`);
  const rows = each((key) => `tr[data-key="${CSS.escape(key)}"]`);
  return (
    <style>
      {`${boxes}{outline:3px dashed var(--service);outline-offset:2px}${rows}{box-shadow:inset 3px 0 var(--service)}`}
    </style>
  );
}
