import type { Topology } from "../../../src/core/cluster/topology";
import type { Frames } from "./follow";

/** Which frames only one side saw; undefined: both saw the same. What the VPC router itself reports does not count: no
 *  cloud's does what ours or the lab's do. */
export function findStrayFrames(
  { frames, reasons }: Frames,
  seen: readonly string[],
  routerIps: ReadonlySet<string>,
): string | undefined {
  const counts = (frame: string) => !routerIps.has(/(\S+) > /.exec(frame)?.[1] ?? "");
  const simulated = new Set([...frames].filter(counts));
  const kernel = new Set(seen.filter(counts));
  const stray = [
    ...[...simulated].filter((one) => !kernel.has(one)).map((one) => `  only simulated: ${one}`),
    ...[...kernel].filter((one) => !simulated.has(one)).map((one) => `  only the kernel: ${one}`),
  ];
  return stray.length === 0
    ? undefined
    : [`a probe takes another way (${reasons.join(", ")})`, ...stray].join("\n");
}

/** The first address of every subnet that a machine of the VPC is in. */
export function routerIpsOf({ nodes, hosts, loadBalancers }: Topology): ReadonlySet<string> {
  const machines = [
    ...nodes.map(({ ip }) => ip),
    ...hosts.flatMap(({ zone, ip }) => (zone === "vpc" ? ip : [])),
    ...loadBalancers.map(({ vpcIp }) => vpcIp),
  ];
  return new Set(machines.map((ip) => ip.replace(/\d+$/, "1")));
}
