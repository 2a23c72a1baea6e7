import type { Netns, NetworkInterface } from "../../core/dataplane/netns";
import { broadcast, cidrOf, netmask } from "../../core/net/cidr";
import { formatIpv4 } from "../../core/net/ipv4";
import { hint } from "../hint";
import { fail, type Process, type Program, print } from "../process";
import { findNetns, isBusybox, trafficOf } from "./network";

/** Busybox's form in Alpine images, net-tools' elsewhere. */
export const ifconfig: Program = async (process) => {
  const netns = findNetns(process);
  const [given, ...more] = process.args.filter((arg) => arg !== "-a");
  const wrong = given?.startsWith("-") ? given : undefined;
  if (wrong !== undefined)
    return fail(
      process,
      isBusybox(process)
        ? `ifconfig: unrecognized option: ${wrong.replace(/^-+/, "")}`
        : `ifconfig: option \`${wrong}' not recognised.`,
    );
  if (!netns) {
    await hint(process, "the laptop is outside the modelled network");
    return 1;
  }
  if (more.length > 0) {
    await hint(process, "changing an interface is not modelled here");
    return 1;
  }
  const shown = [...netns.interfaces]
    .filter(({ name }) => given === undefined || name === given)
    .sort((a, b) => compare(a.name, b.name));
  if (shown.length === 0)
    return fail(
      process,
      isBusybox(process)
        ? `ifconfig: ${given}: error fetching interface information: Device not found`
        : `${given}: error fetching interface information: Device not found`,
    );
  for (const device of shown)
    for (const line of lines(process, netns, device)) await print(process, line);
  return 0;
};

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lines(process: Process, netns: Netns, device: NetworkInterface): readonly string[] {
  const traffic = trafficOf(process.cluster.world, netns.id, device.name);
  return isBusybox(process) ? busyboxLines(device, traffic) : netToolsLines(device, traffic);
}

type Traffic = ReturnType<typeof trafficOf>;

function busyboxLines(device: NetworkInterface, traffic: Traffic): readonly string[] {
  const loopback = device.kind === "loopback";
  const pad = " ".repeat(10);
  const encap = loopback ? "Local Loopback  " : `Ethernet  HWaddr ${device.mac.toUpperCase()}  `;
  const flags = loopback ? "UP LOOPBACK RUNNING" : "UP BROADCAST RUNNING MULTICAST";
  return [
    `${device.name.padEnd(10)}Link encap:${encap}`,
    ...device.addresses.slice(0, 1).map(({ ip, prefix }) => {
      const bcast = loopback ? "" : `  Bcast:${formatIpv4(broadcastOf(ip, prefix))}`;
      return `${pad}inet addr:${formatIpv4(ip)}${bcast}  Mask:${formatIpv4(netmask(prefix))}`;
    }),
    `${pad}${flags}  MTU:${device.mtu}  Metric:1`,
    `${pad}RX packets:${traffic.in.packets} errors:0 dropped:0 overruns:0 frame:0`,
    `${pad}TX packets:${traffic.out.packets} errors:0 dropped:0 overruns:0 carrier:0`,
    `${pad}collisions:0 txqueuelen:${loopback ? "1000" : "0"} `,
    `${pad}RX bytes:${traffic.in.bytes} (${binarySize(traffic.in.bytes)})  TX bytes:${traffic.out.bytes} (${binarySize(traffic.out.bytes)})`,
    "",
  ];
}

/** Busybox: the broadcast address as the plugin set it; a /32 has none of its own. */
function broadcastOf(ip: number, prefix: number): number {
  return prefix >= 31 ? 0 : broadcast(cidrOf(ip, prefix));
}

function netToolsLines(device: NetworkInterface, traffic: Traffic): readonly string[] {
  const loopback = device.kind === "loopback";
  const pad = " ".repeat(8);
  const flags = loopback
    ? "flags=73<UP,LOOPBACK,RUNNING>"
    : "flags=4163<UP,BROADCAST,RUNNING,MULTICAST>";
  return [
    `${device.name}: ${flags}  mtu ${device.mtu}`,
    ...device.addresses.slice(0, 1).map(({ ip, prefix }) => {
      const bcast = loopback ? "" : `  broadcast ${formatIpv4(broadcastOf(ip, prefix))}`;
      return `${pad}inet ${formatIpv4(ip)}  netmask ${formatIpv4(netmask(prefix))}${bcast}`;
    }),
    loopback
      ? `${pad}loop  txqueuelen 1000  (Local Loopback)`
      : `${pad}ether ${device.mac}  txqueuelen ${device.kind === "ethernet" || device.kind === "bridge" ? 1000 : 0}  (Ethernet)`,
    `${pad}RX packets ${traffic.in.packets}  bytes ${traffic.in.bytes} (${binarySize(traffic.in.bytes)})`,
    `${pad}RX errors 0  dropped 0  overruns 0  frame 0`,
    `${pad}TX packets ${traffic.out.packets}  bytes ${traffic.out.bytes} (${binarySize(traffic.out.bytes)})`,
    `${pad}TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0`,
    "",
  ];
}

function binarySize(bytes: number): string {
  let value = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1_024) return `${value.toFixed(1)} ${unit}`;
    value /= 1_024;
  }
  return `${value.toFixed(1)} TiB`;
}
