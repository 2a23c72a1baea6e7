import type { AddrType, Match, RuleTarget } from "../dataplane/netfilter/rules";
import type { Cidr } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import type { LocalDetector } from "./settings";

/** The few matches and targets that kube-proxy's rules are made of. Matches go in the order iptables prints them. */

export function to(ip: Ipv4): Match {
  return { kind: "destination", range: { network: ip, prefix: 32 } };
}

export function from(ip: Ipv4): Match {
  return { kind: "source", range: { network: ip, prefix: 32 } };
}

export function fromRange(range: Cidr): Match {
  return { kind: "source", range };
}

/** `-p tcp -m tcp --dport 80`. */
export function toPort(protocol: Protocol, port: number): readonly [Match, Match] {
  return [
    { kind: "protocol", protocol },
    { kind: "dport", protocol, from: port, to: port },
  ];
}

export function srcType(type: AddrType): Match {
  return { kind: "addrtype", srcTypes: [type] };
}

export function dstType(type: AddrType): Match {
  return { kind: "addrtype", dstTypes: [type] };
}

/** Traffic of pods, or with `negate` all but theirs. */
export function podTraffic(detector: LocalDetector, options: { readonly negate: boolean }): Match {
  return options.negate ? { ...detector, negate: true } : detector;
}

export function jump(chain: string): RuleTarget {
  return { kind: "jump", chain };
}

export const MARK_MASQ = "KUBE-MARK-MASQ";
export const ACCEPT: RuleTarget = { kind: "ACCEPT" };
export const DROP: RuleTarget = { kind: "DROP" };
export const RETURN: RuleTarget = { kind: "RETURN" };
export const REJECT: RuleTarget = { kind: "REJECT", with: "icmp-port-unreachable" };
