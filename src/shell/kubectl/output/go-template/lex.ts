import { TemplateError } from "./nodes";

export type TokenKind =
  | "text"
  | "open"
  | "close"
  | "string"
  | "number"
  | "field"
  | "variable"
  | "word"
  | "dot"
  | "space"
  | "sign"
  | "eof";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ["space", /^\s+/],
  ["string", /^(?:"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])+')/],
  ["number", /^[+-]?(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/],
  ["field", /^\.[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/],
  ["dot", /^\./],
  ["variable", /^\$[\w\u0080-\uffff]*/],
  ["word", /^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/],
  ["sign", /^(?::=|=|\||,|\(|\))/],
];

/** Splits a template into text and the tokens of its actions. Source: Go's text/template/parse, lex.go. */
export function lex(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimsLeft = false;
  while (at <= source.length) {
    const open = source.indexOf("{{", at);
    const end = open < 0 ? source.length : open;
    let text = source.slice(at, end);
    if (trimsLeft) text = text.trimStart();
    if (open >= 0 && /^\{\{-\s/.test(source.slice(open, open + 4))) text = text.trimEnd();
    if (text !== "") tokens.push({ kind: "text", text, at });
    if (open < 0) break;
    const inside = /^\{\{-\s/.test(source.slice(open, open + 4)) ? open + 3 : open + 2;
    const comment = /^\s*\/\*[\s\S]*?\*\/\s*?( -)?\}\}/.exec(source.slice(inside));
    if (comment) {
      trimsLeft = comment[1] !== undefined;
      at = inside + comment[0].length;
      continue;
    }
    const close = lexAction(source, inside, tokens, open);
    trimsLeft = source.slice(close - 4, close) === " -}}";
    at = close;
  }
  tokens.push({ kind: "eof", text: "", at: source.length });
  return tokens;
}

/** Where the action's `}}` ends. */
function lexAction(source: string, from: number, tokens: Token[], open: number): number {
  tokens.push({ kind: "open", text: "{{", at: open });
  let at = from;
  for (;;) {
    const rest = source.slice(at);
    const close = /^(?:\s-)?\}\}/.exec(rest);
    if (close) {
      tokens.push({ kind: "close", text: "}}", at });
      return at + close[0].length;
    }
    if (rest === "") throw error(source, at, "unclosed action");
    const found = PATTERNS.map(([kind, pattern]) => ({ kind, match: pattern.exec(rest) })).find(
      ({ match }) => match !== null,
    );
    const text = found?.match?.[0];
    if (!found || text === undefined) throw error(source, at, badCharacter(rest));
    tokens.push({ kind: found.kind, text, at });
    at += text.length;
  }
}

function badCharacter(rest: string): string {
  if (rest.startsWith('"')) return "unterminated quoted string";
  if (rest.startsWith("`")) return "unterminated raw quoted string";
  const code = rest.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase().padStart(4, "0");
  return `bad character U+${hex} '${String.fromCodePoint(code)}'`;
}

export function error(source: string, at: number, message: string): TemplateError {
  const line = source.slice(0, at).split("\n").length;
  return new TemplateError(`template: output:${line}: ${message}`);
}
