import type { ClusterConfig } from "../api/cluster-config";
import type { ControlContext } from "../controllers/context";
import type { Netns } from "../dataplane/netns";
import { readSysctl, writeSysctl } from "../dataplane/sysctl";
import type { ControlState } from "./control";

/** What can be switched on a machine beside its kernel's sysctls. */
export const MACHINE_SWITCHES = ["hairpin_mode", "source_dest_check", "vpc_route"] as const;
export type MachineSwitch = (typeof MACHINE_SWITCHES)[number];

/** Switches that were turned on a node; what is absent is as the scenario has it. */
export type NodeSwitches = { readonly [name in MachineSwitch]?: boolean };

/** How a scenario's machines are set up. */
export function defaultSwitch(config: ClusterConfig, name: MachineSwitch): boolean {
  switch (name) {
    case "hairpin_mode":
      return config.options.hairpinMode;
    case "source_dest_check":
      return config.options.sourceDestCheck;
    case "vpc_route":
      return config.podRoutes === "vpc";
  }
}

export function readSwitch(
  { config }: Pick<ControlContext, "config">,
  state: ControlState,
  node: string,
  name: MachineSwitch,
): boolean {
  return state.switches.get(node)?.[name] ?? defaultSwitch(config, name);
}

/** A node's setting: a sysctl by its name, or one of the machine's switches. Undefined: there is none such. */
export function readNodeSetting(
  ctx: Pick<ControlContext, "config" | "plane">,
  state: ControlState,
  node: string,
  name: string,
): number | undefined {
  const netns = ctx.plane.find(`node/${node}`);
  if (!netns) return undefined;
  return isSwitch(name) ? Number(readSwitch(ctx, state, node, name)) : readSysctl(netns, name);
}

/** False: the node has no such setting, or it does not take the value. */
export function writeNodeSetting(
  ctx: ControlContext,
  state: ControlState,
  node: string,
  name: string,
  value: number,
): boolean {
  const netns = ctx.plane.find(`node/${node}`);
  if (!netns) return false;
  if (!isSwitch(name)) {
    const changed = writeSysctl(netns, name, value);
    if (changed) ctx.plane.put(changed);
    return changed !== undefined;
  }
  if (value !== 0 && value !== 1) return false;
  const on = value === 1;
  const { switches } = state;
  switches.set(node, { ...switches.get(node), [name]: on });
  if (name === "hairpin_mode") ctx.plane.put(withHairpin(netns, on));
  return true;
}

/** /sys/class/net/VETH/brport/hairpin_mode of every bridge port. */
function withHairpin(netns: Netns, hairpin: boolean): Netns {
  const interfaces = netns.interfaces.map((device) =>
    device.master === undefined ? device : { ...device, hairpin },
  );
  return { ...netns, interfaces };
}

function isSwitch(name: string): name is MachineSwitch {
  return MACHINE_SWITCHES.some((one) => one === name);
}
