import { type DnsMessage, formatDnsMessage } from "../net/dns-message";
import { formatEndpoint } from "../net/packet";
import type { Hop } from "../trace/hop";

/** What a hop has to do with a name, in plain words; undefined: nothing. */
export function explainDns(hop: Hop): string | undefined {
  const { dns } = hop.after;
  if (hop.kind === "resolve") return resolveWords(hop, dns);
  if (!dns || (hop.kind !== "send" && hop.kind !== "delivered")) return undefined;
  const to = formatEndpoint(hop.after.dst, hop.after.dport);
  const by = hop.route ? ` Its route: ${hop.route}.` : "";
  if (hop.kind === "send")
    return dns.answer
      ? `${hop.node} answers ${to}: ${answerWords(dns)}.${by}`
      : `${hop.node} asks the nameserver ${to} for ${questionWords(dns)}. A query is a UDP datagram like any other, and goes through the same rules.${by}`;
  const from = formatEndpoint(hop.after.src, hop.after.sport);
  return dns.answer
    ? `The answer has reached ${hop.node}, from the very address that was asked, ${from}: ${answerWords(dns)}.`
    : `The query has reached ${hop.node}, a DNS server: ${from} asks for ${questionWords(dns)}.`;
}

function resolveWords({ node, verdict, direction, detail, place }: Hop, dns?: DnsMessage): string {
  if (verdict) return `The resolver on ${node} gives up: ${verdict.explanation}.`;
  if (!dns) return `A program on ${node} that keeps what it has once resolved: ${detail}.`;
  if (direction === "reply") return `The resolver on ${node}: ${detail}.`;
  if (detail.startsWith("resolv.conf"))
    return `Before anything else, ${node} must know an address. ${detail}. With fewer dots than resolv.conf's ndots, the domains of its search list are put behind a name first, one after the other.`;
  const source = place.startsWith("pod/")
    ? "CoreDNS answers from what it has watched of Services and EndpointSlices, and asks its own nameserver for the rest"
    : "A resolver outside the cluster, which knows nothing of Services";
  return `${node}: ${source}. ${detail}.`;
}

const TYPE_WORDS: Partial<Record<DnsMessage["question"]["type"], string>> = {
  A: "the IPv4 addresses (A)",
  AAAA: "the IPv6 addresses (AAAA)",
  PTR: "the name (PTR)",
  SRV: "the servers (SRV)",
};

function questionWords({ question: { type, name } }: DnsMessage): string {
  return `${TYPE_WORDS[type] ?? `the ${type} records`} of ${name}`;
}

function answerWords(message: DnsMessage): string {
  const { answer, ttlSeconds, question } = message;
  if (!answer) return "";
  const { name, type } = question;
  if (answer.rcode === "NXDOMAIN") return `NXDOMAIN, there is no ${name}`;
  if (answer.rcode === "SERVFAIL") return `SERVFAIL, it could not find out about ${name}`;
  if (answer.answers.length === 0)
    return `NOERROR without a record: ${name} is there, but has no ${type}`;
  const kept = ttlSeconds === undefined ? "" : `, to be kept for ${ttlSeconds} s at most`;
  return `${name} is ${formatDnsMessage(message)}${kept}`;
}
