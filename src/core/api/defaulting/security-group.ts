import { compact } from "../json";
import type { SecurityGroup, SecurityGroupProtocol, SecurityGroupRule } from "../types";

type Spec = SecurityGroup["spec"];

/** Protocols as AWS, Kubernetes and people write them. Source: EC2 IpPermission, IpProtocol. */
const SPELLINGS: Readonly<Record<string, SecurityGroupProtocol>> = {
  "-1": "all",
  "1": "ICMP",
  "6": "TCP",
  "17": "UDP",
  "132": "SCTP",
  all: "all",
  icmp: "ICMP",
  tcp: "TCP",
  udp: "UDP",
  sctp: "SCTP",
};

export function defaultSecurityGroupSpec(spec: Partial<Spec>): Spec {
  return compact({
    ...spec,
    ingress: spec.ingress?.map(defaultRule),
    egress: spec.egress?.map(defaultRule),
  });
}

function defaultRule(rule: Partial<SecurityGroupRule>): SecurityGroupRule {
  const { protocol = "all", fromPort, toPort } = rule;
  const known = SPELLINGS[protocol.toLowerCase()];
  // One port of TCP and UDP is a range, one type of ICMP is all its codes.
  const last = known === "ICMP" ? toPort : (toPort ?? fromPort);
  return compact({ ...rule, protocol: known ?? protocol, fromPort, toPort: last });
}
