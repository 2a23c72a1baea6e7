import type { EndpointSlice, Service, ServicePort } from "../../api/types";
import { SERVICE_NAME_LABEL } from "../../controllers/indexing";
import type { World } from "../world";
import { isNodeDead } from "./objects";

export function slicesOf({ store }: World, { metadata }: Service): readonly EndpointSlice[] {
  return [...store.list("EndpointSlice")].filter(
    (slice) =>
      slice.metadata.namespace === metadata.namespace &&
      slice.metadata.labels?.[SERVICE_NAME_LABEL] === metadata.name,
  );
}

/** Nodes with ready endpoints of a Service, by name. */
export function nodesWithEndpoints(world: World, service: Service): readonly string[] {
  const nodes = slicesOf(world, service).flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap(({ conditions, nodeName }) =>
      nodeName !== undefined && conditions?.ready !== false ? [nodeName] : [],
    ),
  );
  return [...new Set(nodes)].sort();
}

/** A node whose nodePort leads to the Service's pods. */
export function nodeToAsk(world: World, service: Service): string | undefined {
  const isLocal = service.spec.externalTrafficPolicy === "Local";
  const names = isLocal
    ? nodesWithEndpoints(world, service)
    : [...world.store.list("Node")].map(({ metadata }) => metadata.name);
  return names.find((name) => !isNodeDead(world, name));
}

/** As kube-proxy sees it: ready, or serving while it terminates. */
export function hasUsable(
  slices: readonly EndpointSlice[],
  port: ServicePort | undefined,
): boolean {
  return slices.some(
    ({ endpoints, ports }) =>
      (port === undefined || (ports ?? []).some((one) => isPortOf(one, port))) &&
      (endpoints ?? []).some(
        ({ conditions: { ready = true, serving = true, terminating = false } = {} }) =>
          ready || (serving && terminating),
      ),
  );
}

export function isPortOf(one: EndpointSlice["ports"][number], port: ServicePort): boolean {
  return (one.name ?? "") === (port.name ?? "") && (one.protocol ?? "TCP") === port.protocol;
}
