import type { ConnectError } from "../controllers/check";
import type { IcmpError } from "../net/packet";
import type { Journey } from "./connection";

/** What connect(2), or the first read, tells a program whose connection was refused. */
export function connectErrorOf(journey: Pick<Journey, "hops" | "outcome">): ConnectError {
  const { hops, outcome } = journey;
  const told = [...hops]
    .reverse()
    .find(({ kind: what, after }) => what === "delivered" && after.icmp);
  const error = told?.after.icmp?.error;
  if (error !== undefined) return ERRORS[error];
  const { reason = "" } = outcome?.verdict ?? {};
  if (reason === "IpOutNoRoutes" || reason === "IpInvalidDest") return "ENETUNREACH";
  if (reason === "NeighFailed" || reason === "IpInNoRoutes") return "EHOSTUNREACH";
  return isConnected(journey) ? "ECONNRESET" : "ECONNREFUSED";
}

/** The client has seen the handshake's second packet. */
export function isConnected({ hops }: Pick<Journey, "hops">): boolean {
  return hops.some(({ role, direction }) => role === "request" && direction === "original");
}

/** Source: kernel icmp.c, icmp_err_convert. */
const ERRORS: Readonly<Record<IcmpError, ConnectError>> = {
  "port-unreachable": "ECONNREFUSED",
  "host-unreachable": "EHOSTUNREACH",
  "net-unreachable": "ENETUNREACH",
  "proto-unreachable": "ECONNREFUSED",
  "net-prohibited": "ENETUNREACH",
  "host-prohibited": "EHOSTUNREACH",
  "admin-prohibited": "EHOSTUNREACH",
  "ttl-exceeded": "EHOSTUNREACH",
};
