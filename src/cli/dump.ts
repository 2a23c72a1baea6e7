import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { topologyOf } from "../core/cluster/topology";
import { formatRuleset } from "../core/dataplane/netfilter/print";
import { ipAddr, ipRoute } from "../core/dataplane/print-ip";
import { onlyFile, parseArguments, required } from "./arguments";
import { loadSettled } from "./load";
import { UserError } from "./user-error";

/** `dump FILE --out DIR`: the settled cluster as files that Linux tools load. */
export function dump(args: readonly string[]): number {
  const { values, positionals } = parseArguments(args, { out: { type: "string" } });
  const world = loadSettled(onlyFile(positionals));
  const out = required(values.out, "out");
  const topology = topologyOf(world);
  try {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "topology.json"), `${JSON.stringify(topology, null, 2)}\n`);
    for (const { name } of topology.nodes) {
      const folder = join(out, "nodes", name);
      mkdirSync(folder, { recursive: true });
      const netns = world.plane.get(`node/${name}`);
      writeFileSync(join(folder, "iptables-save"), formatRuleset(world.plane.ruleset(netns.id)));
      writeFileSync(join(folder, "ip-route"), `${ipRoute(netns).join("\n")}\n`);
      writeFileSync(join(folder, "ip-addr"), `${ipAddr(netns).join("\n")}\n`);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw new UserError(`cannot write to "${out}": ${error.message}`);
    throw error;
  }
  process.stdout.write(
    `${JSON.stringify({ out, nodes: topology.nodes.map(({ name }) => name) })}\n`,
  );
  return 0;
}
