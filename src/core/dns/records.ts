import type { Store } from "../api/store";
import type { Ipv4 } from "../net/ipv4";

/** Seconds; the shipped Corefile's `ttl 30`, negative answers included. */
export const CLUSTER_TTL_SECONDS = 30;

export const CLUSTER_DOMAIN = "cluster.local";

export type QueryType = "A" | "AAAA" | "CNAME" | "SRV" | "PTR" | "TXT";

/** Names without the final dot, in lower case. */
export type DnsRecord =
  | { readonly type: "A"; readonly name: string; readonly ip: Ipv4 }
  | { readonly type: "CNAME" | "PTR"; readonly name: string; readonly target: string }
  | {
      readonly type: "SRV";
      readonly name: string;
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | { readonly type: "TXT"; readonly name: string; readonly text: string };

/** NOERROR without answers means: the name exists, but has no such records. */
export interface DnsAnswer {
  readonly rcode: "NOERROR" | "NXDOMAIN";
  /** The server speaks for the zone (AA); false: it asked upstream. */
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

/** What the DNS servers of this world know: the cluster's, and the cloud's behind it. */
export interface DnsWorld {
  readonly store: Store;
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
