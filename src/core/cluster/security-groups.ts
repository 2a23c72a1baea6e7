import type { Store } from "../api/store";
import type { SecurityGroup, SecurityGroupRule } from "../api/types";
import type { NetnsId } from "../dataplane/netns";
import type { Attachment, FirewallGroup, FirewallRule } from "../fabric/fabric";
import { cidr } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";

/** Whether a group is attached to a machine: `node/NAME`, all nodes as `node/*`, `host/NAME`, `lb/NAMESPACE/NAME`. */
export function isAttached({ spec }: SecurityGroup, machine: NetnsId): boolean {
  const [kind, ...rest] = machine.split("/");
  const name = kind === "elb" ? `lb/${rest.join("/")}` : machine;
  return (spec.attachedTo ?? []).some(
    (one) => one === name || (one === "node/*" && kind === "node"),
  );
}

/** Puts the security groups in force at the network cards of machines that some are attached to. Machines of the internet
 *  are no business of the cloud's. */
export function withSecurityGroups(
  attachments: readonly Attachment[],
  store: Store,
): readonly Attachment[] {
  const groups = [...store.list("SecurityGroup")];
  if (groups.length === 0) return attachments;
  const ofMachine = new Map<NetnsId, readonly SecurityGroup[]>();
  const members = new Map<string, Set<Ipv4>>();
  for (const { netns, zone, addresses } of attachments) {
    if (zone !== "vpc") continue;
    const attached = groups.filter((group) => isAttached(group, netns));
    if (attached.length > 0) ofMachine.set(netns, attached);
    for (const { metadata } of attached) {
      const ips = members.get(metadata.name) ?? new Set<Ipv4>();
      for (const ip of addresses) ips.add(ip);
      members.set(metadata.name, ips);
    }
  }
  const inForce = new Map(
    groups.map((group): [SecurityGroup, FirewallGroup] => [group, firewallOf(group, members)]),
  );
  return attachments.map((attachment) => {
    const attached = ofMachine.get(attachment.netns);
    return attached
      ? { ...attachment, groups: attached.flatMap((group) => inForce.get(group) ?? []) }
      : attachment;
  });
}

type Members = ReadonlyMap<string, ReadonlySet<Ipv4>>;

const ANY: SecurityGroupRule = { protocol: "all", cidr: "0.0.0.0/0" };

function firewallOf({ metadata, spec }: SecurityGroup, members: Members): FirewallGroup {
  return {
    name: metadata.name,
    ingress: (spec.ingress ?? []).map((rule) => ruleOf(rule, "ingress", members)),
    egress: (spec.egress ?? [ANY]).map((rule) => ruleOf(rule, "egress", members)),
  };
}

const NOBODY: ReadonlySet<Ipv4> = new Set();

function ruleOf(
  rule: SecurityGroupRule,
  side: "ingress" | "egress",
  members: Members,
): FirewallRule {
  const { fromPort: from, toPort: to, sourceGroup } = rule;
  return {
    protocol: rule.protocol === "all" ? "all" : (rule.protocol.toLowerCase() as Protocol),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    peers:
      sourceGroup === undefined
        ? cidr(rule.cidr ?? "0.0.0.0/0")
        : (members.get(sourceGroup) ?? NOBODY),
    text: `${formatGroupRule(rule)} ${side === "ingress" ? "from" : "to"} ${sourceGroup ?? rule.cidr}`,
  };
}

/** `TCP 30000-32767`, `all`, `ICMP type 3 code 4`. */
export function formatGroupRule({ protocol, fromPort, toPort }: SecurityGroupRule): string {
  if (fromPort === undefined || (protocol === "ICMP" && fromPort === -1)) return protocol;
  if (protocol === "ICMP") {
    const code = toPort === undefined || toPort === -1 ? "" : ` code ${toPort}`;
    return `ICMP type ${fromPort}${code}`;
  }
  return `${protocol} ${fromPort}${toPort === undefined || toPort === fromPort ? "" : `-${toPort}`}`;
}
