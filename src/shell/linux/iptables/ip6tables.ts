import { tableOf } from "../../../core/dataplane/netfilter/rules";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { nodeOf } from "../network";
import { listTable } from "./list";
import { VERSION } from "./refusals";
import { findTableName } from "./table-text";

/** IPv6 is not modelled: its tables are as on a machine that nobody gave rules to. */
export const ip6tables: Program = async (process) => {
  const words = [...process.args];
  const at = words.findIndex((word) => word === "-t" || word === "--table");
  const [, given = "filter"] = at < 0 ? [] : words.splice(at, 2);
  const name = findTableName(given);
  if (words[0] === "-V" || words[0] === "--version") {
    await print(process, VERSION.replace("iptables", "ip6tables"));
    return 0;
  }
  if (!name)
    return fail(
      process,
      `${VERSION.replace("iptables", "ip6tables")}: table '${given}' does not exist\nPerhaps ip6tables or your kernel needs to be upgraded.`,
      3,
    );
  const table = tableOf(name, []);
  const isListing = words.some((word) => /^-[nvx]*[LS][nvx]*$/.test(word));
  if (nodeOf(process) === undefined || !isListing) return unmodelled(process);
  if (words.some((word) => word.includes("S")))
    for (const chain of table.chains.keys()) await print(process, `-P ${chain} ACCEPT`);
  else
    for (const line of listTable(table, undefined, {
      numeric: false,
      verbose: false,
      exact: false,
      lineNumbers: false,
    }))
      await print(process, line);
  await hint(process, "IPv6 is not modelled here");
  return 0;
};

export const ip6tablesSave: Program = async (process) => {
  await hint(process, "IPv6 is not modelled here");
  return 0;
};

async function unmodelled(process: Process): Promise<number> {
  await hint(process, "IPv6 is not modelled here: there are no rules to change");
  return 1;
}
