import { formatCidr } from "../net/cidr";
import { formatIpv4 } from "../net/ipv4";
import { MAIN_TABLE, type Netns, type PolicyRule } from "./netns";
import { formatRoute } from "./print-ip";

/** The lines of `ip rule`. */
export function ipRule({ rules = [] }: Netns): string[] {
  return [
    "0:\tfrom all lookup local",
    ...rules.map((rule) => `${rule.priority}:\t${formatRule(rule)}`),
    "32766:\tfrom all lookup main",
    "32767:\tfrom all lookup default",
  ];
}

function formatRule({ from, to, mark, table }: PolicyRule): string {
  const words = [`from ${from ? formatSelector(from) : "all"}`];
  if (to) words.push(`to ${formatSelector(to)}`);
  if (mark) words.push(`fwmark 0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}`);
  return [...words, `lookup ${table === MAIN_TABLE ? "main" : table}`].join(" ");
}

function formatSelector(range: NonNullable<PolicyRule["from"]>): string {
  return range.prefix === 32 ? formatIpv4(range.network) : formatCidr(range);
}

/** The lines of `ip route show table all` that are of no table with a name: `default via 10.0.1.1 dev eth1 table 2`. */
export function otherTables({ tables }: Netns): string[] {
  return [...(tables ?? [])].flatMap(([table, routes]) =>
    routes.map((route) => `${formatRoute(route)} table ${table}`),
  );
}

/** The lines of `ip neigh` that are permanent. */
export function ipNeigh({ neighbours = [] }: Netns): string[] {
  return neighbours.map(
    ({ ip, dev, mac }) => `${formatIpv4(ip)} dev ${dev} lladdr ${mac} PERMANENT`,
  );
}

/** The lines of `bridge fdb` that tunnels need. */
export function bridgeFdb({ fdb = [] }: Netns): string[] {
  return fdb.map(
    ({ mac, dev, remote }) => `${mac} dev ${dev} dst ${formatIpv4(remote)} self permanent`,
  );
}
