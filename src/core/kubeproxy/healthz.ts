import { KUBE_PROXY_HEALTHZ_PORT } from "../controllers/cloud/healthz";
import type { Listener } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import { type HttpResponse, reasonOf } from "../net/http-message";
import { formatTimestamp } from "../sim/time";
import type { NodeProxy } from "./proxier-state";
import type { ServiceView } from "./service-rules";

/** Opens and closes the health check node ports of one node: its kube-proxy serves one for every Service of type
 *  LoadBalancer with policy Local that was in its last sync. One that is stopped serves none. */
export function syncHealthzListeners(
  plane: Plane,
  node: string,
  services: NodeProxy["services"],
): void {
  const id = `node/${node}`;
  const netns = plane.find(id);
  if (!netns) return;
  const isOurs = (one: Listener) =>
    one.program === "healthz" && one.owner === id && one.port !== KUBE_PROXY_HEALTHZ_PORT;
  const present = netns.listeners.filter(isOurs).map(({ port }) => port);
  const wanted = new Set<number>();
  for (const { view } of services.values()) {
    const port = healthCheckPort(view);
    if (port !== 0) wanted.add(port);
  }
  if (present.join() === [...wanted].join()) return;
  const added = [...wanted].map(
    (port): Listener => ({ protocol: "tcp", port, owner: id, program: "healthz" }),
  );
  plane.put({ ...netns, listeners: [...netns.listeners.filter((one) => !isOurs(one)), ...added] });
}

function healthCheckPort({ ports }: ServiceView): number {
  return ports.find(({ port }) => port.healthCheckNodePort !== 0)?.port.healthCheckNodePort ?? 0;
}

const NOT_SNIFFED = ["Content-Type: application/json", "X-Content-Type-Options: nosniff"];

/** What a node's kube-proxy answers on a health check node port, by what it knew when it synced last: 200 with ready
 *  endpoints on its node, else 503. Source: kube-proxy healthcheck/service_health.go. */
export function answerHealthCheck(proxy: NodeProxy, port: number): HttpResponse | undefined {
  for (const { view } of proxy.services.values()) {
    if (healthCheckPort(view) !== port) continue;
    const [namespace = "", name = ""] = view.key.split("/");
    const count = localReady(view, proxy.view.name);
    const status = count > 0 ? 200 : 503;
    return {
      status,
      reason: reasonOf(status),
      headers: [...NOT_SNIFFED, `X-Load-Balancing-Endpoint-Weight: ${count}`],
      body: `{
	"service": {
		"namespace": "${namespace}",
		"name": "${name}"
	},
	"localEndpoints": ${count},
	"serviceProxyHealthy": true
}
`,
    };
  }
  return undefined;
}

/** Addresses, not ports. */
function localReady({ ports }: ServiceView, node: string): number {
  const ips = new Set<number>();
  for (const { set } of ports)
    for (const { ready, nodeName, ip } of set.endpoints)
      if (ready && nodeName === node) ips.add(ip);
  return ips.size;
}

/** Its own /healthz. Source: kube-proxy healthcheck/proxy_health.go. */
export function answerHealthz(proxy: NodeProxy, nowUs: number): HttpResponse {
  const updated = formatTimestamp(proxy.lastSyncUs ?? nowUs);
  return {
    status: 200,
    reason: reasonOf(200),
    headers: NOT_SNIFFED,
    body: `{"lastUpdated": "${updated}","currentTime": "${formatTimestamp(nowUs)}", "nodeEligible": true}`,
  };
}
