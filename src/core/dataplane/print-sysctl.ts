import type { Netns } from "./netns";

/** What `sysctl` prints of the settings that we know, and `sysctl --load` takes back. */
export function sysctlLines({ sysctls, interfaces }: Netns): string[] {
  const conf = "net.ipv4.conf";
  const bit = (value: boolean) => (value ? 1 : 0);
  return [
    `net.bridge.bridge-nf-call-iptables = ${bit(sysctls.bridgeNfCallIptables)}`,
    `${conf}.all.route_localnet = ${bit(sysctls.routeLocalnet)}`,
    `${conf}.all.rp_filter = ${sysctls.rpFilter}`,
    ...interfaces.flatMap(({ name, conf: own = {} }) => [
      ...(own.routeLocalnet === undefined
        ? []
        : [`${conf}.${name}.route_localnet = ${bit(own.routeLocalnet)}`]),
      ...(own.rpFilter === undefined ? [] : [`${conf}.${name}.rp_filter = ${own.rpFilter}`]),
    ]),
    `net.ipv4.ip_forward = ${bit(sysctls.ipForward)}`,
  ];
}
