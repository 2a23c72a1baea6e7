import { type Ipv4, ipv4, parseIpv4 } from "../net/ipv4";
import { SECOND } from "../sim/time";
import type { DnsAnswer } from "./records";
import { candidateNames, patience, type ResolvConf } from "./resolv";

/** What libc goes by when a program asks for a name's addresses. */
export interface LookupPlan {
  /** As the program gave it. */
  readonly name: string;
  /** Absolute names without final dot, in the order in which they are tried. */
  readonly candidates: readonly string[];
  readonly nameservers: readonly Ipv4[];
  readonly attempts: number;
  readonly timeoutUs: number;
}

/** How far a lookup has come: the query that is out. */
export interface LookupState {
  readonly plan: LookupPlan;
  /** Positions in the plan's lists. */
  readonly candidate: number;
  readonly nameserver: number;
  /** How often all nameservers were gone through before, for this candidate. */
  readonly attempt: number;
  readonly type: "A" | "AAAA";
  /** Of this candidate's A query. */
  readonly addresses: DnsAnswer | undefined;
  /** A candidate was there without addresses; a server could not find out. */
  readonly sawNoData: boolean;
  readonly sawServfail: boolean;
}

/** `refused`: an ICMP error came back, or the kernel could not even send. */
export type Heard = DnsAnswer | "silence" | "refused";

export type LookupFailure =
  | "DnsNxdomain"
  | "DnsNoData"
  | "DnsServfail"
  | "DnsTimeout"
  | "DnsRefused";

export type LookupTurn =
  | { readonly kind: "ask"; readonly state: LookupState; readonly why: string }
  | { readonly kind: "found"; readonly ips: readonly Ipv4[]; readonly canonicalName: string }
  | { readonly kind: "failed"; readonly reason: LookupFailure };

export function planLookup(name: string, conf: ResolvConf): LookupPlan {
  const { timeoutSeconds, attempts } = patience(conf);
  const nameservers = conf.nameservers.flatMap((text) => parseIpv4(text) ?? []);
  return {
    name,
    candidates: candidateNames(conf, name),
    // Source: glibc res_init.c: without a nameserver it asks its own machine. Simplified: those of IPv6 are left out.
    nameservers: nameservers.length > 0 ? nameservers : [ipv4("127.0.0.1")],
    attempts,
    timeoutUs: timeoutSeconds * SECOND,
  };
}

export function startLookup(plan: LookupPlan): LookupState {
  return {
    plan,
    candidate: 0,
    nameserver: 0,
    attempt: 0,
    type: "A",
    addresses: undefined,
    sawNoData: false,
    sawServfail: false,
  };
}

/** What glibc does next. Source: glibc res_query.c and res_send.c (2.36); resolv.conf(5).
 *  Simplified: the AAAA query follows when A is answered, as with `options single-request`, where without it both leave
 *  together; a second nameserver is given
 *  as long as the first. */
export function hear(state: LookupState, heard: Heard): LookupTurn {
  if (heard === "silence" || heard === "refused") {
    return nextServer(state, heard) ?? { kind: "failed", reason: UNREACHABLE[heard] };
  }
  if (heard.rcode === "SERVFAIL") {
    const seen = { ...state, sawServfail: true };
    return nextServer(seen, "SERVFAIL") ?? nextCandidate(seen, "SERVFAIL");
  }
  if (state.type === "A") {
    const asked: LookupState = { ...state, type: "AAAA", addresses: heard };
    return { kind: "ask", state: asked, why: "and its IPv6 addresses" };
  }
  if (state.addresses?.rcode === "NXDOMAIN") return nextCandidate(state, "NXDOMAIN");
  const records = (state.addresses?.answers ?? []).filter((record) => record.type === "A");
  const [first] = records;
  if (!first) return nextCandidate({ ...state, sawNoData: true }, "no addresses");
  return { kind: "found", ips: records.map(({ ip }) => ip), canonicalName: first.name };
}

const UNREACHABLE = { silence: "DnsTimeout", refused: "DnsRefused" } as const;

/** The same candidate at the next nameserver, or once more from the first. */
function nextServer(state: LookupState, why: string): LookupTurn | undefined {
  const { plan, nameserver, attempt } = state;
  const again = { ...state, type: "A" as const, addresses: undefined };
  if (nameserver + 1 < plan.nameservers.length)
    return { kind: "ask", state: { ...again, nameserver: nameserver + 1 }, why };
  if (attempt + 1 < plan.attempts)
    return { kind: "ask", state: { ...again, nameserver: 0, attempt: attempt + 1 }, why };
  return undefined;
}

function nextCandidate(state: LookupState, why: string): LookupTurn {
  const { plan, candidate, sawNoData, sawServfail } = state;
  if (candidate + 1 < plan.candidates.length) {
    const next = { ...startLookup(plan), candidate: candidate + 1, sawNoData, sawServfail };
    return { kind: "ask", state: next, why };
  }
  const reason = sawNoData ? "DnsNoData" : sawServfail ? "DnsServfail" : "DnsNxdomain";
  return { kind: "failed", reason };
}

export function candidateOf({ plan, candidate }: LookupState): string {
  return plan.candidates[candidate] ?? plan.name;
}

export function nameserverOf({ plan, nameserver }: LookupState): Ipv4 {
  return plan.nameservers[nameserver] ?? 0;
}
