import type { PacketRole } from "../core/trace/hop";
import type { Follow, HopView, JourneyView } from "../worker/protocol";

const ROLES: Record<Exclude<Follow, "all">, readonly PacketRole[]> = {
  first: ["SYN", "SYN-ACK", "datagram", "answer"],
  request: ["request", "datagram"],
  response: ["response", "answer"],
};

export const FOLLOW_LABELS: Record<Follow, string> = {
  first: "first packet",
  request: "request",
  response: "response",
  all: "all packets",
};

/** The hops of the packets that are followed. A reset or ICMP error belongs to the first packet as long as
 *  no request was sent: then it is what ended it. */
export function followedHops(journey: JourneyView | null, follow: Follow): readonly HopView[] {
  if (!journey) return [];
  if (follow === "all") return journey.hops;
  const firstRequest = journey.hops.findIndex((hop) => hop.role === "request");
  return journey.hops.filter((hop, position) => {
    if (ROLES[follow].includes(hop.role)) return true;
    const isError = hop.role === "RST" || hop.role === "ICMP";
    return isError && follow === "first" && (firstRequest < 0 || position < firstRequest);
  });
}
