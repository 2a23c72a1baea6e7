import type { WhyNot } from "../core/cluster/why/why";

/** The one line of text about a request that came to nothing, as `trace` and `paths` print it; empty for one that arrived. */
export function whyLine(why: WhyNot | undefined): string {
  return why ? `why  ${why.code}: ${why.cause}\n` : "";
}

/** An error that says more than that something is missing. */
export function withWhy(error: string, why: WhyNot | undefined): string {
  return why ? `${error}\n${whyLine(why).trimEnd()}` : error;
}
