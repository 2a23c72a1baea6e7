import { objectKey } from "../../api/types";
import { TABLE_NAMES } from "../../dataplane/netfilter/rules";
import { parseOrigin } from "../../kubeproxy/origin";
import {
  type Case,
  decidingRule,
  type Entered,
  isClusterIp,
  nameOf,
  nodeAtPlace,
  plain,
  ruleText,
} from "./case";
import { kubectl, listed, ruleLook, ssh } from "./lines";
import { whyNoEndpoints } from "./no-endpoints";
import { patch } from "./objects";
import { whyRulesDiffer } from "./rules-behind";
import { nodesWithEndpoints } from "./slices";
import { sourceRange } from "./source-ranges";
import type { Finding } from "./why";

/** Dropped or rejected by a rule, or by a chain's policy. */
export function whyFiltered(of: Case): Finding {
  const { world, verdict, hop } = of;
  if (verdict.explanation.includes("insert_failed")) return portsExhausted(of);
  const decided = decidingRule(of);
  const node = nodeAtPlace(hop.place);
  if (!decided || node === undefined) return plain("NetfilterRule", "A rule stops the packet", of);
  const policy = /by the policy of (\S+)$/.exec(verdict.explanation)?.[1];
  if (policy !== undefined) return byPolicy(of, policy, node);
  const { rule } = decided;
  if (!rule) return plain("NetfilterRule", "A rule stops the packet", of);
  const text = ruleText(decided, rule);
  const evidence = { what: "rule", text, node } as const;
  const look = [ruleLook(node, text)];
  const origin = rule.origin === undefined ? undefined : parseOrigin(rule.origin);
  const { entered } = of;
  if (origin?.by === "service" && entered) {
    const found = byService(of, entered, node);
    if (found) return { ...found, evidence, look: [...look, ...(found.look ?? [])] };
  }
  if (origin?.by === "service" && !entered)
    return {
      ...whyRulesDiffer(
        world,
        node,
        `There is no Service ${origin.service} any more, and the rules of ${node} still know it.`,
      ),
      evidence,
    };
  const isOwn = origin === undefined;
  return {
    code: "NetfilterRule",
    title: `A rule on ${node} stops the packet`,
    cause: `${isOwn ? "Somebody's own rule" : "A rule"} in chain ${decided.chain.name} of table ${decided.table} on ${node} ${verdict.kind === "dropped" ? "drops" : "rejects"} the packet.`,
    evidence,
    objects: [`Node/${node}`],
    look,
    fix: isOwn
      ? [
          {
            title: `Take the rule out of ${node}`,
            command: `ssh ${node} iptables -t ${decided.table} ${text.replace(/^-A/, "-D")}`,
          },
        ]
      : [],
  };
}

function byService(of: Case, entered: Entered, node: string): Finding | undefined {
  switch (entered.role) {
    case "no-endpoints":
      return (
        whyNoEndpoints(of.world, entered.service, entered.port) ??
        whyRulesDiffer(
          of.world,
          node,
          `${nameOf(entered.service)} has endpoints again, and the rules of ${node} still reject.`,
        )
      );
    case "no-local-endpoints":
      return noLocalEndpoints(of, entered, node);
    case "source-ranges-drop":
      return sourceRange(of, entered.service, "kube-proxy's firewall drops the packet");
    default:
      return undefined;
  }
}

function noLocalEndpoints(
  { world, dialled, asked }: Case,
  { service, port }: Entered,
  node: string,
): Finding {
  const isInternal = isClusterIp(service, dialled.ip);
  const field = isInternal ? "internalTrafficPolicy" : "externalTrafficPolicy";
  const nodes = nodesWithEndpoints(world, service);
  const { name, namespace } = service.metadata;
  const behind = nodes.includes(node)
    ? whyRulesDiffer(world, node, `${nameOf(service)} has a pod on ${node} again.`)
    : undefined;
  if (behind) return behind;
  const there = nodes.map((other) => ({
    title: `Ask ${other}, which has a pod`,
    send: {
      from: asked.from,
      to: `nodeport/${other}/${namespace}/${name}:${port?.name ?? port?.port ?? ""}`,
    },
  }));
  return {
    code: isInternal ? "InternalTrafficPolicyLocal" : "ExternalTrafficPolicyLocal",
    title: `Policy Local, and no pod on ${node}`,
    cause: `${nameOf(service)} has ${field}: Local, so ${node} hands on only to pods of its own, and it has none that is ready; they are on ${listed(nodes)}. kube-proxy drops the packet in silence.`,
    objects: [objectKey(service), `Node/${node}`, ...nodes.map((other) => `Node/${other}`)],
    look: [
      kubectl(`get service ${name} -o jsonpath='{.spec.${field}}'`, namespace, "Local"),
      kubectl(
        `get endpointslices -l kubernetes.io/service-name=${name} -o yaml`,
        namespace,
        "nodeName",
      ),
    ],
    fix: [
      {
        title: `Set ${field} to Cluster`,
        edits: [patch(service, { spec: { [field]: "Cluster" } })],
      },
      ...(isInternal ? [] : there.slice(0, 1)),
    ],
  };
}

function byPolicy({ world, verdict }: Case, chain: string, node: string): Finding {
  const ruleset = world.plane.ruleset(`node/${node}`);
  const table =
    TABLE_NAMES.find((name) => ruleset[name]?.chains.get(chain)?.policy === "DROP") ?? "filter";
  return {
    code: "NetfilterRule",
    title: `The policy of ${chain} on ${node} is DROP`,
    cause: `No rule of chain ${chain} in table ${table} on ${node} accepts the packet, and what falls through is ${verdict.kind}.`,
    evidence: { what: "rule", text: `:${chain} DROP`, node },
    objects: [`Node/${node}`],
    look: [ssh(`node/${node}`, `iptables -t ${table} -S ${chain}`, `-P ${chain} DROP`)],
    fix: [
      {
        title: `Let ${chain} accept`,
        command: `ssh ${node} iptables -t ${table} -P ${chain} ACCEPT`,
      },
    ],
  };
}

function portsExhausted(of: Case): Finding {
  const node = nodeAtPlace(of.hop.place);
  return {
    ...plain("PortsExhausted", "No source port is left for this connection", of),
    look: node === undefined ? [] : [ssh(`node/${node}`, "conntrack -L", "flow entries")],
  };
}
