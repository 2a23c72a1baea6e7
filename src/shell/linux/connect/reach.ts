import { connectErrorOf, isConnected } from "../../../core/cluster/connect-error";
import type { Journey, JourneyOptions } from "../../../core/cluster/connection";
import type { ConnectError } from "../../../core/controllers/check";
import { formatIpv4, parseIpv4 } from "../../../core/net/ipv4";
import { SECOND } from "../../../core/sim/time";
import type { Verdict } from "../../../core/trace/verdict";
import { sourceOf } from "../../place";
import { portForwards, requestThrough } from "../../port-forwards";
import type { Process } from "../../process";
import { saying } from "../http/arrivals";

/** How a connection went, as a program sees it: errno's names where connect(2) failed. */
export type Reached =
  | { readonly kind: "answered"; readonly journey: Journey }
  | { readonly kind: "noName"; readonly reason: "notFound" | "noServer" }
  | { readonly kind: "failed"; readonly errno: Errno; readonly isClosed?: boolean }
  | { readonly kind: "silent"; readonly connected: boolean; readonly journey?: Journey };

export type Errno = ConnectError | "EINVAL" | "EPERM";

/** With the time that it took, and whom it spoke to. */
export type Attempt = Reached & { readonly tookUs: number; readonly ip: string };

/** Six SYNs more, each after twice as long. Source: kernel tcp_syn_retries, 6. */
export const SYN_TIMEOUT_US = 127 * SECOND;

export interface ReachOptions {
  readonly udp?: boolean;
  readonly patienceUs?: number;
  /** The text that is sent, for who listens in a terminal. */
  readonly says?: string;
}

/** Connects, sends a request and waits for the answer; or, where nothing comes, as long as `patienceUs`. */
export async function reach(
  process: Process,
  host: string,
  port: number,
  options: JourneyOptions & ReachOptions = {},
): Promise<Attempt> {
  const { udp = false, patienceUs = SYN_TIMEOUT_US, says, ...journeyOptions } = options;
  const startUs = process.cluster.nowUs;
  const known = hostsEntry(process, host) ?? host;
  const to = `${known}:${port}${udp ? "/udp" : ""}`;
  const sent = await saying(process.system, sourceOf(process.place), to, says, () =>
    send(process, known, to, port, journeyOptions),
  );
  const done = (reached: Reached, ip: string): Attempt => ({
    ...reached,
    ip,
    tookUs: process.cluster.nowUs - startUs,
  });
  if (sent === "closed")
    return done({ kind: "failed", errno: "ECONNRESET", isClosed: true }, known);
  if (sent === "offline") return done({ kind: "failed", errno: "ENETUNREACH" }, known);
  if (!sent.ok) return done(nameError(sent.error), known);
  const journey = sent.value;
  const ip = parseIpv4(known) === undefined ? firstDestination(journey, known) : known;
  const reached = outcomeOf(journey);
  if (reached.kind === "silent") {
    const leftUs = startUs + patienceUs - process.cluster.nowUs;
    await process.cluster.sleep(leftUs, process.interrupt);
  }
  return done(reached, ip);
}

/** The laptop reaches nothing but its own port-forwards. */
async function send(
  process: Process,
  host: string,
  to: string,
  port: number,
  options: JourneyOptions,
) {
  const from = sourceOf(process.place);
  if (from !== undefined) return process.cluster.request(from, to, options, process.interrupt);
  const isLocal = host === "localhost" || host === "127.0.0.1";
  const forward = portForwards(process.system).find((one) => one.localPort === port);
  return isLocal && forward ? requestThrough(process, forward, options) : ("offline" as const);
}

/** Simplified: one address for each name of /etc/hosts. */
function hostsEntry(process: Process, host: string): string | undefined {
  if (host === "localhost") return "127.0.0.1";
  const read = process.files.read("/etc/hosts");
  for (const line of read.ok ? read.value.split("\n") : []) {
    const [ip = "", ...names] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    if (parseIpv4(ip) !== undefined && names.includes(host)) return ip;
  }
  return undefined;
}

function nameError(error: string): Reached {
  const reason = /timed out|no nameserver/i.test(error) ? "noServer" : "notFound";
  return { kind: "noName", reason };
}

/** Of the connection itself, not of the lookup before it. */
function firstDestination({ hops, connection }: Journey, name: string): string {
  const own = hops.find(
    (hop) => hop.connection === connection && hop.direction === "original" && !hop.before.dns,
  );
  return own ? formatIpv4(own.before.dst) : name;
}

export function outcomeOf(journey: Journey): Reached {
  const { outcome } = journey;
  if (!outcome) return { kind: "silent", connected: isConnected(journey), journey };
  const { kind, reason = "" } = outcome.verdict;
  if (kind === "delivered") return { kind: "answered", journey };
  if (reason.startsWith("Dns"))
    return {
      kind: "noName",
      reason: /Timeout|Refused|Servfail/.test(reason) ? "noServer" : "notFound",
    };
  if (kind === "dropped") return { kind: "silent", connected: isConnected(journey), journey };
  return { kind: "failed", errno: routeError(outcome.verdict) ?? connectErrorOf(journey) };
}

/** Of a route that says blackhole or unreachable. Source: kernel fib_semantics.c, fib_props. */
function routeError({ reason, explanation }: Verdict): Errno | undefined {
  if (reason !== "IpOutNoRoutes") return undefined;
  if (explanation.endsWith("Invalid argument")) return "EINVAL";
  return explanation.endsWith("No route to host") ? "EHOSTUNREACH" : undefined;
}

/** strerror's words: glibc's, or musl's in Alpine images. */
export function errnoWords(errno: Errno | "ETIMEDOUT", musl: boolean): string {
  return (musl ? MUSL : GLIBC)[errno];
}

const GLIBC = {
  EINVAL: "Invalid argument",
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection reset by peer",
  EHOSTUNREACH: "No route to host",
  ENETUNREACH: "Network is unreachable",
  ETIMEDOUT: "Connection timed out",
  EPERM: "Operation not permitted",
} as const;

const MUSL = {
  ...GLIBC,
  EHOSTUNREACH: "Host is unreachable",
  ENETUNREACH: "Network unreachable",
  ETIMEDOUT: "Operation timed out",
} as const;
