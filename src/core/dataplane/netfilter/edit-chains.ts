import { type Chain, type Ruleset, type Table, type TableName, tableOf } from "./rules";

/** Chains by name; undefined: the chain goes. */
export type ChainChanges = ReadonlyMap<string, Chain | undefined>;

/** A collection of chains that can be changed in part without being copied as a whole. */
export interface EditableChains extends ReadonlyMap<string, Chain> {
  edited(changes: ChainChanges): ReadonlyMap<string, Chain>;
}

/** The rules with some chains of one table added, replaced or taken away. */
export function editTable(ruleset: Ruleset, name: TableName, changes: ChainChanges): Ruleset {
  if (changes.size === 0) return ruleset;
  const table = ruleset[name] ?? tableOf(name, []);
  return { ...ruleset, [name]: { name, chains: editChains(table, changes) } };
}

function editChains({ chains }: Table, changes: ChainChanges): ReadonlyMap<string, Chain> {
  if (isEditable(chains)) return chains.edited(changes);
  return withChanges(chains, changes);
}

export function withChanges(
  chains: ReadonlyMap<string, Chain>,
  changes: ChainChanges,
): ReadonlyMap<string, Chain> {
  const result = new Map(chains);
  for (const [name, chain] of changes) {
    if (chain) result.set(name, chain);
    else result.delete(name);
  }
  return result;
}

function isEditable(chains: ReadonlyMap<string, Chain>): chains is EditableChains {
  return "edited" in chains;
}
