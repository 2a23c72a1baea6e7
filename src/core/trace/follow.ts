import type { Hop, PacketRole } from "./hop";

/** Which packets of a journey are followed: the first one and what answers it, the request, the response, or all. */
export type Follow = "first" | "request" | "response" | "all";

const ROLES: Record<Exclude<Follow, "all">, readonly PacketRole[]> = {
  first: ["SYN", "SYN-ACK", "datagram", "answer"],
  request: ["request", "datagram"],
  response: ["response", "answer"],
};

/** The hops of the packets that are followed. A lookup goes before the first packet; the request is what comes after it. A reset or ICMP error belongs to the first packet as long as no request
 *  was sent on its connection: then it is what ended it. */
export function followedHops<T extends Pick<Hop, "role" | "connection">>(
  hops: readonly T[],
  follow: Follow,
): readonly T[] {
  if (follow === "all") return hops;
  const isTcp = hops.some(({ role }) => role === "SYN");
  const asked = new Set<number>();
  return hops.filter((hop) => {
    if (hop.role === "request") asked.add(hop.connection);
    const isDatagram = hop.role === "datagram" || hop.role === "answer";
    if (isTcp && isDatagram && follow !== "first") return false;
    if (ROLES[follow].includes(hop.role)) return true;
    const isError = hop.role === "RST" || hop.role === "ICMP";
    return isError && follow === "first" && !asked.has(hop.connection);
  });
}
