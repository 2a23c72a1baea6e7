import type { Netns } from "../../core/dataplane/netns";
import { broadcast, cidrOf, formatCidr } from "../../core/net/cidr";
import { formatIpv4 } from "../../core/net/ipv4";

/** `ip route show table local`: what the kernel takes for itself. */
export function localTable({ interfaces }: Netns, named = false): readonly string[] {
  const table = named ? " table local" : "";
  const rows = interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap(({ ip, prefix }) => {
      const tail = `proto kernel scope host src ${formatIpv4(ip)} `;
      const own = { at: ip, line: `local ${formatIpv4(ip)} dev ${name}${table} ${tail}` };
      if (prefix >= 31) return [own];
      const last = broadcast(cidrOf(ip, prefix));
      const rest = `dev ${name}${table} ${tail.replace("host", "link")}`;
      const all = { at: last, line: `broadcast ${formatIpv4(last)} ${rest}` };
      if (name !== "lo") return [own, all];
      const range = cidrOf(ip, prefix);
      const whole = `local ${formatCidr(range)} dev ${name}${table} ${tail}`;
      return [{ at: range.network, line: whole }, own, all];
    }),
  );
  return rows.sort((a, b) => a.at - b.at).map(({ line }) => line);
}
