import { findRoute } from "../../core/dataplane/fib";
import { MAIN_TABLE, type Netns } from "../../core/dataplane/netns";
import { ipRoute } from "../../core/dataplane/print-ip";
import { ipRule } from "../../core/dataplane/print-policy";
import { sourceFor } from "../../core/dataplane/source-address";
import { contains, parseCidr } from "../../core/net/cidr";
import { formatIpv4, parseIpv4 } from "../../core/net/ipv4";
import { hint } from "../hint";
import { fail, type Process, type Program, print } from "../process";
import { addressLines, briefLines, hasInterface } from "./ip-forms";
import { neighbourLines } from "./neighbours";
import { findNetns, isBusybox } from "./network";

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
const OTHERS = "addrlabel maddress mroute mrule monitor netns ntable tunnel tuntap vrf xfrm".split(
  " ",
);
const CHANGES = /^(?:add|del|delete|change|replace|append|set|flush|prepend)$/;

interface Asked {
  readonly netns: Netns;
  readonly words: readonly string[];
  readonly brief: boolean;
}

export const ip: Program = async (process) => {
  const flags = process.args.filter((arg, index) => arg.startsWith("-") && index < 4);
  const words = process.args.filter((arg) => !flags.includes(arg));
  const unknown = flags.find(
    (flag) => !/^-(?:4|6|br|brief|c|color|o|oneline|s|d|details|n|j)$/.test(flag),
  );
  if (unknown !== undefined)
    return fail(process, `Option "${unknown}" is unknown, try "ip -help".`, 255);
  const [given] = words;
  if (given === undefined || "help".startsWith(given)) return usage(process);
  const object = OBJECTS.find((name) => name.startsWith(given));
  const netns = findNetns(process);
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
  if (CHANGES.test(verb)) {
    await hint(process, `ip ${given} ${verb} is not modelled here`);
    return 2;
  }
  const brief = flags.some((flag) => flag.startsWith("-br"));
  const asked: Asked = { netns, words: words.slice(1), brief };
  if (object.startsWith("addr") || object === "link")
    return interfaces(process, asked, object === "link");
  if (object === "route") return routes(process, asked);
  if (object === "rule") return printAll(process, ipRule(netns));
  return neighbours(process, asked);
};

async function interfaces(process: Process, { netns, words, brief }: Asked, links: boolean) {
  const named = words.filter((word) => !/^(?:show|s|sh|list|ls|l|dev)$/.test(word));
  const [device] = named;
  if (device !== undefined && !hasInterface(netns, device))
    return fail(
      process,
      isBusybox(process)
        ? `ip: can't find device '${device}'`
        : `Device "${device}" does not exist.`,
    );
  const { plane } = process.cluster.world;
  const only = device === undefined ? {} : { device };
  const lines = brief
    ? briefLines(netns, plane, links, device)
    : addressLines(netns, plane, { busybox: isBusybox(process), links, ...only });
  return printAll(process, lines);
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
  if (number === undefined)
    return table === "local" || table === "all"
      ? hint(process, `ip route show table ${table} is not modelled here`).then(() => 2)
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
  const lines = ipRoute({ ...netns, routes: routesShown });
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
        : `Error: any valid address is expected rather than "${to}".`,
    );
  const local = netns.interfaces.some(({ addresses }) =>
    addresses.some(({ ip: own }) => own === destination),
  );
  const loopback = contains({ network: 0x7f000000, prefix: 8 }, destination);
  if (local || loopback)
    return printAll(process, [`local ${to} dev lo src ${to} uid 0 `, "    cache <local> "]);
  const route = findRoute(netns, { destination });
  if (!route || route.type !== undefined)
    return fail(process, "RTNETLINK answers: Network is unreachable", 2);
  const src = sourceFor(netns, destination);
  const via = route.via === undefined ? "" : ` via ${formatIpv4(route.via)}`;
  const source = src === undefined ? "" : ` src ${formatIpv4(src)}`;
  if (isBusybox(process)) return printAll(process, [`${to}${via} dev ${route.dev} ${source} `]);
  return printAll(process, [`${to}${via} dev ${route.dev}${source} uid 0 `, "    cache "]);
}

async function neighbours(process: Process, { netns, words }: Asked): Promise<number> {
  const dev = valueAfter(words, "dev");
  if (dev !== undefined && !hasInterface(netns, dev))
    return fail(process, `Cannot find device "${dev}"`);
  return printAll(process, neighbourLines(process.cluster.world, netns, dev));
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
