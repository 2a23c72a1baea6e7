import type { Ipv4 } from "../../net/ipv4";
import type { Packet } from "../../net/packet";
import type { Decider } from "../../sim/decider";
import type { RuleWalk } from "../../trace/hop";
import type { Netns } from "../netns";
import type { Plane } from "../plane";
import { evaluateTable, type TableVerdict } from "./evaluate";
import { applyNat, bindWithoutNat } from "./nat";
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
  readonly naive?: boolean | undefined;
}

export interface HookResult {
  readonly verdict: "ACCEPT" | "DROP" | "REJECT";
  /** The rule that dropped or rejected. */
  readonly rule?: Rule;
  readonly rejectWith?: RejectKind;
  readonly packet: Packet;
  readonly ct?: PacketCt;
  /** Chains walked before NAT (raw, mangle, filter) and in the nat table. */
  readonly walks: readonly RuleWalk[];
  /** A NAT rule decided here, on the connection's first packet. */
  readonly natRule?: Rule;
  /** Headers were rewritten, by a rule or by the connection's entry. */
  readonly translated: boolean;
}

/** Which hooks a namespace has at all: without rules nothing is registered, and connections are not tracked. */
export function hasHooks(plane: Plane, netns: Netns): boolean {
  return plane.ruleset(netns.id) !== EMPTY_RULESET;
}

/** Order of the tables at each hook, by the kernel's hook priorities. Conntrack comes after raw (−200), destination
 *  NAT after mangle (−100), source NAT last (100). Source: include/uapi/linux/netfilter_ipv4.h, nf_ip_hook_priorities. */
const BEFORE_NAT: Record<Hook, readonly TableName[]> = {
  PREROUTING: ["mangle"],
  INPUT: ["mangle", "filter"],
  FORWARD: ["mangle", "filter"],
  OUTPUT: ["mangle"],
  POSTROUTING: ["mangle"],
};

/** Takes a packet through one hook: tracking, tables in order, NAT, confirmation. */
export function runHook(hook: Hook, input: HookInput): HookResult {
  const { plane, netns, nowUs } = input;
  const ruleset = plane.ruleset(netns.id);
  const state = plane.mutableState(netns.id);
  const walks: RuleWalk[] = [];
  let { packet } = input;
  let ct = input.ct;

  const run = (table: TableName): TableVerdict | undefined =>
    walkTable(ruleset, table, hook, packet, ct, input, walks);

  if (hook === "PREROUTING" || hook === "OUTPUT") {
    const raw = run("raw");
    if (raw && raw.kind !== "ACCEPT")
      return { verdict: "DROP", ...ruleOf(raw), packet, walks, translated: false };
    if (!ct)
      ct = advanceEntry(state.conntrack, track(state.conntrack, packet, nowUs), packet, nowUs);
  }

  for (const name of BEFORE_NAT[hook]) {
    const verdict = run(name);
    if (!verdict) continue;
    packet = verdict.packet;
    if (verdict.kind === "DROP" || verdict.kind === "REJECT")
      return refused(verdict, packet, ct, walks);
  }

  let natRule: Rule | undefined;
  const before = packet;
  if (ct && ct.state !== "INVALID" && hook !== "FORWARD") {
    const nat = ct.pending && !ct.entry ? run("nat") : undefined;
    if (nat) packet = nat.packet;
    const context = {
      netns,
      table: state.conntrack,
      nowUs,
      decide: input.decide,
      ...(input.devOut !== undefined && { devOut: input.devOut }),
      ...(input.nextHop !== undefined && { nextHop: input.nextHop }),
    };
    if (nat?.kind === "DROP") return refused(nat, packet, ct, walks);
    if (nat?.nat) {
      natRule = nat.rule;
      ({ ct, packet } = applyNat(nat.nat, ct, packet, context));
    } else if (hook === "POSTROUTING") {
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

  if (hook === "OUTPUT") {
    const filter = run("filter");
    if (filter) {
      packet = filter.packet;
      if (filter.kind === "DROP" || filter.kind === "REJECT") {
        return { ...refused(filter, packet, ct, walks), ...(natRule && { natRule }), translated };
      }
    }
  }

  if (ct && (hook === "POSTROUTING" || hook === "INPUT") && ct.state !== "RELATED") {
    ct = confirm(state.conntrack, ct, packet, nowUs);
  }
  return {
    verdict: "ACCEPT",
    packet,
    ...(ct && { ct }),
    walks,
    ...(natRule && { natRule }),
    translated,
  };
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
  const tuples = ct?.entry ?? ct?.pending;
  return evaluateTable(
    table,
    hook,
    packet,
    {
      netns: input.netns,
      state: input.plane.mutableState(input.netns.id),
      nowUs: input.nowUs,
      devIn: input.devIn,
      devOut: input.devOut,
      ctState: ct?.state ?? "UNTRACKED",
      dnat: tuples?.dnat ?? false,
      snat: tuples?.snat ?? false,
      decide: input.decide,
    },
    walks,
    !input.naive,
  );
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
