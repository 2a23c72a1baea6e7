import { failure } from "../failure";
import { follow, parseSteps, textOf } from "./jsonpath";

/** Rows under each other. A column is as wide as its longest cell and the padding; the last one is not padded.
 *  Source: k8s.io/cli-runtime/pkg/printers, GetNewTabWriter: minimum 6, padding 3. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  widths: readonly number[] = columnWidths(rows),
): string {
  return rows
    .map((row) => {
      const cells = row.map((cell, index) =>
        index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0),
      );
      return `${cells.join("")}\n`;
    })
    .join("");
}

export function columnWidths(
  rows: readonly (readonly string[])[],
  before: readonly number[] = [],
): readonly number[] {
  const widths = [...before];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 6, cell.length + 3);
  return widths;
}

export interface CustomColumn {
  readonly header: string;
  readonly print: (object: unknown) => string;
}

/** `NAME:.metadata.name,IP:.status.podIP` */
export function parseCustomColumns(spec: string): readonly CustomColumn[] {
  if (spec === "") throw failure("custom-columns format specified but no custom columns given");
  return spec.split(",").map((part) => {
    const colon = part.indexOf(":");
    if (colon < 0)
      throw failure(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    const path = part
      .slice(colon + 1)
      .trim()
      .replace(/^\{(.*)\}$/, "$1");
    const steps = parseSteps(path);
    return {
      header: part.slice(0, colon),
      print: (object) => {
        const found = follow(object, steps).filter(
          (value) => value !== undefined && value !== null,
        );
        return found.length === 0 ? "<none>" : found.map(goText).join(",");
      },
    };
  });
}

/** As Go's `%v` writes maps and lists. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (typeof value !== "object" || value === null) return textOf(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${pairs.map(([key, item]) => `${key}:${goText(item)}`).join(" ")}]`;
}
