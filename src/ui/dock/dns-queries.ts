import { formatDnsMessage } from "../../core/net/dns-message";
import { formatIpv4 } from "../../core/net/ipv4";
import type { HopView } from "../../worker/protocol";

/** A query of a lookup, and what came of it. */
export interface DnsQuery {
  /** Of the hop that sent it, in the journey's full list. */
  readonly hop: number;
  readonly client: string;
  readonly type: string;
  readonly name: string;
  readonly nameserver: string;
  /** The machine or pod that the query reached. */
  readonly server?: string;
  /** Absent: none has come. */
  readonly answer?: string;
}

/** The queries among a journey's hops, in the order in which they were sent. */
export function dnsQueriesOf(hops: readonly HopView[]): readonly DnsQuery[] {
  return hops.flatMap(({ kind, index, connection, node, after }) => {
    const { dns } = after;
    if (kind !== "send" || !dns || dns.answer) return [];
    const arrived = hops.filter(
      (hop) =>
        hop.kind === "delivered" && hop.connection === connection && hop.after.dns?.id === dns.id,
    );
    const server = arrived.find((hop) => !hop.after.dns?.answer)?.node;
    const answer = arrived.find((hop) => hop.after.dns?.answer)?.after.dns;
    return {
      hop: index,
      client: node,
      type: dns.question.type,
      name: dns.question.name,
      nameserver: formatIpv4(after.dst),
      ...(server !== undefined && { server }),
      ...(answer && { answer: formatDnsMessage(answer) }),
    };
  });
}
