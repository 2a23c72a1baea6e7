import type { AddrType, ConntrackStateName, ConntrackStatusName } from "./match-kinds";

const states: readonly ConntrackStateName[] = [
  "INVALID",
  "NEW",
  "RELATED",
  "ESTABLISHED",
  "UNTRACKED",
  "SNAT",
  "DNAT",
];

const statuses: readonly ConntrackStatusName[] = [
  "NONE",
  "EXPECTED",
  "SEEN_REPLY",
  "ASSURED",
  "CONFIRMED",
];

const addrTypes: readonly AddrType[] = [
  "UNSPEC",
  "UNICAST",
  "LOCAL",
  "BROADCAST",
  "ANYCAST",
  "MULTICAST",
  "BLACKHOLE",
  "UNREACHABLE",
  "PROHIBIT",
  "THROW",
  "NAT",
  "XRESOLVE",
];

/** By their bits in the TCP header, the lowest first. */
const tcpFlags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"] as const;

/** Words of iptables, in the order in which iptables-save prints them, however they were given. */
export const NAMES = { states, statuses, addrTypes, tcpFlags } as const;
