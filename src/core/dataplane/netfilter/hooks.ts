import type { Ipv4 } from "../../net/ipv4";
import type { Packet } from "../../net/packet";
import type { Decider } from "../../sim/decider";
import type { RuleWalk } from "../../trace/hop";
import type { Netns } from "../netns";
import type { Plane } from "../plane";
import type { ConntrackTable } from "./conntrack";
import { evaluateTable, type TableVerdict } from "./evaluate";
import type { BridgePorts, MatchContext } from "./match";
import { applyNat, bindWithoutNat, type NatContext } from "./nat";
import {
  EMPTY_RULESET,
  type Hook,
  type RejectKind,
  type Rule,
  type Ruleset,
  type TableName,
} from "./rules";
import { advanceEntry, confirm, type PacketCt, track, translate } from "./tracking";

export interface HookInput {
  readonly plane: Plane;
  readonly netns: Netns;
  readonly packet: Packet;
  readonly ct?: PacketCt | undefined;
  readonly nowUs: number;
  readonly decide: Decider;
  readonly devIn?: string | undefined;
  readonly devOut?: string | undefined;
  readonly nextHop?: Ipv4 | undefined;
  readonly bridge?: BridgePorts | undefined;
  readonly naive?: boolean | undefined;
  readonly origin?: string | undefined;
}

export interface HookResult {
  readonly verdict: "ACCEPT" | "DROP" | "REJECT";
  /** The rule that dropped or rejected. */
  readonly rule?: Rule;
  readonly rejectWith?: RejectKind;
  /** Dropped because the connection has another's tuple: conntrack cannot keep both. */
  readonly insertFailed?: boolean;
  readonly packet: Packet;
  readonly ct?: PacketCt;
  /** Chains walked, in all tables, in order. */
  readonly walks: readonly RuleWalk[];
  /** A NAT rule decided here, on the connection's first packet. */
  readonly natRule?: Rule;
  /** Headers were rewritten, by a rule or by the connection's entry. */
  readonly translated: boolean;
  /** The mangle table changed the mark of a packet that a socket of this machine sends. */
  readonly isRemarked?: boolean;
}

/** Which hooks a namespace has at all: without rules nothing is registered, and connections are not tracked. */
export function hasHooks(plane: Plane, netns: Netns): boolean {
  return plane.ruleset(netns.id) !== EMPTY_RULESET;
}

/** Tables before and after the nat table's place at each hook, by the kernel's hook priorities: raw −300, conntrack −200,
 *  mangle −150, destination NAT −100, filter 0, security 50, source NAT 100.
 *  Source: include/uapi/linux/netfilter_ipv4.h, nf_ip_hook_priorities. */
const BEFORE_NAT: Record<Hook, readonly TableName[]> = {
  PREROUTING: ["mangle"],
  INPUT: ["mangle", "filter", "security"],
  FORWARD: ["mangle", "filter", "security"],
  OUTPUT: ["mangle"],
  POSTROUTING: ["mangle"],
};
const AFTER_NAT: Partial<Record<Hook, readonly TableName[]>> = { OUTPUT: ["filter", "security"] };

/** Takes a packet through one hook: tracking, tables in order, NAT, confirmation. */
export function runHook(hook: Hook, input: HookInput): HookResult {
  const { plane, netns, nowUs } = input;
  const ruleset = plane.ruleset(netns.id);
  const state = plane.mutableState(netns.id);
  const walks: RuleWalk[] = [];
  let { packet } = input;
  let ct = input.ct;

  const run = (table: TableName): TableVerdict | undefined => {
    const verdict = walkTable(ruleset, table, hook, packet, ct, input, walks);
    if (verdict) {
      packet = verdict.packet;
      ct = verdict.ct;
    }
    return verdict;
  };

  if (hook === "PREROUTING" || hook === "OUTPUT") {
    const raw = run("raw");
    if (raw && raw.kind !== "ACCEPT") return refused(raw, packet, ct, walks);
    if (!ct)
      ct = advanceEntry(state.conntrack, track(state.conntrack, packet, nowUs), packet, nowUs);
  }

  for (const name of BEFORE_NAT[hook]) {
    const verdict = run(name);
    if (verdict?.kind === "DROP" || verdict?.kind === "REJECT")
      return refused(verdict, packet, ct, walks);
  }

  let natRule: Rule | undefined;
  const before = packet;
  const isRemarked = hook === "OUTPUT" && packet.mark !== input.packet.mark;
  if (ct && isTracked(ct) && hook !== "FORWARD") {
    const nat = ct.pending && !ct.entry ? run("nat") : undefined;
    if (nat?.kind === "DROP") return refused(nat, packet, ct, walks);
    const context = natContext(hook, input, state.conntrack);
    if (nat?.nat) {
      natRule = nat.rule;
      ({ ct, packet } = applyNat(nat.nat, ct, packet, context));
    } else if (hook === "POSTROUTING" || hook === "INPUT") {
      ({ ct, packet } = bindWithoutNat(ct, packet, context));
    }
    if (!ct.pending || ct.state === "RELATED")
      packet = translate(ct, packet, hook === "PREROUTING" || hook === "OUTPUT" ? "dst" : "src");
  }
  const translated =
    packet.src !== before.src ||
    packet.dst !== before.dst ||
    packet.sport !== before.sport ||
    packet.dport !== before.dport;

  for (const name of AFTER_NAT[hook] ?? []) {
    const verdict = run(name);
    if (verdict?.kind === "DROP" || verdict?.kind === "REJECT")
      return { ...refused(verdict, packet, ct, walks), ...(natRule && { natRule }), translated };
  }

  if (ct && (hook === "POSTROUTING" || hook === "INPUT") && ct.state !== "RELATED") {
    const confirmed = confirm(state.conntrack, ct, packet, nowUs, input.origin);
    if (!confirmed) {
      const clash = { verdict: "DROP", insertFailed: true, packet, ct, walks, translated } as const;
      return { ...clash, ...(natRule && { natRule }) };
    }
    ct = confirmed;
  }
  return {
    verdict: "ACCEPT",
    packet,
    ...(ct && { ct }),
    walks,
    ...(natRule && { natRule }),
    translated,
    ...(isRemarked && { isRemarked }),
  };
}

function isTracked({ state }: PacketCt): boolean {
  return state !== "INVALID" && state !== "UNTRACKED";
}

function natContext(hook: Hook, input: HookInput, table: ConntrackTable): NatContext {
  const { netns, nowUs, decide, devIn, devOut, nextHop } = input;
  return hook === "PREROUTING"
    ? { netns, table, nowUs, decide, devIn }
    : { netns, table, nowUs, decide, devOut, nextHop };
}

function walkTable(
  ruleset: Ruleset,
  name: TableName,
  hook: Hook,
  packet: Packet,
  ct: PacketCt | undefined,
  input: HookInput,
  walks: RuleWalk[],
): TableVerdict | undefined {
  const table = ruleset[name];
  if (!table) return undefined;
  const { netns, nowUs, devIn, devOut, bridge, decide } = input;
  const state = input.plane.mutableState(netns.id);
  const context: MatchContext = { netns, state, nowUs, devIn, devOut, bridge, ct, decide };
  return evaluateTable(table, hook, packet, context, walks, !input.naive);
}

function ruleOf(verdict: TableVerdict): { rule?: Rule } {
  return verdict.rule ? { rule: verdict.rule } : {};
}

function refused(
  verdict: TableVerdict,
  packet: Packet,
  ct: PacketCt | undefined,
  walks: readonly RuleWalk[],
): HookResult {
  const target = verdict.rule?.target;
  return {
    verdict: verdict.kind === "REJECT" ? "REJECT" : "DROP",
    ...ruleOf(verdict),
    ...(target?.kind === "REJECT" && { rejectWith: target.with }),
    packet,
    ...(ct && { ct }),
    walks,
    translated: false,
  };
}
