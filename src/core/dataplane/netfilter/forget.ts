import type { NetnsState } from "../plane";
import { type Chain, type Rule, type Ruleset, TABLE_NAMES } from "./rules";

/** Forgets what the kernel remembers for rules that are gone: counters, token buckets, where `nth` stands, and lists of
 *  `recent` that no rule names any more.
 *  @param isEdit rules were changed one by one: those that are still in their chain are not gone */
export function forgetRules(
  state: NetnsState,
  previous: Ruleset,
  next: Ruleset,
  isEdit: boolean,
): void {
  const { counters, buckets, nth, recent } = state;
  const lists = new Set<string>();
  for (const rule of removedRules(previous, next, isEdit)) {
    counters.delete(rule);
    for (const match of rule.matches) {
      if (match.kind === "limit") buckets.delete(match);
      else if (match.kind === "statistic-nth") nth.delete(match);
      else if (match.kind === "recent" && recent.has(match.list)) lists.add(match.list);
    }
  }
  if (lists.size === 0) return;
  for (const { rules } of chainsOf(next)) for (const name of listsOf(rules)) lists.delete(name);
  for (const name of lists) recent.delete(name);
}

/** A chain that was written anew starts again from zero, whatever is in it. */
function* removedRules(previous: Ruleset, next: Ruleset, isEdit: boolean): Generator<Rule> {
  for (const name of TABLE_NAMES) {
    for (const chain of previous[name]?.chains.values() ?? []) {
      const now = next[name]?.chains.get(chain.name);
      if (now === chain) continue;
      const kept = new Set(isEdit ? now?.rules : []);
      for (const rule of chain.rules) if (!kept.has(rule)) yield rule;
    }
  }
}

function* chainsOf(ruleset: Ruleset): Generator<Chain> {
  for (const name of TABLE_NAMES) yield* ruleset[name]?.chains.values() ?? [];
}

function* listsOf(rules: readonly Rule[]): Generator<string> {
  for (const { matches } of rules)
    for (const match of matches) if (match.kind === "recent") yield match.list;
}
