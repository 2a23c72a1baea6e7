import { hint } from "../hint";
import { fail, type Program, print } from "../process";
import { findNetns } from "./network";

/** What a device says of itself. Simplified: its link, its driver, a veth's other end. */
export const ethtool: Program = async (process) => {
  const netns = findNetns(process);
  const flags = process.args.filter((word) => word.startsWith("-"));
  const [name] = process.args.filter((word) => !word.startsWith("-"));
  if (!netns || name === undefined)
    return fail(
      process,
      "ethtool: bad command line argument(s)\nFor more information run ethtool -h",
    );
  const device = netns.interfaces.find((one) => one.name === name);
  if (!device)
    return fail(
      process,
      "netlink error: no device matches name (offset 24)\nnetlink error: No such device\nNo data available",
      75,
    );
  const [flag] = flags;
  const far = device.peer && process.cluster.world.plane.find(device.peer.netns);
  const end = far?.interfaces.find((one) => one.name === device.peer?.name);
  const isUp = !device.down && !end?.down;
  if (flag === undefined) {
    const lines =
      device.kind === "loopback"
        ? []
        : ["\tSpeed: 10000Mb/s", "\tDuplex: Full", "\tAuto-negotiation: off"];
    for (const line of [
      `Settings for ${name}:`,
      ...lines,
      `\tLink detected: ${isUp ? "yes" : "no"}`,
    ])
      await print(process, line);
    return 0;
  }
  if (flag === "-S" && device.kind === "veth") {
    await print(process, `NIC statistics:\n     peer_ifindex: ${end?.index ?? 0}`);
    return 0;
  }
  if (flag === "-i") {
    const driver = device.kind === "ethernet" ? "ena" : device.kind;
    await print(process, `driver: ${driver}`);
    return 0;
  }
  await hint(process, `ethtool ${flag} is not modelled here`);
  return 1;
};
