import type { OutcomeCount } from "../../worker/what-if-protocol";

/** How a client tells that its request failed, as curl says it. */
export const FAILURES = [
  "connection refused",
  "no route to host",
  "timed out",
  "not sent",
] as const;
export type Failure = (typeof FAILURES)[number];

/** An ICMP error that says: nobody is there. */
const UNREACHABLE = new Set(["NeighFailed", "IpInNoRoutes", "IpOutNoRoutes", "TtlExceeded"]);

/** Undefined: it was answered. What the first sender of the packet was told: a load balancer in between passes every
 *  refusal on as a reset. */
export function failureOf({
  verdict,
  reason,
}: Pick<OutcomeCount, "verdict" | "reason">): Failure | undefined {
  switch (verdict) {
    case "delivered":
      return undefined;
    case "refused":
      return UNREACHABLE.has(reason ?? "") ? "no route to host" : "connection refused";
    case "dropped":
      return "timed out";
    case "error":
      return "not sent";
  }
}
