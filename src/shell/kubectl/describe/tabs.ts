/** Aligns cells that end with a tab, as Go's text/tabwriter does with a padding of 2: a column reaches over the lines that
 *  follow each other and have a cell in it. */
export function alignTabs(text: string): string {
  const ends = text.endsWith("\n");
  const lines = (ends ? text.slice(0, -1) : text).split("\n").map((line) => line.split("\t"));
  const out: string[] = [];
  format(lines, 0, lines.length, [], out);
  return out.join("\n") + (ends ? "\n" : "");
}

const PADDING = 2;

/** Source: text/tabwriter, Writer.format. */
function format(
  lines: readonly (readonly string[])[],
  from: number,
  to: number,
  widths: readonly number[],
  out: string[],
): void {
  const column = widths.length;
  const hasCell = (at: number) => column < (lines[at]?.length ?? 0) - 1;
  let written = from;
  for (let at = from; at < to; at++) {
    if (!hasCell(at)) continue;
    write(lines.slice(written, at), widths, out);
    let width = 0;
    let end = at;
    for (; end < to && hasCell(end); end++)
      width = Math.max(width, (lines[end]?.[column]?.length ?? 0) + PADDING);
    format(lines, at, end, [...widths, width], out);
    written = end;
    at = end - 1;
  }
  write(lines.slice(written, to), widths, out);
}

function write(
  lines: readonly (readonly string[])[],
  widths: readonly number[],
  out: string[],
): void {
  for (const cells of lines)
    out.push(cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(""));
}
