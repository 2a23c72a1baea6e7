import { formatTable } from "../../../core/dataplane/netfilter/print";
import type { Table } from "../../../core/dataplane/netfilter/rules";
import { fail, type Process } from "../../process";
import { kernelExit, VERSION } from "./refusals";

/** `iptables -E OLD NEW`: the chain, and every jump to it. */
export async function renameChain(
  process: Process,
  node: string,
  table: Table,
  [old, name, ...more]: readonly string[],
): Promise<number> {
  if (old === undefined || name === undefined || more.length > 0)
    return fail(
      process,
      `${VERSION}: -E requires old-chain-name and new-chain-name\nTry \`iptables -h' or 'iptables --help' for more information.`,
      2,
    );
  const chain = table.chains.get(old);
  if (!chain || chain.policy !== undefined)
    return kernelExit(process, "No chain/target/match by that name.", []);
  if (table.chains.has(name)) return fail(process, "iptables: File exists.");
  const text = formatTable(table)
    .split("\n")
    .map((line) => renamed(line, old, name))
    .join("\n");
  const command = { type: "restoreRules", node, text, keepsCounters: true } as const;
  const result = process.cluster.execute(command);
  if (result.ok) return 0;
  return kernelExit(process, result.refusals[0]?.status.causes?.[0]?.message ?? "failed", [old]);
}

function renamed(line: string, old: string, name: string): string {
  const [head = "", second = ""] = line.split(" ");
  if (head === `:${old}`) return `:${name}${line.slice(head.length)}`;
  const from =
    head === "-A" && second === old ? `-A ${name}${line.slice(`-A ${old}`.length)}` : line;
  return from.endsWith(` -j ${old}`) || from.endsWith(` -g ${old}`)
    ? `${from.slice(0, -old.length)}${name}`
    : from;
}
