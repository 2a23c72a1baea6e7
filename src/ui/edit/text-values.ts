/** `app=web, tier=front` to pairs; a word without `=` has no value. */
export function parsePairs(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = words(text).map((word) => {
    const at = word.indexOf("=");
    return at < 0 ? ([word, ""] as const) : ([word.slice(0, at), word.slice(at + 1)] as const);
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

export function formatPairs(pairs: unknown): string {
  if (typeof pairs !== "object" || pairs === null) return "";
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(", ");
}

/** Digits are a number; anything else is passed on, for the API server to say what is wrong with it. */
export function parseNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

export function parseWords(text: string): readonly string[] | undefined {
  const found = words(text);
  return found.length > 0 ? found : undefined;
}

export function formatWords(list: unknown): string {
  return Array.isArray(list) ? list.join(", ") : "";
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
