import type { ConntrackEntry } from "../../core/dataplane/netfilter/conntrack";
import { formatIpv4, parseIpv4 } from "../../core/net/ipv4";
import { hint } from "../hint";
import { type OptionError, parseOptions } from "../options";
import { fail, type Process, type Program, print } from "../process";
import { conntrackLine, liveEntries } from "./conntrack-text";
import { findNetns } from "./network";

const OPTIONS = {
  dump: { short: "L" },
  delete: { short: "D" },
  event: { short: "E" },
  count: { short: "C" },
  stats: { short: "S" },
  flush: { short: "F" },
  proto: { short: "p", value: true },
  src: { short: "s", value: true },
  "orig-src": { value: true },
  dst: { short: "d", value: true },
  "orig-dst": { value: true },
  "reply-src": { short: "r", value: true },
  "reply-dst": { short: "q", value: true },
  sport: { value: true },
  "orig-port-src": { value: true },
  dport: { value: true },
  "orig-port-dst": { value: true },
  "reply-port-src": { value: true },
  "reply-port-dst": { value: true },
  state: { value: true },
  "src-nat": { short: "n" },
  "dst-nat": { short: "g" },
  output: { short: "o", value: true },
  version: { short: "V" },
} as const;

const NAME = "conntrack v1.4.7 (conntrack-tools)";
const USAGE = `Command line interface for the connection tracking system. Version 1.4.7
Usage: conntrack [commands] [options]

Commands:
  -L [table] [options]\t\tList conntrack or expectation table
  -D [table] parameters\t\tDelete conntrack or expectation
  -E [table] [options]\t\tShow events
  -F [table]\t\t\tFlush table
  -C [table]\t\t\tShow counter
`;
const TRY = "Try `conntrack -h' or 'conntrack --help' for more information.";

export const conntrack: Program = async (process) => {
  if (process.args.some((word) => word === "-h" || word === "--help")) {
    await print(process, USAGE);
    return 0;
  }
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  const wrong = error ? optionWords(error) : wrongValue(values, rest);
  if (wrong !== undefined) return fail(process, `${NAME}: ${wrong}\n${TRY}`, 2);
  const netns = findNetns(process);
  if (!netns) return 1;
  if (values.version) {
    await print(process, NAME);
    return 0;
  }
  const entries = liveEntries(process.cluster.world, netns.id);
  if (values.count) {
    await print(process, String(entries.length));
    return 0;
  }
  if (values.stats) {
    await hint(process, "conntrack -S is not modelled here");
    return 1;
  }
  const chosen = entries.filter((entry) => fits(entry, values));
  if (values.delete || values.flush)
    return remove(process, netns.id, values.flush ? entries : chosen, values.flush !== undefined);
  if (values.event) return follow(process, netns.id, values);
  if (!values.dump) {
    await print(process, USAGE);
    return 0;
  }
  for (const entry of chosen) await print(process, conntrackLine(entry, process.cluster.nowUs));
  await process.stderr.write(`${NAME}: ${chosen.length} flow entries have been shown.\n`);
  return 0;
};

/** Source: conntrack-tools conntrack.c, exit_error. */
function optionWords(error: OptionError): string {
  if (error.what === "unknown") return `unknown option \`--${error.long}'`;
  if (error.what === "unknownShort") return `unknown option \`-${error.letter}'`;
  return `option \`-${error.letter ?? `-${error.name}`}' requires an argument`;
}

/** Options of a protocol: unknown without `-p`. */
const PORTS = [
  "sport",
  "orig-port-src",
  "dport",
  "orig-port-dst",
  "reply-port-src",
  "reply-port-dst",
  "state",
];

function wrongValue(values: Values, rest: readonly string[]): string | undefined {
  const [table] = rest;
  if (table !== undefined && table !== "conntrack") return `unknown type \`${table}'`;
  for (const name of ["src", "orig-src", "dst", "orig-dst", "reply-src", "reply-dst"]) {
    const given = values[name]?.at(-1);
    if (given !== undefined && parseIpv4(given) === undefined)
      return `Invalid IP address \`${given}'`;
  }
  const protocol = values.proto?.at(-1);
  const port = PORTS.find((name) => values[name] !== undefined);
  if (protocol === undefined && port !== undefined) return `unknown option \`--${port}'`;
  return protocol === undefined || /^(?:tcp|udp|icmp|sctp|\d+)$/.test(protocol)
    ? undefined
    : `\`${protocol}' unsupported protocol`;
}

type Values = Readonly<Record<string, readonly string[]>>;

function fits({ original, reply, tcpState, dnat, snat }: ConntrackEntry, values: Values): boolean {
  const is = (names: readonly string[], actual: string | number) =>
    names.every((name) => values[name] === undefined || values[name]?.at(-1) === String(actual));
  return (
    is(["proto"], original.protocol) &&
    is(["src", "orig-src"], formatIpv4(original.src)) &&
    is(["dst", "orig-dst"], formatIpv4(original.dst)) &&
    is(["reply-src"], formatIpv4(reply.src)) &&
    is(["reply-dst"], formatIpv4(reply.dst)) &&
    is(["sport", "orig-port-src"], original.sport) &&
    is(["dport", "orig-port-dst"], original.dport) &&
    is(["reply-port-src"], reply.sport) &&
    is(["reply-port-dst"], reply.dport) &&
    is(["state"], tcpState ?? "") &&
    (!values["src-nat"] || snat) &&
    (!values["dst-nat"] || dnat)
  );
}

async function remove(
  process: Process,
  netns: string,
  entries: readonly ConntrackEntry[],
  all: boolean,
): Promise<number> {
  const lines = entries.map((entry) => conntrackLine(entry, process.cluster.nowUs));
  if (entries.length > 0)
    process.cluster.execute({
      type: "deleteConntrack",
      netns,
      entries: entries.map(({ id }) => id),
    });
  if (all) {
    await process.stderr.write(`${NAME}: connection tracking table has been emptied.\n`);
    return 0;
  }
  for (const line of lines) await print(process, line);
  await process.stderr.write(`${NAME}: ${lines.length} flow entries have been deleted.\n`);
  return lines.length > 0 ? 0 : 1;
}

/** `conntrack -E` until Ctrl-C. Simplified: of an entry's states, those that it has when something else happens, too. */
async function follow(process: Process, netns: string, values: Values): Promise<number> {
  const known = new Map<number, string>();
  const { cluster, interrupt } = process;
  const news = () =>
    liveEntries(cluster.world, netns).filter(
      (entry) => fits(entry, values) && known.get(entry.id) !== stateOf(entry),
    );
  for (const entry of news()) known.set(entry.id, stateOf(entry));
  for (;;) {
    await cluster.until(() => news().length > 0, { interrupt });
    for (const entry of news()) {
      const kind = known.has(entry.id) ? " [UPDATE]" : "    [NEW]";
      known.set(entry.id, stateOf(entry));
      await print(
        process,
        `${kind} ${conntrackLine(entry, cluster.nowUs).replace(/ mark=.*/, "")}`,
      );
    }
  }
}

function stateOf({ tcpState, seenReply, assured }: ConntrackEntry): string {
  return `${tcpState} ${seenReply} ${assured}`;
}
