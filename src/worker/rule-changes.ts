import { diffArrays } from "diff";
import { causesOf } from "../core/cluster/cause";
import type { World } from "../core/cluster/world";
import { formatRule } from "../core/dataplane/netfilter/print";
import type { Chain, Rule, Ruleset, TableName } from "../core/dataplane/netfilter/rules";
import type { RuleChange } from "./protocol";

const TABLES: readonly TableName[] = ["nat", "filter", "mangle", "raw", "security"];

/** What is different in a node's rules between two moments, chain by chain, as a diff shows it; each line with the
 *  objects behind it, as they were when it was written. */
export function ruleChanges(before: World, after: World, node: string): readonly RuleChange[] {
  const id = `node/${node}`;
  const was = before.plane.ruleset(id);
  const is = after.plane.ruleset(id);
  return TABLES.flatMap((table) =>
    chainNames(was, is, table).flatMap((name) => {
      const old = was[table]?.chains.get(name);
      const now = is[table]?.chains.get(name);
      return old === now ? [] : chainChanges({ table, name, old, now, before, after, node });
    }),
  );
}

function chainNames(was: Ruleset, is: Ruleset, table: TableName): readonly string[] {
  const names = new Set([
    ...(was[table]?.chains.keys() ?? []),
    ...(is[table]?.chains.keys() ?? []),
  ]);
  return [...names].sort();
}

interface ChainPair {
  readonly table: TableName;
  readonly name: string;
  readonly old: Chain | undefined;
  readonly now: Chain | undefined;
  readonly before: World;
  readonly after: World;
  readonly node: string;
}

function chainChanges(pair: ChainPair): readonly RuleChange[] {
  const { table, name, old, now, before, after, node } = pair;
  const oldRules = old?.rules ?? [];
  const newRules = now?.rules ?? [];
  const parts = diffArrays(
    oldRules.map((rule) => formatRule(name, rule)),
    newRules.map((rule) => formatRule(name, rule)),
  );
  const changes: RuleChange[] = [];
  let oldPosition = 0;
  let newPosition = 0;
  for (const { value, added, removed } of parts) {
    for (const text of value) {
      const rule: Rule | undefined = removed ? oldRules[oldPosition] : newRules[newPosition];
      if (added || removed) {
        const { store } = removed ? before : after;
        const causes = causesOf(store, rule?.origin, { node, table, chain: name });
        changes.push({ table, chain: name, change: added ? "added" : "removed", text, causes });
      }
      if (!added) oldPosition++;
      if (!removed) newPosition++;
    }
  }
  return changes;
}
