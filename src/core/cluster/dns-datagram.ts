import { CLUSTER_DOMAIN } from "../dns/records";
import type { DnsMessage } from "../net/dns-message";

export const DNS_PORT = 53;
/** A name that every cluster has. */
const ASKED_NAME = `kubernetes.default.svc.${CLUSTER_DOMAIN}`;

/** What a client asks at port 53; without a question, for a name that every cluster has. */
export function queryFor(
  { protocol, port }: { readonly protocol: string; readonly port: number },
  id: number,
  question: DnsMessage["question"] = { name: ASKED_NAME, type: "A" },
): DnsMessage | undefined {
  if (protocol !== "udp" || port !== DNS_PORT) return undefined;
  return { id: id & 0xffff, question };
}
