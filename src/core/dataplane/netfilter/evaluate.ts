import { type Packet, packetBytes } from "../../net/packet";
import type { RuleWalk } from "../../trace/hop";
import { indexOf } from "./chain-index";
import { type MatchContext, matches } from "./match";
import type { Chain, Hook, Rule, RuleTarget, Table } from "./rules";

/** Source: kernel XT_JUMP_STACK_MAX: a deeper nest of jumps cannot be loaded. */
const MAX_JUMPS = 16;

export type NatTarget = Extract<RuleTarget, { kind: "DNAT" | "SNAT" | "MASQUERADE" }>;

/** How one table's chain for a hook decided. */
export interface TableVerdict {
  readonly kind: "ACCEPT" | "DROP" | "REJECT" | "NAT";
  /** The rule that decided; absent when it was the chain's policy. */
  readonly rule?: Rule;
  readonly nat?: NatTarget;
  /** The packet with its mark as the rules left it. */
  readonly packet: Packet;
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
  if (!builtIn || builtIn.rules.length === 0) return { kind: builtIn?.policy ?? "ACCEPT", packet };

  const returns: { chain: Chain; position: number }[] = [];
  let chain = builtIn;
  let position = 0;
  let current = packet;
  for (;;) {
    const from = position;
    const matched = nextMatch(chain, from, current, context, indexed);
    if (matched < 0) {
      walks.push({ table: table.name, chain, from, to: chain.rules.length - 1 });
      const back = returns.pop();
      if (!back) return { kind: builtIn.policy ?? "ACCEPT", packet: current };
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
        return { kind: target.kind, rule, packet: current };
      case "DNAT":
      case "SNAT":
      case "MASQUERADE":
        return { kind: "NAT", rule, nat: target, packet: current };
      case "MARK":
        current = { ...current, mark: applyMark(current.mark, target) };
        break;
      case "RETURN": {
        const back = returns.pop();
        if (!back) return { kind: builtIn.policy ?? "ACCEPT", rule, packet: current };
        chain = back.chain;
        position = back.position;
        break;
      }
      case "jump": {
        const called = table.chains.get(target.chain);
        if (!called) throw new Error(`chain ${target.chain} does not exist in ${table.name}`);
        if (returns.length >= MAX_JUMPS) throw new Error(`too many jumps at ${target.chain}`);
        returns.push({ chain, position });
        chain = called;
        position = 0;
        break;
      }
    }
  }
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

function applyMark(mark: number, target: Extract<RuleTarget, { kind: "MARK" }>): number {
  switch (target.op) {
    case "set":
      return target.value >>> 0;
    case "or":
      return (mark | target.value) >>> 0;
    case "xor":
      return (mark ^ target.value) >>> 0;
    case "and":
      return (mark & target.value) >>> 0;
  }
}
