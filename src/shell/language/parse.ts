import { forEachChild, type ParsedScript, parse, type SyntaxNode } from "unbash";

/** Longer lines are refused: nobody types them, and links may carry them. */
const MAX_CHARACTERS = 100_000;

export type ParsedLine =
  | { readonly ok: true; readonly script: ParsedScript }
  /** In bash's words, without the shell's name. */
  | { readonly ok: false; readonly error: string };

export function parseScript(text: string): ParsedLine {
  if (text.length > MAX_CHARACTERS) return { ok: false, error: "line too long" };
  const script = parse(text);
  const error = script.errors?.[0];
  return error ? { ok: false, error: syntaxError(text, error) } : { ok: true, script };
}

/** Whether a shell would ask for another line: an open quote, an `if` without `fi`, a here-document without its end. */
export function needsMore(text: string): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  if (/(?:^|[^\\])(?:\\\\)*\\\n?$/.test(text)) return true;
  const script = parse(text);
  const end = text.trimEnd().length;
  const errors = script.errors ?? [];
  if (errors.length > 0)
    return errors.every(
      ({ message, pos }) =>
        message.startsWith("unterminated") || (message.startsWith("expected") && pos >= end),
    );
  return hasOpenHereDoc(script, 0);
}

function hasOpenHereDoc(node: SyntaxNode, depth: number): boolean {
  if (depth > 50) return false;
  if (node.type === "HereDoc" && !node.closing) return true;
  let open = false;
  forEachChild(node, (child) => {
    open ||= hasOpenHereDoc(child, depth + 1);
  });
  return open;
}

function syntaxError(text: string, { message, pos }: { message: string; pos: number }): string {
  const token = /^unexpected token '(.+)'$/.exec(message)?.[1];
  if (token !== undefined) return `syntax error near unexpected token \`${token}'`;
  if (message.startsWith("unterminated") || pos >= text.trimEnd().length)
    return "syntax error: unexpected end of file";
  const next = /^\s*(\S+)/.exec(text.slice(pos))?.[1] ?? "newline";
  return `syntax error near unexpected token \`${next}'`;
}
