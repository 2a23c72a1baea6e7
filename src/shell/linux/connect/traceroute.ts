import { formatIpv4, parseIpv4 } from "../../../core/net/ipv4";
import { SECOND } from "../../../core/sim/time";
import { gnuError, parseOptions } from "../../options";
import { sourceOf } from "../../place";
import { fail, type Process, type Program } from "../../process";
import { isBusybox } from "../network";
import { outcomeOf } from "./reach";

const OPTIONS = {
  n: {},
  I: {},
  "4": {},
  m: { value: true },
  q: { value: true },
  w: { value: true },
  p: { value: true },
} as const;

/** Source: traceroute(8): the first port that its probes go to, one more with each. */
const FIRST_PORT = 33_434;

/** Datagrams with a time to live of 1, 2, 3 …; whoever lets one die tells so, if it tells anything. */
export const traceroute: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, gnuError("traceroute", error), 2);
  const [host] = rest;
  if (host === undefined)
    return fail(process, "Usage: traceroute [-n] [-m MAXTTL] [-q PROBES] [-w WAIT] HOST", 2);
  if (isBusybox(process) && process.user === "nobody")
    return fail(process, "traceroute: socket: Operation not permitted");
  const from = sourceOf(process.place);
  if (from === undefined) return fail(process, "connect: Network is unreachable");
  const last = Number(values.m?.at(-1) ?? 30);
  const probes = Number(values.q?.at(-1) ?? 3);
  const waitUs = Number(values.w?.at(-1) ?? 5) * SECOND;
  let target = host;
  let port = Number(values.p?.at(-1) ?? FIRST_PORT);
  for (let ttl = 1; ttl <= last; ttl++) {
    let teller = "";
    let isThere = false;
    for (let i = 0; i < probes; i++) {
      const probe = await send(
        process,
        from,
        values.I ? `${target}/icmp` : `${target}:${port++}/udp`,
        ttl,
        waitUs,
      );
      if (probe === undefined)
        return fail(
          process,
          isBusybox(process)
            ? `traceroute: bad address '${host}'`
            : `${host}: Name or service not known\nCannot handle "host" cmdline arg \`${host}' on position 1 (argc 1)`,
          isBusybox(process) ? 1 : 2,
        );
      if (parseIpv4(target) === undefined) target = probe.target;
      if (ttl === 1 && i === 0)
        await process.stdout.write(
          `traceroute to ${host} (${target}), ${last} hops max, ${isBusybox(process) ? 46 : 60} byte packets\n`,
        );
      if (i === 0) await process.stdout.write(`${String(ttl).padStart(2)} `);
      if (probe.from === undefined) {
        await process.stdout.write(" *");
        continue;
      }
      if (probe.from !== teller)
        await process.stdout.write(` ${probe.from}${values.n ? "" : ` (${probe.from})`}`);
      teller = probe.from;
      await process.stdout.write(`  ${(probe.tookUs / 1_000).toFixed(3)} ms${probe.mark}`);
      isThere = isThere || probe.isEnd;
    }
    await process.stdout.write("\n");
    if (isThere) return 0;
  }
  return 0;
};

async function send(process: Process, from: string, to: string, ttl: number, waitUs: number) {
  const { cluster, interrupt } = process;
  const startUs = cluster.nowUs;
  const sent = await cluster.request(from, to, { ttl }, interrupt);
  if (!sent.ok) return undefined;
  const { hops } = sent.value;
  const reached = outcomeOf(sent.value);
  if (reached.kind === "noName") return undefined;
  const own = hops.find(({ direction, before }) => direction === "original" && !before.dns);
  const target = own ? formatIpv4(own.before.dst) : to;
  const told = [...hops]
    .reverse()
    .find(({ kind, direction }) => kind === "delivered" && direction === "reply");
  if (!told || reached.kind === "silent") {
    await cluster.sleep(startUs + waitUs - cluster.nowUs, interrupt);
    return { target, from: undefined, tookUs: 0, mark: "", isEnd: false };
  }
  const error = told.after.icmp?.error;
  return {
    target,
    from: formatIpv4(told.after.src),
    tookUs: told.atUs - (own?.atUs ?? startUs),
    mark:
      error === "host-unreachable"
        ? " !H"
        : error === "net-unreachable"
          ? " !N"
          : error?.endsWith("prohibited")
            ? " !X"
            : "",
    isEnd: error !== "ttl-exceeded",
  };
}
