import { FAMILIES, REAL_VERBS, VERBS } from "./verbs";

/** What cobra adds to an unknown command. */
export function suggestion(given: string): string {
  const names = new Set([...VERBS.keys()].map((name) => name.split(" ")[0] ?? ""));
  const all = [
    ...names,
    ...FAMILIES.map((one) => one.split(" ")[0] ?? ""),
    ...Object.keys(REAL_VERBS),
  ];
  const near = [...new Set(all)]
    .sort()
    .filter((name) => distance(given, name) <= 2 || name.startsWith(given));
  if (near.length === 0) return "";
  return `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join("")}`;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
