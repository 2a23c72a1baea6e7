import type { World } from "../core/cluster/world";
import { formatIpSets } from "../core/dataplane/netfilter/ipset";
import { parseRestore } from "../core/dataplane/netfilter/parse/restore";
import { formatRuleset } from "../core/dataplane/netfilter/print";
import type { RulesReading } from "./protocol";

/** What `iptables-save` prints on a node; `ipset save` comes first where it has sets. */
export function rulesText({ plane }: World, node: string): string {
  const sets = plane.find(`node/${node}`)?.sets;
  return `${sets ? formatIpSets(sets) : ""}${formatRuleset(plane.ruleset(`node/${node}`))}`;
}

export function readRules({ plane }: World, node: string, text: string): RulesReading {
  const restored = parseRestore(text, plane.find(`node/${node}`)?.sets);
  if (!restored.ok) return { errors: restored.errors, tables: [], sets: 0 };
  const tables = Object.values(restored.tables).map(({ name, chains }) => {
    const rules = [...chains.values()].reduce((sum, chain) => sum + chain.rules.length, 0);
    return { name, chains: chains.size, rules };
  });
  return { errors: [], tables, sets: restored.sets.size };
}
