import type { ControlContext } from "../controllers/context";
import type { Ipv4 } from "../net/ipv4";
import { EMPTY_IPAM, releaseIp } from "./cni/host-local";
import type { CniNode } from "./cni/node";
import { pluginOf } from "./cni/plugins";
import type { ControlState } from "./control";
import { podNetworkOf, withTables } from "./node-network";
import { scheduleRoutes } from "./routes";
import type { PodRuntime } from "./state";

/** The address that the pod came with, or the next one of its node. */
export function takeAddress(
  ctx: ControlContext,
  state: ControlState,
  node: CniNode,
  { ip }: PodRuntime,
): { readonly ok: true; readonly ip: Ipv4 } | { readonly ok: false; readonly message: string } {
  const { kubelets } = state;
  const plugin = pluginOf(ctx.config);
  const before = kubelets.ipam.get(node.name) ?? EMPTY_IPAM;
  if (ip !== undefined) {
    if (!plugin.owns(node, before, ip)) {
      kubelets.foreignIps.set(ip, node.name);
      scheduleRoutes(ctx, state);
    }
    return { ok: true, ip };
  }
  const allocation = plugin.allocate(before, node, () => podNetworkOf(ctx, state));
  if (!allocation.ok) return allocation;
  kubelets.ipam.set(node.name, allocation.ipam);
  if (plugin.isNetworkChange?.(before, allocation.ipam, node)) {
    growNode(ctx, state, node);
    scheduleRoutes(ctx, state);
  }
  return allocation;
}

/** The node's agent has taken more for it: a pod CIDR, further cards, another block. */
export function growNode(ctx: ControlContext, state: ControlState, node: CniNode): void {
  const host = ctx.plane.get(node.id);
  const plugin = pluginOf(ctx.config);
  const ipam = state.kubelets.ipam.get(node.name) ?? EMPTY_IPAM;
  const present = new Set(host.interfaces.map(({ name }) => name));
  const added = plugin
    .devices(node, ctx.config, ipam)
    .filter(({ name }) => !present.has(name))
    .map((device, offset) => ({ ...device, index: host.interfaces.length + 1 + offset }));
  const grown = { ...host, interfaces: [...host.interfaces, ...added] };
  ctx.plane.put(withTables(grown, plugin.tables(node, podNetworkOf(ctx, state))));
}

/** The address of a pod that is gone, or could not be made, is free again. */
export function releaseAddress(
  ctx: ControlContext,
  state: ControlState,
  node: string,
  ip: Ipv4,
): void {
  const { ipam, foreignIps } = state.kubelets;
  const present = ipam.get(node);
  if (present) ipam.set(node, releaseIp(present, ip));
  if (foreignIps.delete(ip)) scheduleRoutes(ctx, state);
}
