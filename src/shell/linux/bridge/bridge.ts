import type { World } from "../../../core/cluster/world";
import type { Netns } from "../../../core/dataplane/netns";
import { ipAddr } from "../../../core/dataplane/print-ip";
import { bridgeFdb } from "../../../core/dataplane/print-policy";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { findNetns } from "../network";
import { bridgesOf, learntBy, portsOf } from "./ports";

const USAGE = `Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }
       bridge [ -force ] -batch filename
where  OBJECT := { link | fdb | mdb | vlan | monitor }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] |
                    -o[neline] | -t[imestamp] | -n[etns] name |
                    -c[ompressvlans] -color -p[retty] -j[son] }`;
const OBJECTS = ["link", "fdb", "mdb", "vlan", "monitor"];

/** iproute2's. Source: bridge/link.c, fdb.c, vlan.c. */
export const bridge: Program = async (process) => {
  const flags = process.args.filter((word) => word.startsWith("-"));
  const [object = "help", verb = "show", ...words] = process.args.filter(
    (word) => !word.startsWith("-"),
  );
  const netns = findNetns(process);
  if (flags.some((flag) => /^-V/.test(flag))) {
    await print(process, "bridge utility, 6.1.0");
    return 0;
  }
  if (object === "help" || !netns) return fail(process, USAGE, 255);
  const name = OBJECTS.find((one) => one.startsWith(object));
  if (!name) return fail(process, `Object "${object}" is unknown, try "bridge help".`, 255);
  const unshown = flags.find((flag) => /^-(?:j|d|s)/.test(flag));
  if (
    !/^(?:show|s|sh|list|ls|lst)$/.test(verb) ||
    name === "monitor" ||
    name === "mdb" ||
    unshown
  ) {
    await hint(
      process,
      `bridge ${[unshown, object, verb].filter(Boolean).join(" ")} is not modelled here`,
    );
    return 1;
  }
  const value = (key: string) => words[words.indexOf(key) + 1];
  const dev = words.includes("dev") ? value("dev") : undefined;
  if (dev !== undefined && !netns.interfaces.some((one) => one.name === dev))
    return fail(process, `Cannot find device "${dev}"`);
  if (name === "link") return links(process, netns, dev);
  if (name === "vlan") return vlans(process, netns);
  const br = words.includes("br") ? value("br") : undefined;
  const lines = forwarding(process.cluster.world, netns).filter(
    (line) =>
      (dev === undefined || line.includes(` dev ${dev} `)) &&
      (br === undefined || line.includes(` master ${br} `) || line.includes(` dev ${br} `)),
  );
  for (const line of lines)
    await print(process, dev === undefined ? line : line.replace(` dev ${dev}`, ""));
  return 0;
};

async function links(process: Process, netns: Netns, dev: string | undefined): Promise<number> {
  const heads = ipAddr(netns, process.cluster.world.plane);
  const nameAt = (index: string) =>
    netns.interfaces.find((one) => String(one.index) === index)?.name ?? `if${index}`;
  for (const one of bridgesOf(netns))
    for (const { name, index, mtu, down } of portsOf(netns, one.name)) {
      if (dev !== undefined && name !== dev) continue;
      const head = heads.find((line) => line.startsWith(`${index}: `)) ?? "";
      const [, peer, flags] = /@if(\d+): <([^>]*)>/.exec(head) ?? [];
      // The other end is in another namespace; bridge looks its number up in this one.
      const at = peer === undefined ? "" : `@${nameAt(peer)}`;
      const state = down || head.includes("NO-CARRIER") ? "disabled" : "forwarding";
      await print(
        process,
        `${index}: ${name}${at}: <${flags ?? ""}> mtu ${mtu} master ${one.name} state ${state} priority 32 cost 2 `,
      );
    }
  return 0;
}

/** Simplified: bridges filter by no VLANs; each port carries the one that the kernel gives it. */
async function vlans(process: Process, netns: Netns): Promise<number> {
  await print(process, "port              vlan-id  ");
  for (const one of bridgesOf(netns))
    for (const { name } of [one, ...portsOf(netns, one.name)])
      await print(process, `${name.padEnd(18)}1 PVID Egress Untagged`);
  return 0;
}

/** Simplified: no multicast addresses. */
function forwarding(world: World, netns: Netns): readonly string[] {
  return [
    ...bridgeFdb(netns),
    ...bridgesOf(netns).flatMap(({ name, mac }) => [
      ...learntBy(world, netns, name).map(
        (one) => `${one.mac} dev ${one.port.name} master ${name} `,
      ),
      ...portsOf(netns, name).map(
        (port) => `${port.mac} dev ${port.name} master ${name} permanent`,
      ),
      `${mac} dev ${name} master ${name} permanent`,
    ]),
  ];
}
