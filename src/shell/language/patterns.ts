/** Shell patterns. In a pattern a backslash takes the special meaning from the character after it. */

export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, "\\$&");
}

export function hasPattern(text: string): boolean {
  return /(?:^|[^\\])[*?[]/.test(text);
}

/** The regular expression of a pattern, without anchors. `star` and `any`: what `*` and `?` may stand for. */
export function patternSource(pattern: string, { path = false, lazy = false } = {}): string {
  const any = path ? "[^/]" : "[\\s\\S]";
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === "\\" && i + 1 < pattern.length) source += escapeRegExp(pattern[++i] as string);
    else if (char === "*") source += `${any}*${lazy ? "?" : ""}`;
    else if (char === "?") source += any;
    else if (char === "[") {
      const set = bracketAt(pattern, i);
      source += set ? set.source : "\\[";
      if (set) i = set.end;
    } else source += escapeRegExp(char);
  }
  return source;
}

export function matchesPattern(text: string, pattern: string): boolean {
  return new RegExp(`^${patternSource(pattern)}$`).test(text);
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
};

function bracketAt(pattern: string, start: number): { source: string; end: number } | undefined {
  let i = start + 1;
  const negated = pattern[i] === "!" || pattern[i] === "^";
  if (negated) i++;
  let inner = "";
  for (let first = true; i < pattern.length; i++, first = false) {
    const char = pattern[i] as string;
    if (char === "]" && !first) {
      return { source: `[${negated ? "^" : ""}${inner}]`, end: i };
    }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(i));
    if (named) {
      inner += CLASSES[named[1] ?? ""] ?? "";
      i += named[0].length - 1;
    } else if (char === "\\" && i + 1 < pattern.length) inner += `\\${pattern[++i]}`;
    else inner += char === "-" ? "-" : /[\]\\^[]/.test(char) ? `\\${char}` : char;
  }
  return undefined;
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
