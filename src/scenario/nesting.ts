import { Lexer } from "yaml";

/** Deeper than any manifest, and far from the parser's own limit, which it reaches slowly and noisily. */
export const MAX_FLOW_DEPTH = 100;

/** Offset of the first `[` or `{` that lies too deep, without parsing. Takes any text. */
export function findDeepFlow(text: string): number | undefined {
  if (!mayNest(text)) return undefined;
  let offset = 0;
  let depth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === "[" || lexeme === "{") depth++;
    else if (lexeme === "]" || lexeme === "}") depth = Math.max(0, depth - 1);
    else if (lexeme === DOCUMENT) depth = 0;
    if (depth > MAX_FLOW_DEPTH) return offset;
    if (!CONTROL.has(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** Lexemes that stand for no text of their own. Source: yaml's parse/cst. */
const DOCUMENT = "\u0002";
const CONTROL: ReadonlySet<string> = new Set([DOCUMENT, "\u0018", "\u001f"]);

/** Most texts have too few brackets to need a closer look. */
function mayNest(text: string): boolean {
  let opening = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code === 0x5b || code === 0x7b) && ++opening > MAX_FLOW_DEPTH) return true;
  }
  return false;
}
