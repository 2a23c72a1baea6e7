import { CLUSTER_DOMAIN, CLUSTER_TTL_SECONDS } from "../dns/records";
import type { DnsMessage } from "../net/dns-message";
import type { NetworkEnvironment } from "./network-environment";

const DNS_PORT = 53;
/** A name that every cluster has. */
const ASKED_NAME = `kubernetes.default.svc.${CLUSTER_DOMAIN}`;

/** What a client that names no question asks at port 53. */
export function queryFor(
  { protocol, port }: { readonly protocol: string; readonly port: number },
  id: number,
): DnsMessage | undefined {
  if (protocol !== "udp" || port !== DNS_PORT) return undefined;
  return { id: id & 0xffff, question: { name: ASKED_NAME, type: "A" } };
}

/** What the cluster's DNS server answers. */
export function replyTo(query: DnsMessage, env: NetworkEnvironment): DnsMessage {
  const answer = env.answerDns(query.question);
  return { ...query, answer, ttlSeconds: CLUSTER_TTL_SECONDS };
}
