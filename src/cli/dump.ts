import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDumped, type Topology, topologyOf } from "../core/cluster/topology";
import type { World } from "../core/cluster/world";
import { formatIpSets } from "../core/dataplane/netfilter/ipset";
import { formatRuleset } from "../core/dataplane/netfilter/print";
import { ipAddr, ipRoute } from "../core/dataplane/print-ip";
import { bridgeFdb, ipNeigh, ipRule, otherTables } from "../core/dataplane/print-policy";
import { sysctlLines } from "../core/dataplane/print-sysctl";
import { onlyFile, parseArguments, required } from "./arguments";
import { loadSettled } from "./load";
import { UserError } from "./user-error";

/** `dump FILE --out DIR`: the settled cluster as files that Linux tools load. */
export function dump(args: readonly string[]): number {
  const { values, positionals } = parseArguments(args, { out: { type: "string" } });
  const world = loadSettled(onlyFile(positionals));
  const out = required(values.out, "out");
  const nodes = writeDump(world, out).nodes.map(({ name }) => name);
  process.stdout.write(`${JSON.stringify({ out, nodes })}\n`);
  return 0;
}

/** The files that docs/dump-format.md lists. */
export function writeDump(world: World, out: string): Topology {
  const { plane } = world;
  const topology = topologyOf(world);
  try {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "topology.json"), `${JSON.stringify(topology, null, 2)}\n`);
    for (const netns of [...plane.all()].filter((one) => isDumped(world, one))) {
      const [kind, ...name] = netns.id.split("/");
      const folder = join(out, `${kind}s`, ...name);
      mkdirSync(folder, { recursive: true });
      const write = (file: string, lines: readonly string[]) =>
        writeFileSync(join(folder, file), `${lines.join("\n")}\n`);
      const writeSome = (file: string, lines: readonly string[]) => {
        if (lines.length > 0) write(file, lines);
      };
      write("ip-route", [...ipRoute(netns), ...otherTables(netns)]);
      writeSome("ip-rule", netns.rules ? ipRule(netns) : []);
      writeSome("ip-neigh", ipNeigh(netns));
      writeSome("bridge-fdb", bridgeFdb(netns));
      write("ip-addr", ipAddr(netns, plane));
      write("sysctl", sysctlLines(netns));
      if (netns.sets) writeFileSync(join(folder, "ipset"), formatIpSets(netns.sets));
      if (kind === "node")
        writeFileSync(join(folder, "iptables-save"), formatRuleset(plane.ruleset(netns.id)));
    }
  } catch (error) {
    if (error instanceof Error && "code" in error)
      throw new UserError(`cannot write to "${out}": ${error.message}`);
    throw error;
  }
  return topology;
}
