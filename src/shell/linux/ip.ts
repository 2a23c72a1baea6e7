import { findRoute, lookUp } from "../../core/dataplane/fib";
import { MAIN_TABLE, type Netns, type NetworkInterface } from "../../core/dataplane/netns";
import { isNetworkChange } from "../../core/dataplane/parse-network-change";
import { ipRoute } from "../../core/dataplane/print-ip";
import { ipRule, otherTables } from "../../core/dataplane/print-policy";
import { sourceFor } from "../../core/dataplane/source-address";
import { broadcast, cidrOf, contains, parseCidr } from "../../core/net/cidr";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../core/net/ipv4";
import { hint } from "../hint";
import { fail, type Process, type Program, print } from "../process";
import { changeWith } from "./ip-change";
import { addressLines, briefLines, hasInterface } from "./ip-forms";
import { localTable } from "./ip-local-table";
import { inOtherNetns, ipNetns } from "./ip-netns";
import { neighbourLines } from "./neighbours";
import { findNetns, isBusybox, trafficOf } from "./network";

const OBJECTS = [
  "address",
  "addr",
  "link",
  "neighbor",
  "neighbour",
  "neigh",
  "route",
  "rule",
  "help",
];
/** What iproute2 could show, and has nothing to show of here. */
const OTHERS = "addrlabel maddress mroute mrule monitor ntable tunnel tuntap vrf xfrm".split(" ");
const CHANGES = /^(?:a|add|del|delete|change|replace|append|set|flush|prepend)$/;

interface Asked {
  readonly netns: Netns;
  readonly words: readonly string[];
  readonly brief: boolean;
  readonly oneline: boolean;
  readonly statistics: boolean;
}

export const ip: Program = async (process) => {
  const moved = await inOtherNetns(process);
  if (typeof moved === "number") return moved;
  if (moved !== process) return ip(moved);
  const flags = process.args.filter((arg, index) => arg.startsWith("-") && index < 4);
  const words = process.args.filter((arg) => !flags.includes(arg));
  const unknown = flags.find(
    (flag) =>
      !/^-(?:4|6|V|Version|br|brief|c|color|o|oneline|s|stats|d|details|j|json|p|pretty)$/.test(
        flag,
      ),
  );
  if (unknown !== undefined)
    return fail(process, `Option "${unknown}" is unknown, try "ip -help".`, 255);
  if (flags.some((flag) => /^-V/i.test(flag) && flag !== "-v"))
    return printAll(process, ["ip utility, iproute2-6.1.0, libbpf 1.1.2"]);
  const unshown = flags.find((flag) => /^-(?:j|json|d|details)$/.test(flag));
  if (unshown !== undefined) await hint(process, `ip ${unshown} is not modelled here`);
  if (unshown !== undefined && /j/.test(unshown)) return 1;
  const [given] = words;
  if (given === undefined || "help".startsWith(given)) return usage(process);
  const object = OBJECTS.find((name) => name.startsWith(given));
  const netns = findNetns(process);
  if (!isBusybox(process) && "netns".startsWith(given) && given.length > 3)
    return ipNetns(process, words.slice(1));
  if (!object) {
    await process.stderr.write(
      isBusybox(process)
        ? `ip: can't find command '${given}'\n`
        : `Object "${given}" is unknown, try "ip help".\n`,
    );
    if (OTHERS.some((name) => name.startsWith(given)))
      await hint(process, `ip ${given} is not modelled here`);
    return 1;
  }
  if (flags.includes("-6")) return 0;
  if (!netns) return laptop(process);
  const verb = words[1] ?? "show";
  if (isNetworkChange(object, verb)) return changeWith(process, netns, words);
  if (CHANGES.test(verb)) {
    await hint(process, `ip ${given} ${verb} is not modelled here`);
    return 2;
  }
  const brief = flags.some((flag) => flag.startsWith("-br"));
  const form = {
    oneline: flags.some((flag) => /^-o/.test(flag)),
    statistics: flags.some((flag) => /^-s/.test(flag)),
  };
  const asked: Asked = { netns, words: words.slice(1), brief, ...form };
  if (object.startsWith("addr") || object === "link")
    return interfaces(process, asked, object === "link");
  if (object === "route") return routes(process, asked);
  if (object === "rule") return printAll(process, ipRule(netns));
  return neighbours(process, asked);
};

async function interfaces(process: Process, asked: Asked, links: boolean) {
  const { netns, words, brief, oneline, statistics } = asked;
  const { device, chosen, incomplete } = chosenInterfaces(netns, words);
  if (incomplete) return fail(process, 'Command line is not complete. Try option "help"', 255);
  if (device !== undefined && !hasInterface(netns, device))
    return fail(
      process,
      isBusybox(process)
        ? `ip: can't find device '${device}'`
        : `Device "${device}" does not exist.`,
    );
  const { plane } = process.cluster.world;
  const lines = brief
    ? briefLines(netns, plane, links, chosen)
    : addressLines(netns, plane, { busybox: isBusybox(process), links, chosen });
  const shown = statistics && !brief ? withStatistics(process, netns, lines) : lines;
  return printAll(process, oneline && !brief ? onLines(shown, links) : shown);
}

const KINDS = ["bridge", "veth", "vxlan"];

/** `[dev] NAME`, `up`, `type KIND`, `master BRIDGE`, in any order. */
function chosenInterfaces(netns: Netns, words: readonly string[]) {
  let device: string | undefined;
  let incomplete = false;
  const tests: ((one: NetworkInterface) => boolean)[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "up") tests.push((one) => !one.down);
    else if (word === "type" || word === "master") {
      const value = words[++at];
      if (value === undefined) incomplete = true;
      else if (word === "master") tests.push(({ master }) => master === value);
      else tests.push(({ kind }) => kind === value && KINDS.includes(kind));
    } else if (word !== "dev" && !/^(?:show|s|sh|list|ls|l)$/.test(word)) device ??= word;
  }
  if (device !== undefined) tests.push(({ name }) => name === device);
  const found = netns.interfaces.filter((one) => tests.every((fits) => fits(one)));
  return { device, incomplete, chosen: new Set(found.map(({ name }) => name)) };
}

/** Source: iproute2 ipaddress.c, print_link_stats. */
function withStatistics(process: Process, { id }: Netns, lines: readonly string[]) {
  return lines.flatMap((line, index) => {
    const name = /^\d+: ([^:@ ]+)/.exec(lines[index - 1] ?? "")?.[1];
    if (name === undefined) return [line];
    const traffic = trafficOf(process.cluster.world, id, name);
    const row = ({ bytes, packets }: { bytes: number; packets: number }) =>
      `${String(bytes).padStart(14)} ${String(packets).padStart(7)}      0       0       0       0 `;
    return [
      line,
      "    RX:  bytes packets errors dropped  missed   mcast           ",
      row(traffic.in),
      "    TX:  bytes packets errors dropped carrier collsns           ",
      row(traffic.out),
    ];
  });
}

/** `-o`: what belongs together on one line. */
function onLines(lines: readonly string[], links: boolean): readonly string[] {
  const found: string[] = [];
  let head = "";
  for (const line of lines) {
    const first = /^(\d+): ([^:@ ]+)/.exec(line);
    if (first) head = `${first[1]}: ${first[2]}`;
    if (links && first) found.push(line);
    else if (links) found.push(`${found.pop()}\\${line}`);
    else if (/^ {4}inet/.test(line)) found.push(`${head}    ${line.slice(4)}`);
    else if (/^ {7}/.test(line)) found.push(`${found.pop()}\\${line}`);
  }
  return found;
}

async function routes(process: Process, { netns, words }: Asked): Promise<number> {
  const args = words.filter((word) => !/^(?:show|s|sh|list|ls|l)$/.test(word));
  if (args[0] === "get" || args[0] === "g") return routeTo(process, netns, args[1]);
  const table = valueAfter(args, "table") ?? valueAfter(args, "t");
  const number =
    table === undefined || table === "main"
      ? MAIN_TABLE
      : /^\d+$/.test(table)
        ? Number(table)
        : undefined;
  if (table === "local") return printAll(process, localTable(netns));
  if (number === undefined)
    return table === "all"
      ? printAll(process, [...otherTables(netns), ...ipRoute(netns), ...localTable(netns, true)])
      : fail(process, `Error: argument "${table}" is wrong: table id value is invalid\n`, 255);
  const shown = number === MAIN_TABLE ? netns.routes : netns.tables?.get(number);
  if (!shown) return fail(process, "Error: ipv4: FIB table does not exist.\nDump terminated", 2);
  const dev = valueAfter(args, "dev");
  const [wanted] = args.filter((word) => /^(?:default$|\d)/.test(word) && word !== table);
  const range =
    wanted === undefined
      ? undefined
      : parseCidr(wanted === "default" ? "0.0.0.0/0" : /\//.test(wanted) ? wanted : `${wanted}/32`);
  if (wanted !== undefined && !range)
    return fail(process, `Error: any valid prefix is expected rather than "${wanted}".`, 1);
  const routesShown = shown.filter(
    (route) =>
      (dev === undefined || route.dev === dev) &&
      (!range ||
        (route.destination.prefix === range.prefix && route.destination.network === range.network)),
  );
  const lines = ipRoute({ ...netns, routes: routesShown }).map((line) =>
    dev === undefined ? line : line.replace(` dev ${dev}`, ""),
  );
  return printAll(process, isBusybox(process) ? lines.map(busyboxRoute) : lines);
}

/** Busybox says neither who wrote a route, nor has it one space before the source. */
function busyboxRoute(line: string): string {
  return line.replace(/ proto \S+/, "").replace(" src ", "  src ");
}

async function routeTo(process: Process, netns: Netns, to: string | undefined): Promise<number> {
  const destination = to === undefined ? undefined : parseIpv4(to);
  if (destination === undefined)
    return fail(
      process,
      to === undefined
        ? "need at least a destination address"
        : `Error: any valid prefix is expected rather than "${to}".`,
    );
  const local = netns.interfaces.some(({ addresses }) =>
    addresses.some(({ ip: own }) => own === destination),
  );
  const loopback = contains({ network: 0x7f000000, prefix: 8 }, destination);
  if (local || loopback)
    return printAll(process, [`local ${to} dev lo src ${to} uid 0 `, "    cache <local> "]);
  if (lookUp(netns, { destination })?.type === "broadcast")
    return broadcastTo(process, netns, destination);
  const route = findRoute(netns, { destination });
  if (!route || route.type !== undefined)
    return fail(process, `RTNETLINK answers: ${NO_WAY[route?.type ?? "none"]}`, 2);
  const src = sourceFor(netns, destination);
  const via = route.via === undefined ? "" : ` via ${formatIpv4(route.via)}`;
  const source = src === undefined ? "" : ` src ${formatIpv4(src)}`;
  if (isBusybox(process)) return printAll(process, [`${to}${via} dev ${route.dev} ${source} `]);
  return printAll(process, [`${to}${via} dev ${route.dev}${source} uid 0 `, "    cache "]);
}

const NO_WAY = {
  none: "Network is unreachable",
  blackhole: "Invalid argument",
  unreachable: "No route to host",
} as const;

function broadcastTo(process: Process, { interfaces: all }: Netns, to: Ipv4): Promise<number> {
  const found = all.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ ip: own, prefix }) =>
      broadcast(cidrOf(own, prefix)) === to ? [{ name, own }] : [],
    ),
  );
  const [{ name, own } = { name: "lo", own: to }] = found;
  return printAll(process, [
    `broadcast ${formatIpv4(to)} dev ${name} src ${formatIpv4(own)} uid 0 `,
    "    cache <local,brd> ",
  ]);
}

async function neighbours(process: Process, { netns, words }: Asked): Promise<number> {
  const dev = valueAfter(words, "dev");
  if (dev !== undefined && !hasInterface(netns, dev))
    return fail(process, `Cannot find device "${dev}"`);
  const [wanted] = words.filter((word) => /^\d+\./.test(word));
  const lines = neighbourLines(process.cluster.world, netns, dev);
  return printAll(
    process,
    lines.filter((line) => wanted === undefined || line.startsWith(`${wanted} `)),
  );
}

function valueAfter(words: readonly string[], key: string): string | undefined {
  const at = words.indexOf(key);
  return at < 0 ? undefined : words[at + 1];
}

async function printAll(process: Process, lines: readonly string[]): Promise<number> {
  for (const line of lines) await print(process, line);
  return 0;
}

async function laptop(process: Process): Promise<number> {
  await hint(
    process,
    "the laptop is outside the modelled network: ssh to a node, or kubectl exec into a pod",
  );
  return 1;
}

async function usage(process: Process): Promise<number> {
  await process.stderr.write(
    isBusybox(process)
      ? "Usage: ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]\n\nOPTIONS := -f[amily] inet|inet6|link | -o[neline]\n"
      : "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\n",
  );
  return isBusybox(process) ? 1 : 255;
}
