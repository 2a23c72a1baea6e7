/** How well something fits what was typed: 0 not at all. Every word must be in it; what its label begins with comes
 *  first, then labels that say little else, and what is only in the other words comes last. */
export function rank(typed: string, label: string, others = ""): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const name = label.toLowerCase();
  const all = `${name} ${others.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return 0;
  const [first = ""] = words;
  if (name.startsWith(words.join(" "))) return 1;
  const said = Math.min(1, words.join(" ").length / name.length);
  if (words.every((word) => name.includes(word)))
    return (name.startsWith(first) ? 0.9 : 0.7) + 0.09 * said;
  return name.includes(first) ? 0.5 : 0.3;
}
