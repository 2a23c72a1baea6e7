import type { Netns } from "./netns";
import { readSysctl, sysctlNames } from "./sysctl";

/** What `sysctl` prints of the settings that we know, and `sysctl --load` takes back. */
export function sysctlLines(netns: Netns): string[] {
  return [
    ...sysctlNames(netns).map((name) => `${name} = ${readSysctl(netns, name)}`),
    ...netns.interfaces.flatMap(({ name, conf = {} }) =>
      conf.proxyArp === undefined
        ? []
        : [`net.ipv4.conf.${name}.proxy_arp = ${Number(conf.proxyArp)}`],
    ),
  ].sort();
}
