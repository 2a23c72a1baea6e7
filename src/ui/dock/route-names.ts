import { parseIpv4 } from "../../core/net/ipv4";
import type { Owners } from "../../stores/owners";

const DEVICES = ["eth0", "cni0"];

/** What a line of `ip route` on a node leads to, the most telling first: `10.244.2.0/24 via 10.0.1.12 dev eth0` names
 *  node-2, the pods in that range, and the node's own eth0. */
export function routeNames(line: string, node: string, { addresses }: Owners): readonly string[] {
  const [destination = ""] = line.split(" ");
  const via = /\bvia (\S+)/.exec(line)?.[1];
  const next = via === undefined ? undefined : addresses.get(via);
  const reached =
    destination === "default"
      ? []
      : [...addresses].flatMap(([ip, key]) =>
          key.startsWith("Pod/") && isWithin(ip, destination) ? [key] : [],
        );
  return unique([next, ...reached, `Node/${node}`, devicePlace(line, node)]);
}

/** What a line of `ip addr` tells of: the node, and its device where the canvas has that. */
export function addressNames(line: string, node: string): readonly string[] {
  const device = /^\d+: ([^:@]+)/.exec(line)?.[1] ?? /\binet \S+ .*?(\S+)$/.exec(line)?.[1];
  if (device === undefined) return [];
  return unique([`Node/${node}`, devicePlace(`dev ${device}`, node)]);
}

function devicePlace(line: string, node: string): string | undefined {
  const device = /\bdev (\S+)/.exec(line)?.[1] ?? "";
  return DEVICES.includes(device) ? `node/${node}/${device}` : undefined;
}

function unique(keys: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(keys.filter((key) => key !== undefined))];
}

/** Whether an address is in a range as `ip route` prints it: `10.244.2.0/24`, or one address. */
function isWithin(ip: string, range: string): boolean {
  const [network = "", prefix = "32"] = range.split("/");
  const [address, start] = [parseIpv4(ip), parseIpv4(network)];
  if (address === undefined || start === undefined) return false;
  const hostBits = 32 - Number(prefix);
  return hostBits === 32 || address >>> hostBits === start >>> hostBits;
}
