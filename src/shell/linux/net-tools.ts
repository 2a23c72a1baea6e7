import type { Netns, Route } from "../../core/dataplane/netns";
import { netmask } from "../../core/net/cidr";
import { formatIpv4, parseIpv4 } from "../../core/net/ipv4";
import { hint } from "../hint";
import { fail, type Process, type Program, print } from "../process";
import { changeWith } from "./ip-change";
import { neighboursOf } from "./neighbours";
import { findNetns, isBusybox } from "./network";

/** net-tools' arp; busybox prints as `arp -a` does. Source: net-tools arp.c, arp_disp_2, arp_display. */
export const arp: Program = async (process) => {
  const netns = findNetns(process);
  if (!netns) return 1;
  const letters = process.args.filter((word) => /^-[aneviHv]+$/.test(word)).join("");
  const changes = process.args.find((word) => /^-[sdf]/.test(word));
  if (changes !== undefined) {
    await hint(process, `arp ${changes} is not modelled here: use ip neigh`);
    return 1;
  }
  const [host, device] = hostAndDevice(process.args);
  const rows = neighboursOf(process.cluster.world, netns).filter(
    (one) =>
      (host === undefined || formatIpv4(one.ip) === host) &&
      (device === undefined || one.dev === device),
  );
  const busybox = isBusybox(process);
  if (host !== undefined && rows.length === 0)
    return fail(
      process,
      busybox ? `arp: no match found` : `${host} (${host}) -- no entry`,
      busybox ? 1 : 0,
    );
  if (rows.length === 0) return 0;
  if (!letters.includes("a") && !busybox)
    await print(
      process,
      "Address                  HWtype  HWaddress           Flags Mask            Iface",
    );
  for (const { ip, mac, dev, isPermanent } of rows) {
    const address = formatIpv4(ip);
    await print(
      process,
      letters.includes("a") || busybox
        ? `? (${address}) at ${mac} [ether] ${isPermanent ? "PERM " : busybox ? " " : ""}on ${dev}`
        : `${address.padEnd(24)} ether   ${mac}   ${(isPermanent ? "CM" : "C").padEnd(22)}${dev}`,
    );
  }
  return 0;
};

function hostAndDevice(args: readonly string[]): readonly [string | undefined, string | undefined] {
  let host: string | undefined;
  let device: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (/^-[a-z]*i$/.test(word)) device = args[++at];
    else if (!word.startsWith("-")) host = word;
  }
  return [host, device];
}

/** net-tools' route. Source: net-tools lib/inet_gr.c. */
export const route: Program = async (process) => {
  const netns = findNetns(process);
  if (!netns) return 1;
  const words = process.args.filter((word) => !word.startsWith("-"));
  const [verb] = words;
  if (verb === "add" || verb === "del") return change(process, netns, words);
  const numeric = process.args.some((word) => /^-[a-z]*n/.test(word));
  return printRoutes(process, netns, { numeric, windows: false });
};

/** Also `netstat -r`, which tells of windows where `route` tells of metrics. */
export async function printRoutes(
  process: Process,
  netns: Netns,
  { numeric, windows }: { readonly numeric: boolean; readonly windows: boolean },
): Promise<number> {
  const line = ({ dev, destination, via = 0, metric = 0, type }: Route) => {
    const { network, prefix } = destination;
    const name = prefix === 0 && !numeric ? "default" : formatIpv4(network);
    const flags =
      type === "unreachable" ? "!H" : `U${via === 0 ? "" : "G"}${prefix === 32 ? "H" : ""}`;
    const numbers = windows ? "     0 0          0" : ` ${String(metric).padEnd(6)} 0        0`;
    return `${name.padEnd(15)} ${formatIpv4(via).padEnd(15)} ${formatIpv4(netmask(prefix)).padEnd(15)} ${flags.padEnd(5)}${numbers} ${dev === "" ? "*" : dev}`;
  };
  await print(process, "Kernel IP routing table");
  await print(
    process,
    `Destination     Gateway         Genmask         Flags ${windows ? "  MSS Window  irtt" : "Metric Ref    Use"} Iface`,
  );
  for (const one of netns.routes) await print(process, line(one));
  return 0;
}

/** `route add [-net|-host] TARGET [netmask MASK] [gw GATEWAY] [metric N] [[dev] DEVICE]`, as ip would be asked. */
async function change(
  process: Process,
  netns: Netns,
  [verb = "", ...words]: readonly string[],
): Promise<number> {
  const [target, ...rest] = words;
  if (target === undefined)
    return fail(
      process,
      "Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables\n       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.",
      4,
    );
  let range = target === "default" || target === "0.0.0.0" ? "default" : target;
  const asked: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (word === "netmask") {
      const mask = parseIpv4(rest[++at] ?? "");
      const prefix = Array.from({ length: 33 }, (_, bits) => bits).find(
        (bits) => netmask(bits) === mask,
      );
      if (prefix === undefined) return fail(process, `route: bogus netmask ${rest[at] ?? ""}`, 4);
      if (range !== "default") range = `${target}/${prefix}`;
    } else if (word === "gw" || word === "metric")
      asked.push(word === "gw" ? "via" : word, rest[++at] ?? "");
    else asked.push("dev", word === "dev" ? (rest[++at] ?? "") : word);
  }
  const status = await changeWith(
    { ...process, stderr: { isTerminal: false, write: async () => undefined } },
    netns,
    ["route", verb, range, ...asked],
  );
  if (status === 0) return 0;
  const why =
    process.place.kind === "pod"
      ? "Operation not permitted"
      : verb === "del"
        ? "No such process"
        : "File exists";
  return fail(process, `SIOC${verb === "del" ? "DEL" : "ADD"}RT: ${why}`, 7);
}
