import { objectKey, type SecurityGroup, type SecurityGroupRule } from "../../api/types";
import { formatIpv4 } from "../../net/ipv4";
import { formatGroupRule, isAttached } from "../security-groups";
import { type Case, objectAt, plain } from "./case";
import { kubectl, listed } from "./lines";
import { patch } from "./objects";
import { sourceRange } from "./source-ranges";
import type { Finding } from "./why";

/** No rule of a machine's security groups lets the packet through. */
export function whySecurityGroup(of: Case): Finding {
  const { world, hop, verdict } = of;
  const found = plain("SecurityGroupClosed", "No security group lets the packet through", of);
  const machine = [...world.fabric.attachments.values()].find(({ label }) => label === hop.node);
  if (!machine) return found;
  const groups = [...world.store.list("SecurityGroup")].filter((group) =>
    isAttached(group, machine.netns),
  );
  const [kind, namespace = "", name = ""] = machine.netns.split("/");
  const service = kind === "elb" ? world.store.find("Service", namespace, name) : undefined;
  const shut = { groups: groups.map(objectKey), look: groups.map(groupLook) };
  if (service && (service.spec.loadBalancerSourceRanges?.length ?? 0) > 0) {
    const refused = sourceRange(of, service, "the cloud's security group drops the packet");
    return {
      ...refused,
      objects: [...(refused.objects ?? []), ...shut.groups],
      look: [...(refused.look ?? []), ...shut.look],
    };
  }
  const side = verdict.explanation.includes(` out of ${machine.label} `) ? "egress" : "ingress";
  const rules = groups.flatMap(({ spec }) => spec[side] ?? []);
  const [group] = groups;
  return {
    ...found,
    title: side === "ingress" ? "No security group lets it in" : "No security group lets it out",
    cause: `${found.cause} ${rules.length === 0 ? `They have no ${side} rule at all.` : `They let ${side === "ingress" ? "in" : "out"} ${listed(rules.map(ruleText))}.`}`,
    objects: [...shut.groups, ...objectAt(machine.netns)],
    look: shut.look,
    fix: group ? [opening(group, side, of)] : [],
  };
}

function groupLook({ metadata }: SecurityGroup) {
  return kubectl(`get securitygroup ${metadata.name} -o yaml`, "", metadata.name);
}

function ruleText(rule: SecurityGroupRule): string {
  return `${formatGroupRule(rule)} (${rule.sourceGroup ?? rule.cidr ?? "everybody"})`;
}

function opening(group: SecurityGroup, side: "ingress" | "egress", { hop }: Case) {
  const { protocol, dport, src, dst } = hop.before;
  const peer = formatIpv4(side === "ingress" ? src : dst);
  const what = {
    protocol: protocol.toUpperCase() as SecurityGroupRule["protocol"],
    ...(protocol !== "icmp" && { fromPort: dport, toPort: dport }),
    cidr: `${peer}/32`,
  };
  return {
    title: `Let ${formatGroupRule(what)} ${side === "ingress" ? `in from ${peer}` : `out to ${peer}`} (${group.metadata.name})`,
    edits: [patch(group, { spec: { [side]: [...(group.spec[side] ?? []), what] } })],
  };
}
