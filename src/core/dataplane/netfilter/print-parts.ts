/** Pieces of text that matches and targets are printed with. */

export function not(negate: boolean | undefined): string {
  return negate ? " !" : "";
}

export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** `0x4000/0x4000`; without a mask where it is all ones. */
export function formatMasked(value: number, mask: number): string {
  return mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

/** `80`, or `80:90`. */
export function formatRange({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? `${from}` : `${from}:${to}`;
}

/** Bare when nothing in the text needs quotes. Source: iptables, xtables_save_string. */
export function quote(text: string): string {
  if (/^[-_0-9A-Za-z]+$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, "\\$&")}"`;
}

/** A token bucket's rate, in the largest unit that says it well: `3/sec`. Answers the unit in seconds, too.
 *  Source: iptables libxt_limit.c, print_rate. */
export function formatRate(
  average: number,
  perSecond: number,
): { readonly text: string; readonly unitS: number } {
  let chosen = UNITS[0] as (typeof UNITS)[number];
  for (const unit of UNITS.slice(1)) {
    const size = unit.seconds * perSecond;
    if (average > size || Math.floor(size / average) < size % average) break;
    chosen = unit;
  }
  const rate = Math.floor((chosen.seconds * perSecond) / average);
  return { text: `${rate}/${chosen.name}`, unitS: chosen.seconds };
}

const UNITS = [
  { name: "day", seconds: 86_400 },
  { name: "hour", seconds: 3_600 },
  { name: "min", seconds: 60 },
  { name: "sec", seconds: 1 },
] as const;
