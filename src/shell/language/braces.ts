import { type Command, parse, type Word } from "unbash";

const MAX_WORDS = 1_000;

/** `a{1,2}b` is two words, `{1..3}` three. Quoted braces are not the parser's BraceExpansion. */
export function expandBraces(word: Word): readonly Word[] {
  if (!word.parts?.some(({ type }) => type === "BraceExpansion")) return [word];
  let texts = [""];
  for (const part of word.parts) {
    const choices = part.type === "BraceExpansion" ? alternatives(part.text) : [part.text];
    texts = texts.flatMap((text) => choices.map((choice) => text + choice)).slice(0, MAX_WORDS);
  }
  return texts.flatMap((text) => {
    if (text === "") return [];
    const command = parse(`: ${text}`).commands[0]?.command as Command | undefined;
    return (command?.suffix ?? [])
      .filter((one): one is Word => one.type === "Word")
      .flatMap(expandBraces);
  });
}

function alternatives(text: string): readonly string[] {
  const inner = text.slice(1, -1);
  const range = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(inner);
  if (range) return rangeOf(range[1] ?? "", range[2] ?? "", Math.abs(Number(range[3] ?? 1)) || 1);
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const char of inner) {
    if (char === "{") depth++;
    if (char === "}") depth--;
    if (char === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part];
}

function rangeOf(from: string, to: string, step: number): readonly string[] {
  const letters = /^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(to);
  const start = letters ? from.charCodeAt(0) : Number(from);
  const end = letters ? to.charCodeAt(0) : Number(to);
  const width = /^-?0\d/.test(from) || /^-?0\d/.test(to) ? Math.max(from.length, to.length) : 0;
  const found: string[] = [];
  const by = start <= end ? step : -step;
  for (let at = start; by > 0 ? at <= end : at >= end; at += by) {
    if (found.length >= MAX_WORDS) break;
    found.push(letters ? String.fromCharCode(at) : String(at).padStart(width, "0"));
  }
  return found;
}
