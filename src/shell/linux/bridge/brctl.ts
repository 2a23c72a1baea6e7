import type { Netns, NetworkInterface } from "../../../core/dataplane/netns";
import { SECOND } from "../../../core/sim/time";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { findNetns } from "../network";
import { bridgesOf, learntBy, portsOf } from "./ports";

const USAGE = `Usage: brctl [commands]
commands:
	addbr     	<bridge>		add bridge
	delbr     	<bridge>		delete bridge
	addif     	<bridge> <device>	add interface to bridge
	delif     	<bridge> <device>	delete interface from bridge
	show      	[ <bridge> ]		show a list of bridges
	showmacs  	<bridge>		show a list of mac addrs
	showstp   	<bridge>		show bridge stp info`;

const CHANGES =
  /^(?:addbr|delbr|addif|delif|stp|setageing|setbridgeprio|setfd|sethello|setmaxage|hairpin|showstp)$/;

/** Source: bridge-utils brctl_cmd.c. */
export const brctl: Program = async (process) => {
  const [verb, ...names] = process.args;
  const netns = findNetns(process);
  if (!netns || verb === undefined || verb === "--help") return fail(process, USAGE);
  if (verb === "--version" || verb === "-V") {
    await print(process, "bridge-utils, 1.7.1");
    return 0;
  }
  if (CHANGES.test(verb)) {
    await hint(process, `brctl ${verb} is not modelled here`);
    return 1;
  }
  if (verb === "show") return show(process, netns, names);
  if (verb !== "showmacs") return fail(process, `never heard of command [${verb}]\n${USAGE}`);
  const [name] = names;
  if (name === undefined)
    return fail(
      process,
      "Incorrect number of arguments for command\nUsage: brctl showmacs <bridge>\tshow a list of mac addrs",
    );
  const bridge = bridgesOf(netns).find((one) => one.name === name);
  if (!bridge) return fail(process, `read of forward table failed: No such device`);
  return showMacs(process, netns, bridge);
};

async function show(process: Process, netns: Netns, names: readonly string[]): Promise<number> {
  await print(process, "bridge name\tbridge id\t\tSTP enabled\tinterfaces");
  const all = bridgesOf(netns);
  for (const { name, mac } of all.filter((one) => names.length === 0 || names.includes(one.name))) {
    const [first = "", ...others] = portsOf(netns, name).map((port) => port.name);
    await print(process, `${name}\t\t8000.${mac.replaceAll(":", "")}\tno\t\t${first}`);
    for (const other of others) await print(process, `\t\t\t\t\t\t\t${other}`);
  }
  let status = 0;
  for (const name of names.filter((one) => !all.some((bridge) => bridge.name === one)))
    status = await fail(process, `bridge ${name} does not exist!`);
  return status;
}

async function showMacs(process: Process, netns: Netns, bridge: NetworkInterface) {
  const { world } = process.cluster;
  const ports = portsOf(netns, bridge.name);
  const number = (port: NetworkInterface) => ports.indexOf(port) + 1;
  const rows = [
    ...ports.map((port) => ({ port, mac: port.mac, isLocal: true, ageUs: 0 })),
    ...learntBy(world, netns, bridge.name).map(({ port, mac, heardAtUs }) => ({
      port,
      mac,
      isLocal: false,
      ageUs: world.nowUs - heardAtUs,
    })),
  ].sort((a, b) => (a.mac < b.mac ? -1 : 1));
  await print(process, "port no\tmac addr\t\tis local?\tageing timer");
  for (const { port, mac, isLocal, ageUs } of rows) {
    const hundredths = Math.floor(ageUs / (SECOND / 100));
    const age = `${String(Math.floor(hundredths / 100)).padStart(4)}.${String(hundredths % 100).padStart(2, "0")}`;
    await print(
      process,
      `${String(number(port)).padStart(3)}\t${mac}\t${isLocal ? "yes" : "no"}\t\t${age}`,
    );
  }
  return 0;
}
