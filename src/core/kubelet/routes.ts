import type { ControlContext } from "../controllers/context";
import { MS } from "../sim/time";
import { pluginOf } from "./cni/plugins";
import type { ControlState } from "./control";
import type { KubeletEvent } from "./events";
import { podNetworkOf, withTables } from "./node-network";

/** Nodes that come or go together are one change of routes. */
const ROUTES_DELAY_US = 5 * MS;

/** All nodes' routes are written anew soon; asking again meanwhile changes nothing. */
export function scheduleRoutes(ctx: ControlContext, state: ControlState): void {
  if (state.kubelets.routesDue) return;
  state.kubelets.routesDue = true;
  ctx.schedule(ROUTES_DELAY_US, { type: "nodeRoutesDue" } satisfies KubeletEvent);
}

export function syncRoutes(ctx: ControlContext, state: ControlState): void {
  state.kubelets.routesDue = false;
  const network = podNetworkOf(ctx, state);
  const plugin = pluginOf(ctx.config);
  for (const node of network.nodes) {
    const netns = ctx.plane.find(node.id);
    if (netns) ctx.plane.put(withTables(netns, plugin.tables(node, network)));
  }
  for (const host of network.joined) {
    const netns = ctx.plane.find(host.id);
    if (!netns || !plugin.joined) continue;
    const own = netns.interfaces.filter(({ kind }) => kind === "loopback" || kind === "ethernet");
    const interfaces = [...own, ...plugin.joined.devices(host)];
    ctx.plane.put(withTables({ ...netns, interfaces }, plugin.joined.tables(host, network)));
  }
}
