import type { World } from "../../../core/cluster/world";
import type { Frame } from "../../../core/trace/frame";
import { Interrupted } from "../../interrupt";
import { gnuError, parseOptions } from "../../options";
import { fail, type Process, type Program, print } from "../../process";
import { findNetns } from "../network";
import { parseFilter } from "./filter";
import { frameLine } from "./lines";

const OPTIONS = {
  i: { value: true },
  n: {},
  v: {},
  l: {},
  q: {},
  t: {},
  c: { value: true },
  s: { value: true },
  D: {},
} as const;

/** What passes an interface from now on, until Ctrl-C or as many packets as `-c` says. */
export const tcpdump: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, gnuError("tcpdump", error));
  const netns = findNetns(process);
  if (!netns) return fail(process, "tcpdump: no suitable device found");
  if (values.D) {
    for (const [index, { name }] of netns.interfaces.entries())
      await print(process, `${index + 1}.${name} [Up, Running]`);
    return 0;
  }
  const device = values.i?.at(-1) ?? "eth0";
  if (device !== "any" && !netns.interfaces.some(({ name }) => name === device))
    return fail(process, `tcpdump: ${device}: No such device exists\n(No such device exists)`);
  const filter = parseFilter(rest);
  if (!filter) return fail(process, "tcpdump: can't parse filter expression: syntax error");
  const limit = Number(values.c?.at(-1) ?? Number.POSITIVE_INFINITY);
  const wanted = (frame: Frame) =>
    frame.netns === netns.id && (device === "any" || frame.dev === device) && filter(frame.packet);
  const { cluster, interrupt } = process;
  const seen = new Map(passing(cluster.world).map(({ key, frames }) => [key, frames.length]));
  const news = () =>
    passing(cluster.world).flatMap(({ key, frames }) =>
      frames.slice(seen.get(key) ?? 0).filter(wanted),
    );
  const any = device === "any";
  await process.stderr.write(
    `${any ? "tcpdump: data link type LINUX_SLL2\n" : ""}tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on ${device}, link-type ${any ? "LINUX_SLL2 (Linux cooked v2)" : "EN10MB (Ethernet)"}, snapshot length 262144 bytes\n`,
  );
  let captured = 0;
  try {
    while (captured < limit) {
      await cluster.until(() => news().length > 0, { interrupt });
      const frames = news();
      for (const { key, frames: all } of passing(cluster.world)) seen.set(key, all.length);
      for (const frame of [...frames].sort((a, b) => a.atUs - b.atUs)) {
        if (captured >= limit) break;
        captured++;
        await print(process, frameLine(frame, values.n !== undefined, any));
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof Interrupted) || thrown.signal === "SIGPIPE") throw thrown;
  }
  return summary(process, captured);
};

/** Whoever sends: people's requests, and the checks of kubelets and load balancers. */
function passing(world: World): readonly { key: string; frames: readonly Frame[] }[] {
  return [
    ...world.journeys().map(({ id, frames }) => ({ key: `request ${id}`, frames })),
    ...world.checks.map(({ id, journey: { frames } }) => ({ key: `check ${id}`, frames })),
  ];
}

async function summary(process: Process, captured: number): Promise<number> {
  const packets = `${captured} packet${captured === 1 ? "" : "s"}`;
  await process.stderr.write(
    `\n${packets} captured\n${packets} received by filter\n0 packets dropped by kernel\n`,
  );
  return 0;
}
