import { formatIpSets, type IpSet } from "../../core/dataplane/netfilter/ipset";
import type { Ruleset } from "../../core/dataplane/netfilter/rules";
import { hint } from "../hint";
import { fail, type Program, print } from "../process";
import { findNetns, nodeOf } from "./network";

const NAME = "ipset v7.17";

/** Lists the sets of a node. What changes one is loaded with its rules, as `ipset restore` text before iptables-save's. */
export const ipset: Program = async (process) => {
  const netns = findNetns(process);
  const words = process.args.filter((word) => !/^-(?:n|name|t|terse|s|sorted)$/.test(word));
  const names = process.args.some((word) => /^-(?:n|name)$/.test(word));
  const [verb, wanted, entry] = words;
  if (verb === undefined)
    return fail(
      process,
      `${NAME}: No command specified.\nTry \`ipset help' for more information.`,
      2,
    );
  if (verb === "version" || verb === "-V") {
    await print(process, `${NAME}, protocol version: 7`);
    return 0;
  }
  if (
    !/^(?:list|-L|save|-S|test|-T|create|-N|add|-A|del|-D|destroy|-X|flush|-F|restore|-R|swap|-W|rename|-E)$/.test(
      verb,
    )
  )
    return fail(
      process,
      `${NAME}: No command specified: unknown argument ${verb}\nTry \`ipset help' for more information.`,
      2,
    );
  if (!netns || nodeOf(process) === undefined) {
    await hint(process, "sets are modelled on the cluster's nodes only");
    return 1;
  }
  const sets = netns.sets ?? new Map<string, IpSet>();
  if (wanted !== undefined && !sets.has(wanted) && !/^(?:create|-N)$/.test(verb))
    return fail(process, `${NAME}: The set with the given name does not exist`);
  const shown = [...sets.values()].filter((one) => wanted === undefined || one.name === wanted);
  switch (verb) {
    case "list":
    case "-L": {
      const ruleset = process.cluster.world.plane.ruleset(netns.id);
      const texts = shown.map((one) => (names ? `${one.name}\n` : described(one, ruleset)));
      await process.stdout.write(texts.join(names ? "" : "\n"));
      return 0;
    }
    case "save":
    case "-S":
      await process.stdout.write(formatIpSets(new Map(shown.map((one) => [one.name, one]))));
      return 0;
    case "test":
    case "-T": {
      const isIn = sets.get(wanted ?? "")?.entries.includes(entry ?? "") ?? false;
      await process.stderr.write(
        `${isIn ? "Warning: " : ""}${entry} is ${isIn ? "" : "NOT "}in set ${wanted}.\n`,
      );
      return isIn ? 0 : 1;
    }
    default:
      await hint(
        process,
        `ipset ${verb} is not modelled here: iptables-restore takes the lines of ipset save before its own`,
      );
      return 1;
  }
};

/** Simplified: sizes in memory are not known. */
function described({ name, type, options, entries }: IpSet, ruleset: Ruleset): string {
  const references = Object.values(ruleset)
    .flatMap((table) => (table ? [...table.chains.values()].flatMap(({ rules }) => rules) : []))
    .filter(({ matches }) =>
      matches.some((match) => match.kind === "set" && match.set === name),
    ).length;
  return [
    `Name: ${name}`,
    `Type: ${type}`,
    "Revision: 6",
    `Header: ${options}`,
    "Size in memory: 0",
    `References: ${references}`,
    `Number of entries: ${entries.length}`,
    "Members:",
    ...entries,
    "",
  ].join("\n");
}
