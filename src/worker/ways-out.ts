import type { Path } from "../core/cluster/paths";
import type { WayOut } from "./protocol";

/** Ways that end at the same server, or fail for the same reason, as one; the likeliest first. */
export function waysOut(paths: readonly Path[]): readonly WayOut[] {
  const ways = new Map<string, WayOut>();
  for (const { probability, journey } of paths) {
    const { outcome } = journey;
    const way: WayOut = {
      probability,
      verdict: outcome?.verdict.kind ?? "dropped",
      reason: outcome?.verdict.reason ?? null,
      server: outcome?.server ?? null,
    };
    const key = `${way.verdict} ${way.reason} ${way.server}`;
    ways.set(key, { ...way, probability: probability + (ways.get(key)?.probability ?? 0) });
  }
  return [...ways.values()].sort((a, b) => b.probability - a.probability || compare(a, b));
}

function compare(a: WayOut, b: WayOut): number {
  const [one, other] = [a.server ?? "", b.server ?? ""];
  return one < other ? -1 : one > other ? 1 : 0;
}
