import type { Chain, Match, Rule, RuleTarget } from "../dataplane/netfilter/rules";
import type { Cidr } from "../net/cidr";
import { type Ipv4, ipv4 } from "../net/ipv4";
import * as m from "./matches";
import { formatOrigin, type NodeRole } from "./origin";
import type { ProxySettings } from "./settings";

/** What kube-proxy writes once per node, whatever Services there are. */

const LOCALNET: Cidr = { network: ipv4("127.0.0.0"), prefix: 8 };
const NODE_PORTS_COMMENT =
  "kubernetes service nodeports; NOTE: this must be the last rule in this chain";

function nodeRule(
  role: NodeRole,
  matches: readonly Match[],
  target: RuleTarget,
  comment?: string,
  commentAfter?: number,
): Rule {
  return {
    matches,
    target,
    ...(comment !== undefined && { comment }),
    ...(commentAfter !== undefined && { commentAfter }),
    origin: formatOrigin({ by: "kube-proxy", role }),
  };
}

/** A built-in chain and the rules that kube-proxy puts at its top, in this order. */
export interface Jumps {
  readonly table: "nat" | "filter";
  readonly chain: string;
  readonly rules: readonly Rule[];
}

const NEW: Match = { kind: "ctstate", states: ["NEW"] };

function jumpRule(chain: string, comment: string): Rule {
  return nodeRule("jump", [], m.jump(chain), comment);
}

function jumpOfNew(chain: string, comment: string): Rule {
  return nodeRule("jump", [NEW], m.jump(chain), comment, 1);
}

const portals = () => jumpRule("KUBE-SERVICES", "kubernetes service portals");
const newPortals = () => jumpOfNew("KUBE-SERVICES", "kubernetes service portals");
const newFirewall = () => jumpOfNew("KUBE-PROXY-FIREWALL", "kubernetes load balancer firewall");
const newExternal = () =>
  jumpOfNew("KUBE-EXTERNAL-SERVICES", "kubernetes externally-visible service portals");
const localnetFirewall = () => nodeRule("jump", [], m.jump("KUBE-FIREWALL"));

/** Every jump is a rule of its own, for counters are kept by a rule's identity. */
export const JUMPS: readonly Jumps[] = [
  { table: "nat", chain: "PREROUTING", rules: [portals()] },
  { table: "nat", chain: "OUTPUT", rules: [portals()] },
  {
    table: "nat",
    chain: "POSTROUTING",
    rules: [jumpRule("KUBE-POSTROUTING", "kubernetes postrouting rules")],
  },
  {
    table: "filter",
    chain: "INPUT",
    rules: [
      localnetFirewall(),
      newFirewall(),
      jumpRule("KUBE-NODEPORTS", "kubernetes health check service ports"),
      newExternal(),
    ],
  },
  {
    table: "filter",
    chain: "FORWARD",
    rules: [
      newFirewall(),
      jumpRule("KUBE-FORWARD", "kubernetes forwarding rules"),
      newPortals(),
      newExternal(),
    ],
  },
  { table: "filter", chain: "OUTPUT", rules: [localnetFirewall(), newFirewall(), newPortals()] },
];

export const PROXY_CANARY: Chain = { name: "KUBE-PROXY-CANARY", rules: [] };

/** Rules that depend on settings only; kept per settings, so that all nodes and syncs share them. */
export interface FixedRules {
  readonly postrouting: readonly Rule[];
  readonly markMasq: readonly Rule[];
  readonly forward: readonly Rule[];
  readonly firewall: readonly Rule[];
}

const fixedRulesOf = new WeakMap<ProxySettings, FixedRules>();

export function fixedRules(settings: ProxySettings): FixedRules {
  let rules = fixedRulesOf.get(settings);
  if (!rules) {
    rules = writeFixedRules(settings);
    fixedRulesOf.set(settings, rules);
  }
  return rules;
}

function writeFixedRules({ mark, tcpBeLiberal, localhostNodePorts }: ProxySettings): FixedRules {
  const marked: Match = { kind: "mark", value: mark, mask: mark };
  const snat = "kubernetes service traffic requiring SNAT";
  return {
    postrouting: [
      nodeRule("masquerade", [{ ...marked, negate: true }], m.RETURN),
      nodeRule("masquerade", [], { kind: "MARK", op: "xor", value: mark }),
      nodeRule("masquerade", [], { kind: "MASQUERADE", randomFully: true }, snat),
    ],
    markMasq: [nodeRule("mark-masquerade", [], { kind: "MARK", op: "or", value: mark })],
    forward: [
      ...(tcpBeLiberal
        ? []
        : [nodeRule("forward", [{ kind: "ctstate", states: ["INVALID"] }], m.DROP)]),
      nodeRule("forward", [marked], m.ACCEPT, "kubernetes forwarding rules"),
      nodeRule(
        "forward",
        [{ kind: "ctstate", states: ["RELATED", "ESTABLISHED"] }],
        m.ACCEPT,
        "kubernetes forwarding conntrack rule",
      ),
    ],
    firewall: localhostNodePorts ? [localnetRule()] : [],
  };
}

/** Only this node may speak to its own 127/8, although route_localnet is on. */
function localnetRule(): Rule {
  const matches: Match[] = [
    { kind: "source", range: LOCALNET, negate: true },
    { kind: "destination", range: LOCALNET },
    { kind: "ctstate", states: ["RELATED", "ESTABLISHED", "DNAT"], negate: true },
  ];
  return nodeRule("localnet-firewall", matches, m.DROP, "block incoming localnet connections");
}

/** The last rules of nat KUBE-SERVICES. `addresses`: where NodePorts answer; absent: on every local address. */
export function nodePortsTail(
  settings: ProxySettings,
  addresses: readonly Ipv4[] | undefined,
): readonly Rule[] {
  const target = m.jump("KUBE-NODEPORTS");
  if (addresses) {
    return addresses.map((ip) => nodeRule("node-ports", [m.to(ip)], target, NODE_PORTS_COMMENT));
  }
  const notLocalnet: Match = { kind: "destination", range: LOCALNET, negate: true };
  const matches = settings.localhostNodePorts ? [] : [notLocalnet];
  return [nodeRule("node-ports", [...matches, m.dstType("LOCAL")], target, NODE_PORTS_COMMENT)];
}
