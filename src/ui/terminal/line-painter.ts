/** What xterm draws two columns wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
const COLOURS = new RegExp(`${"\x1b"}\\[[0-9;]*m`, "g");

interface Drawn {
  /** Without colours. */
  readonly prompt: string;
  readonly text: string;
  readonly cursor: number;
}

const NOTHING: Drawn = { prompt: "", text: "", cursor: 0 };

/** Draws the line that is edited over itself, whatever the terminal's width has become. */
export class LinePainter {
  #drawn = NOTHING;

  /** The escape sequences that draw it. */
  draw(prompt: string, text: string, cursor: number, columns: number): string {
    const erased = this.erase(columns);
    const plain = prompt.replace(COLOURS, "");
    this.#drawn = { prompt: plain, text, cursor };
    const end = positionOf(plain + text, columns);
    const at = positionOf(plain + text.slice(0, cursor), columns);
    // A full row leaves the cursor on its last column until something follows.
    const wrap = end.column === 0 && text !== "" && !text.endsWith("\n") ? "\r\n" : "";
    const up = end.row - at.row;
    return [
      erased,
      prompt,
      text.replaceAll("\n", "\r\n"),
      wrap,
      up > 0 ? `\x1b[${up}A` : "",
      "\r",
      at.column > 0 ? `\x1b[${at.column}C` : "",
    ].join("");
  }

  erase(columns: number): string {
    const { prompt, text, cursor } = this.#drawn;
    const { row } = positionOf(prompt + text.slice(0, cursor), columns);
    this.#drawn = NOTHING;
    return `${row > 0 ? `\x1b[${row}A` : ""}\r\x1b[J`;
  }

  /** Leaves the line as it stands, with the cursor on the row after it. */
  finish(columns: number): string {
    const { prompt, text, cursor } = this.#drawn;
    const down =
      positionOf(prompt + text, columns).row -
      positionOf(prompt + text.slice(0, cursor), columns).row;
    this.#drawn = NOTHING;
    return `${down > 0 ? `\x1b[${down}B` : ""}\r\n`;
  }
}

function positionOf(
  text: string,
  columns: number,
): { readonly row: number; readonly column: number } {
  let [row, column] = [0, 0];
  for (const sign of text) {
    if (sign === "\n") {
      row++;
      column = 0;
      continue;
    }
    const width = WIDE.test(sign) ? 2 : 1;
    if (column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
  }
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}
