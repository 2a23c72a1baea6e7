import type { World } from "../../core/cluster/world";
import type { Netns, NetnsId, NetworkInterface, Route } from "../../core/dataplane/netns";
import { ipAddr } from "../../core/dataplane/print-ip";
import { netmask } from "../../core/net/cidr";
import type { Ipv4 } from "../../core/net/ipv4";
import { formatIpv4 } from "../../core/net/ipv4";
import type { ClusterPort } from "../cluster-port";
import type { ComputedFiles, FileResult } from "../files";
import type { Place } from "../place";
import { neighboursOf } from "./neighbours";
import { trafficOf } from "./network";

/** Files of a kernel that say how its network is. Source: proc(5), sysfs(5); kernel fib_trie.c, tcp_ipv4.c, arp.c. */
export function kernelFiles(world: World, id: NetnsId): ComputedFiles {
  const netns = world.plane.find(id);
  if (!netns) return {};
  const now = () => world.plane.find(id) ?? netns;
  return {
    "/proc/net/arp": () => procArp(world, now()),
    "/proc/net/dev": () => procDev(world, now()),
    "/proc/net/route": () => procRoute(now()),
    "/proc/net/tcp": () => procSockets(now(), "tcp"),
    "/proc/net/udp": () => procSockets(now(), "udp"),
    ...Object.fromEntries(netns.interfaces.flatMap((device) => deviceFiles(world, netns, device))),
  };
}

/** What is written to a kernel's file; undefined where the path is none of its. */
export function writeKernelFile(
  cluster: ClusterPort,
  place: Place,
  path: string,
  text: string,
): FileResult<true> | undefined {
  if (!/^\/(?:proc|sys)\//.test(path)) return undefined;
  const setting = /^\/proc\/sys\/(.+)$/.exec(path)?.[1]?.replaceAll("/", ".");
  if (setting === undefined) return { ok: false, error: "Permission denied" };
  if (place.kind === "pod") return { ok: false, error: "Read-only file system" };
  if (place.kind !== "node" || cluster.world.nodeSetting(place.name, setting) === undefined)
    return { ok: false, error: "Permission denied" };
  // A redirect opens the file before it writes.
  if (text === "") return { ok: true, value: true };
  const value = Number(text.trim());
  const done = cluster.execute({ type: "setSetting", node: place.name, setting, value });
  return done.ok ? { ok: true, value: true } : { ok: false, error: "Invalid argument" };
}

function hex(ip: Ipv4): string {
  const swapped = ((ip & 0xff) << 24) | ((ip & 0xff00) << 8) | ((ip >>> 8) & 0xff00) | (ip >>> 24);
  return (swapped >>> 0).toString(16).toUpperCase().padStart(8, "0");
}

function padded(line: string): string {
  return `${line.padEnd(127)}\n`;
}

const ROUTE_HEAD =
  "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";

function procRoute({ routes }: Netns): string {
  const line = ({ dev, destination, via = 0, metric = 0, type }: Route) => {
    const flags = 1 | (via === 0 ? 0 : 2) | (destination.prefix === 32 ? 4 : 0);
    const bits = type === "unreachable" ? 0x201 : flags;
    return [
      dev === "" ? "*" : dev,
      hex(destination.network),
      hex(via),
      bits.toString(16).toUpperCase().padStart(4, "0"),
      0,
      0,
      metric,
      hex(netmask(destination.prefix)),
      0,
      0,
      0,
    ].join("\t");
  };
  return [ROUTE_HEAD, ...routes.map(line)].map(padded).join("");
}

const SOCKET_HEADS = {
  tcp: "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
  udp: "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
} as const;

/** Simplified: inode numbers count up from a fixed one; kernel addresses are zero. */
function procSockets({ listeners }: Netns, protocol: "tcp" | "udp"): string {
  const rows = listeners
    .filter((one) => one.protocol === protocol)
    .map(({ ip = 0, port }, index) => {
      const local = `${hex(ip)}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
      const state = protocol === "tcp" ? "0A" : "07";
      const common = `${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${20_000 + index}`;
      return protocol === "tcp"
        ? `${String(index).padStart(4)}: ${common} 1 0000000000000000 100 0 0 10 0`.padEnd(149)
        : `${String(index).padStart(5)}: ${common} 2 0000000000000000 0`.padEnd(127);
    });
  const head = SOCKET_HEADS[protocol].padEnd(protocol === "tcp" ? 149 : 127);
  return [head, ...rows].map((row) => `${row}\n`).join("");
}

function procArp(world: World, netns: Netns): string {
  const rows = neighboursOf(world, netns).map(({ ip, dev, mac, isPermanent }) => {
    const flags = isPermanent ? "0x6" : "0x2";
    return `${formatIpv4(ip).padEnd(16)} ${"0x1".padEnd(11)} ${flags.padEnd(11)} ${mac}     *        ${dev}\n`;
  });
  return `IP address       HW type     Flags       HW address            Mask     Device\n${rows.join("")}`;
}

const DEV_HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

/** Source: kernel net-procfs.c, dev_seq_printf_stats. */
function procDev(world: World, { id, interfaces }: Netns): string {
  const column = (value: number, width: number) => String(value).padStart(width);
  const rows = [...interfaces]
    .sort((a, b) => a.index - b.index)
    .map(({ name }) => {
      const traffic = trafficOf(world, id, name);
      const got = `${column(traffic.in.bytes, 7)} ${column(traffic.in.packets, 7)}    0    0    0     0          0         0`;
      const sent = `${column(traffic.out.bytes, 8)} ${column(traffic.out.packets, 7)}    0    0    0     0       0          0`;
      return `${name.padStart(6)}: ${got} ${sent}\n`;
    });
  return DEV_HEAD + rows.join("");
}

const BRIDGE_FOLDERS = ["/sys/class/net/", "/sys/devices/virtual/net/"] as const;

/** /sys/class/net/NAME. `iflink` of a veth is its other end's index, wherever that is. */
function deviceFiles(
  world: World,
  netns: Netns,
  device: NetworkInterface,
): readonly (readonly [string, () => string])[] {
  const { name, index, mac, mtu, peer } = device;
  const far =
    peer && world.plane.find(peer.netns)?.interfaces.find((one) => one.name === peer.name);
  const state = () => {
    const line = ipAddr(netns, world.plane).find((one) => one.startsWith(`${index}: `));
    return / state (\w+)/.exec(line ?? "")?.[1]?.toLowerCase() ?? "unknown";
  };
  const files = {
    address: () => (device.kind === "loopback" ? "00:00:00:00:00:00" : mac),
    ifindex: () => String(index),
    iflink: () => String(far?.index ?? index),
    mtu: () => String(mtu),
    operstate: state,
  };
  const port = `/brif/${name}/hairpin_mode`;
  const hairpin = () => `${device.hairpin ? 1 : 0}\n`;
  const ports =
    device.master === undefined
      ? []
      : BRIDGE_FOLDERS.map((folder) => [`${folder}${device.master}${port}`, hairpin] as const);
  const own = Object.entries(files).map(
    ([file, text]) => [`/sys/class/net/${name}/${file}`, () => `${text()}\n`] as const,
  );
  return [...own, ...ports];
}
