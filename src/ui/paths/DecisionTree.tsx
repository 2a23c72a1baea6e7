import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { choose, type Predicted, usePaths } from "../../stores/paths";
import { percentText } from "../parts/describe";
import { type Row, rowsOf, treeOf } from "./tree";

/** The decisions on the way, by the ARIA tree pattern: arrows move, open and close; Enter marks on the canvas. */
export function DecisionTree({ prediction }: { prediction: Predicted }) {
  const { ways, from } = prediction;
  const tree = useMemo(() => treeOf(ways, from), [ways, from]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState("");
  const chosen = usePaths((state) => state.chosen);
  const list = useRef<HTMLDivElement>(null);
  const rows = rowsOf(tree, closed);
  const active = rows.some(({ branch }) => branch.id === current) ? current : tree.id;

  function focus(id: string): void {
    setCurrent(id);
    const index = rows.findIndex(({ branch }) => branch.id === id);
    list.current?.querySelectorAll<HTMLElement>("[role=treeitem]")[index]?.focus();
  }

  function setOpen(id: string, open: boolean): void {
    const next = new Set(closed);
    if (open) next.delete(id);
    else next.add(id);
    setClosed(next);
  }

  function onKeyDown(event: KeyboardEvent, row: Row): void {
    const { branch, parent } = row;
    const at = rows.indexOf(row);
    const isOpen = branch.branches.length > 0 && !closed.has(branch.id);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focus(rows[at + 1]?.branch.id ?? branch.id),
      ArrowUp: () => focus(rows[at - 1]?.branch.id ?? branch.id),
      Home: () => focus(tree.id),
      End: () => focus(rows.at(-1)?.branch.id ?? branch.id),
      ArrowRight: () =>
        isOpen ? focus(branch.branches[0]?.id ?? branch.id) : setOpen(branch.id, true),
      ArrowLeft: () => (isOpen ? setOpen(branch.id, false) : focus(parent ?? branch.id)),
      Enter: () => choose(branch.ways),
      " ": () => choose(branch.ways),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }

  return (
    <div className="decision-tree" role="tree" aria-label="Tree of decisions" ref={list}>
      {rows.map((row) => {
        const { branch, level, position, count } = row;
        const {
          id,
          label,
          decides,
          end,
          probability,
          share,
          ways: through,
          failed,
          why,
          branches,
        } = branch;
        return (
          <div
            key={id}
            role="treeitem"
            aria-level={level}
            aria-posinset={position}
            aria-setsize={count}
            aria-selected={isChosen(through, chosen)}
            {...(branches.length > 0 && { "aria-expanded": !closed.has(id) })}
            tabIndex={id === active ? 0 : -1}
            className={failed ? "failed" : undefined}
            style={{ paddingLeft: `${(level - 1) * 18 + 6}px` }}
            onClick={() => {
              setCurrent(id);
              choose(through);
            }}
            onDoubleClick={() => setOpen(id, closed.has(id))}
            onKeyDown={(event) => onKeyDown(event, row)}
          >
            <span className="twig" aria-hidden="true">
              {branches.length === 0 ? "" : closed.has(id) ? "▸" : "▾"}
            </span>
            <span className="mono">{label}</span>
            {decides && <span className="muted"> {decides}?</span>}
            {end && <span className="muted"> {end}</span>}
            {why && (
              <span className="way-why" title={why.cause}>
                {" "}
                {why.title}
              </span>
            )}
            <span className="odds">
              {share < 1 - 1e-9 && Math.abs(share - probability) > 1e-9 && (
                <span className="muted">{percentText(share)} of these · </span>
              )}
              {percentText(probability)}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function isChosen(ways: readonly number[], chosen: ReadonlySet<number>): boolean {
  return chosen.size > 0 && ways.length === chosen.size && ways.every((way) => chosen.has(way));
}
