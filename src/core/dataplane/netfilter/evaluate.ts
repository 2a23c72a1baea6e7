import { type Packet, packetBytes } from "../../net/packet";
import type { RuleWalk } from "../../trace/hop";
import { indexOf } from "./chain-index";
import { type MatchContext, matches } from "./match";
import type { Chain, Hook, Rule, Table } from "./rules";
import type { ConnmarkTarget, MarkTarget, NatTarget } from "./target-kinds";
import { type PacketCt, UNTRACKED } from "./tracking";

/** Source: kernel XT_JUMP_STACK_MAX: a deeper nest of jumps cannot be loaded. */
const MAX_JUMPS = 16;

/** How one table's chain for a hook decided. */
export interface TableVerdict {
  readonly kind: "ACCEPT" | "DROP" | "REJECT" | "NAT";
  /** The rule that decided; absent when it was the chain's policy. */
  readonly rule?: Rule;
  readonly nat?: NatTarget;
  /** The packet with its mark as the rules left it. */
  readonly packet: Packet;
  /** What conntrack knows of it, with its connection's mark as the rules left it. */
  readonly ct?: PacketCt | undefined;
}

/** Walks the built-in chain of `hook` in one table, rule by rule: matches, jumps, RETURN, policy, counters.
 *  `indexed: false` tests every rule in turn: the oracle that the index is checked against. */
export function evaluateTable(
  table: Table,
  hook: Hook,
  packet: Packet,
  context: MatchContext,
  walks: RuleWalk[],
  indexed = true,
): TableVerdict {
  const builtIn = table.chains.get(hook);
  const { ct } = context;
  if (!builtIn || builtIn.rules.length === 0)
    return { kind: builtIn?.policy ?? "ACCEPT", packet, ct };

  const returns: { chain: Chain; position: number }[] = [];
  let chain = builtIn;
  let position = 0;
  let current = packet;
  let known = context;
  for (;;) {
    const from = position;
    const matched = nextMatch(chain, from, current, known, indexed);
    if (matched < 0) {
      walks.push({ table: table.name, chain, from, to: chain.rules.length - 1 });
      const back = returns.pop();
      if (!back) return byPolicy(builtIn, current, known.ct);
      chain = back.chain;
      position = back.position;
      continue;
    }
    const rule = chain.rules[matched] as Rule;
    walks.push({ table: table.name, chain, from, to: matched, matched: rule });
    count(rule, current, context);
    position = matched + 1;
    const target = rule.target;
    if (!target) continue;
    switch (target.kind) {
      case "ACCEPT":
      case "DROP":
      case "REJECT":
        return { kind: target.kind, rule, packet: current, ct: known.ct };
      case "DNAT":
      case "SNAT":
      case "MASQUERADE":
      case "REDIRECT":
        return { kind: "NAT", rule, nat: target, packet: current, ct: known.ct };
      case "MARK":
        current = { ...current, mark: markBy(target, current.mark) };
        break;
      case "CONNMARK": {
        const mark = packetMarkBy(target, current.mark, known.ct);
        known = { ...known, ct: withMark(target, current.mark, known) };
        if (mark !== current.mark) current = { ...current, mark };
        break;
      }
      case "NOTRACK":
        // What conntrack has seen before (on lo) stays with its connection. Source: kernel xt_CT.c, xt_ct_target.
        if (!known.ct) known = { ...known, ct: UNTRACKED };
        break;
      case "RETURN": {
        const back = returns.pop();
        if (!back) return byPolicy(builtIn, current, known.ct, rule);
        chain = back.chain;
        position = back.position;
        break;
      }
      case "jump":
      case "goto":
        // After a goto the end of that chain is the end of this one, too.
        if (target.kind === "jump") returns.push({ chain, position });
        if (returns.length > MAX_JUMPS) throw new Error(`too many jumps at ${target.chain}`);
        chain = getChain(table, target.chain);
        position = 0;
        break;
      case "LOG":
      case "NFLOG":
      case "TRACE":
      case "TCPMSS":
      case "CHECKSUM":
        break;
    }
  }
}

function byPolicy(
  { policy = "ACCEPT" }: Chain,
  packet: Packet,
  ct: PacketCt | undefined,
  rule?: Rule,
): TableVerdict {
  return rule ? { kind: policy, rule, packet, ct } : { kind: policy, packet, ct };
}

function getChain({ name: table, chains }: Table, name: string): Chain {
  const chain = chains.get(name);
  if (!chain) throw new Error(`chain ${name} does not exist in ${table}`);
  return chain;
}

/** Position of the first matching rule from `from` on; -1 when the chain ends without. */
function nextMatch(
  chain: Chain,
  from: number,
  packet: Packet,
  context: MatchContext,
  indexed: boolean,
): number {
  const { rules } = chain;
  const index = indexed ? indexOf(chain) : undefined;
  if (!index) {
    for (let i = from; i < rules.length; i++)
      if (matchesRule(rules[i] as Rule, packet, context)) return i;
    return -1;
  }
  for (
    let i = index.next(packet, from, rules.length);
    i < rules.length;
    i = index.next(packet, i + 1, rules.length)
  ) {
    if (matchesRule(rules[i] as Rule, packet, context)) return i;
  }
  return -1;
}

/** Matches are tested in order, and the first that fails ends it: a `recent --set` or a random draw behind it never happens. */
function matchesRule(rule: Rule, packet: Packet, context: MatchContext): boolean {
  for (const match of rule.matches) if (!matches(match, packet, context)) return false;
  return true;
}

function count(rule: Rule, packet: Packet, { state }: MatchContext): void {
  const before = state.counters.get(rule);
  state.counters.set(rule, {
    packets: (before?.packets ?? 0) + 1,
    bytes: (before?.bytes ?? 0) + packetBytes(packet),
  });
}

function markBy(target: MarkTarget, mark: number): number {
  switch (target.op) {
    case "set":
      return target.value >>> 0;
    case "or":
      return (mark | target.value) >>> 0;
    case "xor":
      return (mark ^ target.value) >>> 0;
    case "and":
      return (mark & target.value) >>> 0;
    case "xmark":
      return ((mark & ~target.mask) ^ target.value) >>> 0;
  }
}

/** Source: kernel xt_connmark.c, connmark_tg. */
function packetMarkBy(target: ConnmarkTarget, mark: number, ct: PacketCt | undefined): number {
  if (target.op !== "restore") return mark;
  const tuples = ct?.entry ?? ct?.pending;
  if (!tuples) return mark;
  return ((mark & ~target.nfmask) ^ ((tuples.mark ?? 0) & target.ctmask)) >>> 0;
}

function withMark(
  target: ConnmarkTarget,
  packetMark: number,
  { ct, state }: MatchContext,
): PacketCt | undefined {
  const tuples = ct?.entry ?? ct?.pending;
  if (!ct || !tuples || target.op === "restore") return ct;
  const before = tuples.mark ?? 0;
  const after =
    target.op === "set"
      ? (before & ~target.mask) ^ target.value
      : (before & ~target.ctmask) ^ (packetMark & target.nfmask);
  const mark = after >>> 0;
  if (mark === before) return ct;
  if (ct.pending && !ct.entry) return { ...ct, pending: { ...ct.pending, mark } };
  if (!ct.entry) return ct;
  const entry = { ...ct.entry, mark };
  state.conntrack.replace(entry);
  return { ...ct, entry };
}
