import { parseCidr } from "../../net/cidr";
import type { Store } from "../store";
import type { SecurityGroup, SecurityGroupRule } from "../types";
import { type FieldError, invalid, required, unsupported } from "./field-error";
import { validateObjectMeta } from "./meta";

/** Source: Amazon VPC quotas: inbound or outbound rules per security group. */
const MAX_RULES = 60;
/** Ours, for files that anybody may have made. */
const MAX_GROUPS = 200;
const MAX_ATTACHED = 1_000;
const MAX_DESCRIPTION = 255;

const PROTOCOLS = ["ICMP", "SCTP", "TCP", "UDP", "all"];
const ATTACHED = /^(?:node\/(?:\*|[a-z0-9.-]+)|host\/[a-z0-9.-]+|lb\/[a-z0-9-]+\/[a-z0-9.-]+)$/;

/** Ours, in the words of EC2's API where it has some. */
export function validateSecurityGroup(group: SecurityGroup): FieldError[] {
  const errors = validateObjectMeta(group);
  const { attachedTo = [], ingress = [], egress = [], description = "" } = group.spec;
  if (group.metadata.name.startsWith("sg-")) {
    const detail = "Group names may not be in the format sg-*";
    errors.push(invalid("metadata.name", group.metadata.name, detail));
  }
  if (description.length > MAX_DESCRIPTION) {
    const detail = `Character sets beyond ${MAX_DESCRIPTION} characters are not supported`;
    errors.push(invalid("spec.description", description.slice(0, 20), detail));
  }
  if (attachedTo.length > MAX_ATTACHED) {
    errors.push(
      invalid("spec.attachedTo", attachedTo.length, `must have at most ${MAX_ATTACHED} items`),
    );
    return errors;
  }
  for (const [index, name] of attachedTo.entries()) {
    if (ATTACHED.test(name)) continue;
    const detail = "must be node/NAME, node/*, host/NAME or lb/NAMESPACE/NAME";
    errors.push(invalid(`spec.attachedTo[${index}]`, name, detail));
  }
  errors.push(...rulesErrors("spec.ingress", ingress), ...rulesErrors("spec.egress", egress));
  return errors;
}

/** Other objects' names are taken as they are: a rule may name a group that is yet to come. */
export function validateGroupCount(group: SecurityGroup, store: Store): FieldError[] {
  const others = [...store.list("SecurityGroup")].filter(
    ({ metadata }) => metadata.name !== group.metadata.name,
  );
  return others.length < MAX_GROUPS
    ? []
    : [
        invalid(
          "metadata.name",
          group.metadata.name,
          `SecurityGroupLimitExceeded: The maximum number of security groups (${MAX_GROUPS}) has been reached.`,
        ),
      ];
}

function rulesErrors(field: string, rules: readonly SecurityGroupRule[]): FieldError[] {
  if (rules.length > MAX_RULES) {
    const detail =
      "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.";
    return [invalid(field, rules.length, detail)];
  }
  return rules.flatMap((rule, index) => ruleErrors(`${field}[${index}]`, rule));
}

function ruleErrors(field: string, rule: SecurityGroupRule): FieldError[] {
  const { protocol, cidr, sourceGroup } = rule;
  const errors = portErrors(field, rule);
  if (!PROTOCOLS.includes(protocol)) {
    errors.push(unsupported(`${field}.protocol`, protocol, PROTOCOLS));
  }
  if (cidr !== undefined && sourceGroup !== undefined) {
    errors.push(invalid(`${field}.sourceGroup`, sourceGroup, "may not be set beside cidr"));
  } else if (sourceGroup === "") {
    errors.push(invalid(`${field}.sourceGroup`, "", "must name a security group"));
  } else if (cidr === undefined && sourceGroup === undefined) {
    errors.push(required(`${field}.cidr`, "a rule needs a cidr or a sourceGroup"));
  } else if (cidr !== undefined && parseCidr(cidr) === undefined) {
    errors.push(invalid(`${field}.cidr`, cidr, `CIDR block ${cidr} is malformed`));
  }
  if ((rule.description ?? "").length > MAX_DESCRIPTION) {
    errors.push(
      invalid(`${field}.description`, "", `must be no more than ${MAX_DESCRIPTION} characters`),
    );
  }
  return errors;
}

function portErrors(
  field: string,
  { protocol, fromPort, toPort }: SecurityGroupRule,
): FieldError[] {
  if (fromPort === undefined && toPort === undefined) return [];
  if (protocol === "all") {
    const detail = "a rule for all protocols is for all ports";
    return [invalid(`${field}.fromPort`, fromPort ?? toPort ?? 0, detail)];
  }
  if (fromPort === undefined) {
    const detail = "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.";
    return [required(`${field}.fromPort`, detail)];
  }
  const [least, most] = protocol === "ICMP" ? [-1, 255] : [0, 65_535];
  const errors: FieldError[] = [];
  for (const [name, port = fromPort] of [
    ["fromPort", fromPort],
    ["toPort", toPort],
  ] as const) {
    if (port >= least && port <= most) continue;
    const what = protocol === "ICMP" ? "ICMP type or code" : "TCP/UDP port";
    errors.push(invalid(`${field}.${name}`, port, `${what} (${port}) out of range`));
  }
  if (protocol !== "ICMP" && toPort !== undefined && fromPort > toPort) {
    const detail = `Invalid TCP/UDP port range (${fromPort}:${toPort})`;
    errors.push(invalid(`${field}.toPort`, toPort, detail));
  }
  return errors;
}
