import type { Kind, Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { PodWatches, type WatchSpec } from "../controllers/pod-watches";
import { gatewayOf } from "../programs/gateways";
import { MS } from "../sim/time";

/** From the API server's write to the gateway's having it in force: its watch, and the reload of its configuration.
 *  Typical, not measured. Source: ingress-nginx's configuration page, and istiod's PILOT_DEBOUNCE_AFTER, 100 ms. */
const WATCH_LAG_US = { min: 100 * MS, max: 300 * MS } as const;

const KINDS: ReadonlySet<Kind> = new Set(["Ingress", "Service", "EndpointSlice"]);

const GATEWAYS: WatchSpec = {
  event: "gatewayWatch",
  kinds: KINDS,
  watches: (_ctx: ControlContext, { spec }: Pod) =>
    spec.containers.some((container) => gatewayOf(container)),
  lagUs: (ctx, server, upTo) =>
    ctx.lagUs("gatewayWatch") ??
    ctx.random(`gateway/${server}/watch/${upTo}`).int(WATCH_LAG_US.min, WATCH_LAG_US.max),
};

/** What each gateway pod knows of routes, Services and endpoints. */
export function gatewayWatches(): PodWatches {
  return new PodWatches(GATEWAYS);
}
