/** How well a command fits what was typed: 0 not at all. Every word must be in it; what begins so comes first. */
export function rank(_: string, typed: string, texts: readonly string[] = []): number {
  const [label = ""] = texts.map((text) => text.toLowerCase());
  const all = texts.join(" ").toLowerCase();
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.every((word) => all.includes(word))) return 0;
  const [first = ""] = words;
  if (label.startsWith(words.join(" "))) return 1;
  if (label.startsWith(first)) return 0.8;
  return label.includes(first) ? 0.6 : 0.4;
}
