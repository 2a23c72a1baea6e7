import type { Kind, Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { PodWatches, type WatchSpec } from "../controllers/pod-watches";
import { MS } from "../sim/time";

/** From the API server's write to CoreDNS's knowing of it; the same as kube-proxy's, which watches the same way. */
const WATCH_LAG_US = { min: 20 * MS, max: 80 * MS } as const;

const KINDS: ReadonlySet<Kind> = new Set(["Service", "EndpointSlice", "Namespace"]);

const DNS_SERVERS: WatchSpec = {
  event: "dnsWatch",
  kinds: KINDS,
  watches: servesDns,
  lagUs: (ctx, server, upTo) =>
    ctx.lagUs("dnsWatch") ??
    ctx.random(`coredns/${server}/watch/${upTo}`).int(WATCH_LAG_US.min, WATCH_LAG_US.max),
};

/** What each CoreDNS pod knows of Services, EndpointSlices and Namespaces. */
export function dnsWatches(): PodWatches {
  return new PodWatches(DNS_SERVERS);
}

function servesDns(ctx: ControlContext, { spec }: Pod): boolean {
  return spec.containers.some((container) =>
    ctx.programOf(container).some(({ program }) => program === "dns"),
  );
}
