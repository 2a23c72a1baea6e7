import type { ControlContext } from "../controllers/context";
import { MS } from "../sim/time";
import type { ControlState } from "./control";
import type { KubeletEvent } from "./events";
import { nodeRoutes, RoutesToNodes } from "./node-network";

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
  const nodes = [...ctx.store.list("Node")];
  const others = new RoutesToNodes(nodes);
  const foreign = [...state.kubelets.foreignIps];
  for (const node of nodes) {
    const netns = ctx.plane.find(`node/${node.metadata.name}`);
    if (netns) ctx.plane.put({ ...netns, routes: nodeRoutes(node, others, ctx.config, foreign) });
  }
}
