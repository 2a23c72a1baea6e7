import { parseIpv4 } from "../../net/ipv4";
import type { Host, Node } from "../types";
import { isCidr, isIp, NOT_A_CIDR, NOT_AN_IP } from "./addresses";
import { type FieldError, forbidden, invalid, required, unsupported } from "./field-error";
import { rule, validateObjectMeta } from "./meta";
import { checkDns1123Subdomain, checkPortNumber, checkQualifiedName } from "./names";

const TAINT_EFFECTS = ["NoExecute", "NoSchedule", "PreferNoSchedule"];
const IP_ADDRESS_TYPES = ["InternalIP", "ExternalIP"];

/** Source: ValidateNode in core/validation; the check of addresses is ours, since ours are used. */
export function validateNode(node: Node): FieldError[] {
  const errors = validateObjectMeta(node);
  const { podCIDR, podCIDRs, taints = [] } = node.spec;
  for (const [index, range] of (podCIDRs ?? (podCIDR === undefined ? [] : [podCIDR])).entries()) {
    if (!isCidr(range)) errors.push(invalid(`spec.podCIDRs[${index}]`, range, NOT_A_CIDR));
  }
  for (const [index, taint] of taints.entries()) {
    const field = `spec.taints[${index}]`;
    if (!taint.key) errors.push(required(`${field}.key`, "name part must be non-empty"));
    else errors.push(...rule(`${field}.key`, taint.key, checkQualifiedName));
    if (!TAINT_EFFECTS.includes(taint.effect)) {
      errors.push(unsupported(`${field}.effect`, taint.effect ?? "", TAINT_EFFECTS));
    }
  }
  for (const [index, { type, address = "" }] of node.status.addresses.entries()) {
    if (IP_ADDRESS_TYPES.includes(type) && !isIp(address)) {
      errors.push(invalid(`status.addresses[${index}].address`, address, NOT_AN_IP));
    }
  }
  return errors;
}

export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const errors = validateNode(node);
  const before = old.spec.podCIDRs?.[0] ?? old.spec.podCIDR;
  const after = node.spec.podCIDRs?.[0] ?? node.spec.podCIDR;
  if (before !== undefined && before !== after) {
    errors.push(
      forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid'),
    );
  }
  return errors;
}

export function validateHost(host: Host): FieldError[] {
  const { zone, ip, publicIP, hostnames = [], listens = [], podNetwork = false } = host.spec;
  const errors = validateObjectMeta(host);
  if (zone !== "internet" && zone !== "vpc") {
    errors.push(unsupported("spec.zone", zone, ["internet", "vpc"]));
  }
  if (ip === "") errors.push(required("spec.ip"));
  else if (parseIpv4(ip) === undefined) {
    errors.push(invalid("spec.ip", ip, "must be a valid IPv4 address"));
  }
  if (publicIP !== undefined && parseIpv4(publicIP) === undefined)
    errors.push(invalid("spec.publicIP", publicIP, "must be a valid IPv4 address"));
  if (publicIP !== undefined && zone === "internet")
    errors.push(invalid("spec.publicIP", publicIP, "only a machine in the VPC needs one"));
  if (podNetwork && zone === "internet") {
    errors.push(invalid("spec.podNetwork", true, "only a machine in the VPC can take part"));
  }
  for (const [index, name] of hostnames.entries()) {
    errors.push(...rule(`spec.hostnames[${index}]`, name, checkDns1123Subdomain));
  }
  for (const [index, { protocol, port }] of listens.entries()) {
    const field = `spec.listens[${index}]`;
    if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP") {
      errors.push(unsupported(`${field}.protocol`, protocol, ["SCTP", "TCP", "UDP"]));
    }
    errors.push(...checkPortNumber(port).map((problem) => invalid(`${field}.port`, port, problem)));
  }
  return errors;
}
