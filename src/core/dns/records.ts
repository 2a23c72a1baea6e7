import type { View } from "../controllers/older-view";
import type { DnsAnswer, DnsRecord } from "../net/dns-message";
import type { Ipv4 } from "../net/ipv4";

export type { DnsAnswer, DnsRecord, QueryType } from "../net/dns-message";

/** Seconds; the shipped Corefile's `ttl 30`, negative answers included. */
export const CLUSTER_TTL_SECONDS = 30;

export const CLUSTER_DOMAIN = "cluster.local";

/** Seconds; what the cloud's resolver gives with a load balancer's name. Source: ELB User Guide, DNS name. */
export const UPSTREAM_TTL_SECONDS = 60;

/** Objects as a DNS server knows them: the API server's, or an older view of them. */
export type DnsStore = View;

/** What the DNS servers of this world know: the cluster's, and the cloud's behind it. */
export interface DnsWorld {
  readonly store: DnsStore;
  /** Address of the cloud's resolver, which knows nothing of the cluster. */
  readonly upstream: string;
  /** Addresses of names outside the cluster that no Host object has: load balancers. Lower case, no final dot. */
  readonly hostnames: ReadonlyMap<string, readonly Ipv4[]>;
}

export function noError(
  answers: readonly DnsRecord[],
  additional: readonly DnsRecord[] = [],
): DnsAnswer {
  return { rcode: "NOERROR", authoritative: true, answers, additional };
}

export const NXDOMAIN: DnsAnswer = {
  rcode: "NXDOMAIN",
  authoritative: true,
  answers: [],
  additional: [],
};

/** The server could not find out: its own upstream does not answer. */
export const SERVFAIL: DnsAnswer = {
  rcode: "SERVFAIL",
  authoritative: false,
  answers: [],
  additional: [],
};
