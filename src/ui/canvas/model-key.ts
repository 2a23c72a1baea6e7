import { keyOf } from "../../stores/related";
import type { CanvasModel } from "./model";
import { partsOf } from "./parts";

/** What the layout depends on, as a text: equal texts, equal layouts. Counters, conditions and the like move nothing. */
export function layoutKey(model: CanvasModel): string {
  const { fabric, internetHosts, vpcHosts, loadBalancers, services, nodes, strayPods, groups } =
    model;
  return [
    fabric?.natGateway ? "nat" : "",
    ...internetHosts.map((host) => `${keyOf(host)}:${(host.spec.listens?.length ?? 0) > 0}`),
    ...vpcHosts.map(keyOf),
    ...loadBalancers.map(
      (one) =>
        `${one.service}:${one.ports.length}:${one.targets.length}:${one.failsOpen}:${groups(`lb/${one.service}`).length > 0}`,
    ),
    ...services.map(({ service }) => keyOf(service)),
    ...nodes.map(
      (view) =>
        `${keyOf(view.node)}(${[...partsOf(view).keys()].join()})=${view.pods.map(keyOf).join()}`,
    ),
    ...strayPods.map(keyOf),
  ].join("|");
}

/** What the lines between things depend on besides the layout. */
export function wiresKey(model: CanvasModel): string {
  const { loadBalancers, services, nodes, furtherCables, gateways } = model;
  const withIp = ({ spec, status }: CanvasModel["strayPods"][number]) =>
    !spec.hostNetwork && status.podIP !== undefined;
  return [
    ...loadBalancers.flatMap(({ targets }) => targets.map(({ node, healthy }) => node + healthy)),
    ...services.flatMap(({ endpoints }, i) =>
      endpoints.map(({ owner, ready }) => `${i}${owner}${ready}`),
    ),
    ...nodes.flatMap(({ pods }) => pods.map((pod) => (withIp(pod) ? "1" : "0"))),
    ...gateways.map(({ pod, routes }) => `${pod}>${routes.map(({ service }) => service).join()}`),
    ...[...furtherCables].map(([pod, bridges]) => `${pod}:${bridges.join()}`),
  ].join("|");
}
