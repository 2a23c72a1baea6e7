import { diffArrays } from "diff";
import type { AlignedRow } from "./align";

interface HopsProps {
  readonly rows: readonly AlignedRow[];
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

export function SideBySide({ rows }: HopsProps) {
  return (
    <table className="data compare-hops" aria-label="Hops side by side">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Difference</span>
          </th>
          <th scope="col">Without the change</th>
          <th scope="col">With the change</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same line may come twice
          <tr key={index} className={row.kind}>
            <td>
              <span aria-hidden="true">{MARKS[row.kind]}</span>
              <span className="visually-hidden">{MARK_WORDS[row.kind]}</span>
            </td>
            <td className="mono wrap">
              <Line row={row} side="left" />
            </td>
            <td className="mono wrap">
              <Line row={row} side="right" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One column: what is the same once, what is not one line below the other. */
export function Stacked({ rows, change }: HopsProps) {
  return (
    <ol className="compare-stacked mono" aria-label="Hops one below the other">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same line may come twice
        <li key={index} className={row.kind}>
          {row.kind === "same" ? (
            row.left
          ) : (
            <>
              {row.left !== undefined && (
                <p className="removed">
                  <span aria-hidden="true">− </span>
                  <span className="visually-hidden">Without the change: </span>
                  <Line row={row} side="left" />
                </p>
              )}
              {row.right !== undefined && (
                <p className="added">
                  <span aria-hidden="true">+ </span>
                  <span className="visually-hidden">With {change}: </span>
                  <Line row={row} side="right" />
                </p>
              )}
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

/** A line, and within it what the other run has not. */
function Line({ row, side }: { readonly row: AlignedRow; readonly side: "left" | "right" }) {
  const { kind, left, right } = row;
  if (kind !== "different" || left === undefined || right === undefined) return row[side];
  const isOthers = side === "left" ? "added" : "removed";
  return diffArrays(wordsOf(left), wordsOf(right))
    .filter((part) => !part[isOthers])
    .map(({ value, added, removed }, index) =>
      added || removed ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line are known by where they stand
        <mark key={index}>{value.join("")}</mark>
      ) : (
        value.join("")
      ),
    );
}

/** Addresses stay whole, apart from their ports. */
function wordsOf(line: string): string[] {
  return line.split(/(\s+|:)/);
}
