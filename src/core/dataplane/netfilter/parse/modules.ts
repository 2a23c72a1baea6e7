import { CONNTRACK_MATCHES } from "./conntrack-matches";
import type { MatchModule, TargetModule } from "./module";
import { OTHER_MATCHES } from "./other-matches";
import { RATE_MATCHES } from "./rate-matches";
import { RuleError } from "./rule-error";
import { TARGETS } from "./targets";
import { TRANSPORT_MATCHES } from "./transport-matches";

const MATCHES: Readonly<Record<string, MatchModule>> = {
  ...TRANSPORT_MATCHES,
  ...CONNTRACK_MATCHES,
  ...RATE_MATCHES,
  ...OTHER_MATCHES,
};

/** Extensions of iptables that decide by what packets here do not have. Source: iptables-extensions(8). */
const UNKNOWN_MATCHES: ReadonlySet<string> = new Set([
  ...["ah", "bpf", "cgroup", "cluster", "connbytes", "connlabel", "connlimit", "cpu", "dccp"],
  ...[
    "devgroup",
    "dscp",
    "ecn",
    "esp",
    "helper",
    "ipcomp",
    "ipvs",
    "mac",
    "osf",
    "owner",
    "policy",
  ],
  ...["quota", "rateest", "realm", "socket", "string", "tcpmss", "time", "tos", "u32"],
]);
const UNKNOWN_TARGETS: ReadonlySet<string> = new Set([
  ...["AUDIT", "CLASSIFY", "CLUSTERIP", "CONNSECMARK", "DSCP", "ECN", "HMARK", "IDLETIMER", "LED"],
  ...["NETMAP", "NFQUEUE", "QUEUE", "RATEEST", "SECMARK", "SET", "SYNPROXY", "TCPOPTSTRIP", "TEE"],
  ...["TOS", "TPROXY", "TTL", "ULOG"],
]);

export function getMatch(name: string): MatchModule {
  if (Object.hasOwn(MATCHES, name)) return MATCHES[name] as MatchModule;
  if (UNKNOWN_MATCHES.has(name)) throw new RuleError(`match \`${name}' is not modelled`);
  throw new RuleError(`Couldn't load match \`${name}':No such file or directory`);
}

export function hasMatch(name: string): boolean {
  return Object.hasOwn(MATCHES, name);
}

/** Undefined: the name may be a chain's. */
export function findTarget(name: string): TargetModule | undefined {
  if (Object.hasOwn(TARGETS, name)) return TARGETS[name];
  if (UNKNOWN_TARGETS.has(name)) throw new RuleError(`target \`${name}' is not modelled`);
  return undefined;
}

/** Would a chain of that name be mistaken for a verdict? */
export function isVerdict(name: string): boolean {
  return ["ACCEPT", "DROP", "RETURN", "QUEUE"].includes(name);
}
