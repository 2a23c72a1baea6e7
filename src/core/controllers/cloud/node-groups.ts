import type { Node, SecurityGroup, SecurityGroupRule, Service } from "../../api/types";
import type { ControlContext } from "../context";
import { newMeta } from "../objects";
import { loadBalancerName } from "./addresses";
import type { LoadBalancer } from "./load-balancer";

/** Source: cloud-provider-aws pkg/providers/v1, buildELBSecurityGroupList. */
const ELB_GROUP_PREFIX = "k8s-elb-";
/** Source: cloud-provider-aws pkg/providers/v1/aws.go, NLBClientRuleDescription and its like. */
const NLB_RULES = "kubernetes.io/rule/nlb/";

const EVERYWHERE = "0.0.0.0/0";
/** Load balancers have their addresses here. */
const BALANCER_SUBNET = "10.0.0.0/24";
/** Fragmentation needed: how a sender learns of a smaller MTU. */
const MTU_DISCOVERY = { protocol: "ICMP", fromPort: 3, toPort: 4 } as const;

/** What the AWS cloud controller does to security groups for one load balancer: a classic ELB gets a group of its own,
 *  which clients must be let in by and which the nodes let in; for an NLB the nodes let in its clients themselves.
 *  Simplified: a classic ELB that anybody may call, in front of nodes without groups, gets none; it would admit all. */
export function ensureSecurityGroups(
  ctx: ControlContext,
  service: Service,
  balancer: LoadBalancer,
): void {
  if (ctx.config.cloud !== "aws") return;
  const nodeGroups = groupsOfNodes(ctx);
  const isNlb = balancer.kind === "nlb";
  const ranges = service.spec.loadBalancerSourceRanges ?? [];
  const name = loadBalancerName(service);
  if (!isNlb && (ranges.length > 0 || nodeGroups.length > 0)) ensureElbGroup(ctx, service, name);
  else removeGroup(ctx, ELB_GROUP_PREFIX + name);
  const rules = isNlb ? nlbRules(service, balancer, name) : elbRules(name);
  for (const group of [...ctx.store.list("SecurityGroup")]) {
    const wanted = nodeGroups.includes(group.metadata.name) ? rules : [];
    setRulesOf(ctx, group, name, wanted);
  }
}

/** The load balancer is gone: so are its group, and the rules about it. */
export function removeSecurityGroups(ctx: ControlContext, serviceUid: string): void {
  if (ctx.config.cloud !== "aws") return;
  const name = loadBalancerName({ metadata: { uid: serviceUid } });
  for (const group of [...ctx.store.list("SecurityGroup")]) setRulesOf(ctx, group, name, []);
  removeGroup(ctx, ELB_GROUP_PREFIX + name);
}

/** Of each node's groups the first by name: the cloud controller opens one, the one that is tagged as the cluster's. */
function groupsOfNodes(ctx: ControlContext): readonly string[] {
  const names = new Set<string>();
  const groups = [...ctx.store.list("SecurityGroup")].sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
  for (const node of ctx.store.list("Node")) {
    const own = groups.find(({ spec }) => isOfNode(spec.attachedTo ?? [], node));
    if (own) names.add(own.metadata.name);
  }
  return [...names];
}

function isOfNode(attachedTo: readonly string[], { metadata }: Node): boolean {
  return attachedTo.includes("node/*") || attachedTo.includes(`node/${metadata.name}`);
}

function ensureElbGroup(ctx: ControlContext, service: Service, name: string): void {
  const { namespace, name: serviceName } = service.metadata;
  const { ports = [], loadBalancerSourceRanges = [] } = service.spec;
  const ranges = loadBalancerSourceRanges.length > 0 ? loadBalancerSourceRanges : [EVERYWHERE];
  const ingress = ranges.flatMap((cidr): readonly SecurityGroupRule[] => [
    ...ports.map(({ protocol, port }) => ({ protocol, fromPort: port, toPort: port, cidr })),
    { ...MTU_DISCOVERY, cidr },
  ]);
  const spec = {
    description: `Security group for Kubernetes ELB ${name} (${namespace}/${serviceName})`,
    attachedTo: [`lb/${namespace}/${serviceName}`],
    ingress,
  };
  const groupName = ELB_GROUP_PREFIX + name;
  const known = ctx.store.find("SecurityGroup", "", groupName);
  if (known && JSON.stringify(known.spec) === JSON.stringify(spec)) return;
  const metadata =
    known?.metadata ?? newMeta(ctx, { kind: "SecurityGroup", namespace: "", name: groupName });
  ctx.store.put({
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "SecurityGroup",
    metadata,
    spec,
  });
}

/** The ELB calls nodes from its own group. Source: updateInstanceSecurityGroupsForLoadBalancer. */
function elbRules(name: string): readonly SecurityGroupRule[] {
  return [{ protocol: "all", sourceGroup: ELB_GROUP_PREFIX + name }];
}

/** An NLB's clients come to the nodes under their own addresses. Source: updateInstanceSecurityGroupsForNLB. */
function nlbRules(
  { spec }: Service,
  { ports, healthCheck }: LoadBalancer,
  name: string,
): readonly SecurityGroupRule[] {
  const given = spec.loadBalancerSourceRanges ?? [];
  const ranges = given.length > 0 ? given : [EVERYWHERE];
  const about = (what: string) => `${NLB_RULES}${what}=${name}`;
  return [
    {
      protocol: "TCP",
      fromPort: healthCheck.port,
      toPort: healthCheck.port,
      cidr: BALANCER_SUBNET,
      description: about("health"),
    },
    ...ranges.flatMap((cidr) => [
      ...ports.map(({ protocol, nodePort }) => ({
        protocol: protocol === "udp" ? ("UDP" as const) : ("TCP" as const),
        fromPort: nodePort,
        toPort: nodePort,
        cidr,
        description: about("client"),
      })),
      { ...MTU_DISCOVERY, cidr, description: about("mtu") },
    ]),
  ];
}

/** Puts this load balancer's rules in the place of those that the group has of it. */
function setRulesOf(
  ctx: ControlContext,
  group: SecurityGroup,
  name: string,
  rules: readonly SecurityGroupRule[],
): void {
  const before = group.spec.ingress ?? [];
  const isOurs = ({ sourceGroup, description = "" }: SecurityGroupRule) =>
    sourceGroup === ELB_GROUP_PREFIX + name ||
    (description.startsWith(NLB_RULES) && description.endsWith(`=${name}`));
  if (JSON.stringify(before.filter(isOurs)) === JSON.stringify(rules)) return;
  const ingress = [...before.filter((rule) => !isOurs(rule)), ...rules];
  ctx.store.put({ ...group, spec: { ...group.spec, ingress } });
}

function removeGroup(ctx: ControlContext, name: string): void {
  if (ctx.store.find("SecurityGroup", "", name)) ctx.store.remove("SecurityGroup", "", name);
}
