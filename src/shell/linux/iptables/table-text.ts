import { formatTable } from "../../../core/dataplane/netfilter/print";
import {
  type Ruleset,
  TABLE_NAMES,
  type TableName,
  tableOf,
} from "../../../core/dataplane/netfilter/rules";

export function findTableName(name: string): TableName | undefined {
  return TABLE_NAMES.find((known) => known === name);
}

export function currentTable(ruleset: Ruleset, name: TableName) {
  return ruleset[name] ?? tableOf(name, []);
}

/** What iptables-restore must be given so that the table is as it was, with these lines done to it. */
export function changedTable(ruleset: Ruleset, name: TableName, lines: readonly string[]): string {
  const text = formatTable(currentTable(ruleset, name)).replace(/COMMIT\n$/, "");
  return [`${text}${lines.join("\n")}`, "COMMIT", ""].join("\n");
}

/** The text of `iptables-restore --noflush`, with what is there already before each table's own lines. */
export function withoutFlush(ruleset: Ruleset, text: string): string {
  let table: TableName | undefined;
  const lines = text.split("\n").flatMap((line) => {
    const begun = /^\*(\S+)/.exec(line)?.[1];
    if (begun !== undefined) {
      table = findTableName(begun);
      if (!table) return [line];
      return formatTable(currentTable(ruleset, table))
        .replace(/\nCOMMIT\n$/, "")
        .split("\n");
    }
    const declared = /^:(\S+)/.exec(line)?.[1];
    const known = declared !== undefined && table && ruleset[table]?.chains.get(declared);
    return known && known.policy === undefined ? [`-F ${declared}`] : [line];
  });
  return lines.join("\n");
}
