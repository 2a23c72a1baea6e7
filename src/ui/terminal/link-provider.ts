import type { IBufferLine, ILink, ILinkProvider, Terminal } from "@xterm/xterm";
import { useMirror } from "../../stores/mirror";
import { type LinkTarget, linksIn } from "./links";

/** Links in the terminal's rows; a line that is wrapped is read as a whole. */
export function linkProvider(
  term: Terminal,
  onFollow: (target: LinkTarget) => void,
): ILinkProvider {
  return {
    provideLinks(row, callback) {
      const { first, text } = lineAt(term, row - 1);
      const { cols } = term;
      const links = linksIn(text, useMirror.getState().records).map(
        ({ from, to, target }): ILink => ({
          text: text.slice(from, to),
          range: { start: cellAt(first, from, cols), end: cellAt(first, to - 1, cols) },
          activate: () => onFollow(target),
        }),
      );
      callback(links.filter(({ range }) => range.start.y <= row && row <= range.end.y));
    },
  };
}

function lineAt(term: Terminal, row: number): { readonly first: number; readonly text: string } {
  const { active } = term.buffer;
  let first = row;
  while (first > 0 && active.getLine(first)?.isWrapped) first--;
  let text = textOf(active.getLine(first));
  for (let next = first + 1; active.getLine(next)?.isWrapped; next++)
    text += textOf(active.getLine(next));
  return { first, text: text.trimEnd() };
}

function textOf(line: IBufferLine | undefined): string {
  return line?.translateToString(false) ?? "";
}

/** 1-based, as xterm counts cells. */
function cellAt(first: number, offset: number, columns: number) {
  return { x: (offset % columns) + 1, y: first + Math.floor(offset / columns) + 1 };
}
