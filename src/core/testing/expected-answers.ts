import type { Pod } from "../api/types";
import type { World } from "../cluster/world";
import { nodeName, podsOf, type RandomCluster, type RandomService, SERVED } from "./random-cluster";

/** Who answers, and how often: `pod/NAMESPACE/NAME IP:PORT`, `refused`, `dropped`. Worked out from labels, selectors,
 *  readiness and policies alone; knows nothing of rules. */
export type Answers = ReadonlyMap<string, number>;

export interface Endpoint {
  readonly pod: Pod;
  readonly port: number;
}

type ServicePort = RandomService["ports"][number];

const REFUSED: Answers = new Map([["refused", 1]]);
const DROPPED: Answers = new Map([["dropped", 1]]);

/** Pods that a Service's port leads to. */
export function endpointsOf(
  cluster: RandomCluster,
  world: World,
  service: RandomService,
  { targetPort }: ServicePort,
): readonly Endpoint[] {
  const number = typeof targetPort === "number" ? targetPort : undefined;
  const port = targetPort === SERVED.name ? SERVED.port : number;
  if (port === undefined) return [];
  return cluster.apps
    .filter(({ name, namespace }) => name === service.selects && namespace === service.namespace)
    .flatMap((app) => {
      const pods = podsOf(world, app);
      const ready = service.publishNotReadyAddresses ? pods : pods.slice(app.unready);
      return ready.map((pod) => ({ pod, port }));
    });
}

/** From a pod or process of this node to the clusterIP. */
export function toClusterIp(
  cluster: RandomCluster,
  world: World,
  service: RandomService,
  port: ServicePort,
  node: string,
): Answers {
  const all = endpointsOf(cluster, world, service, port);
  return served(all, service.internalTrafficPolicy, node);
}

/** To a node's nodePort; `inside`: from that node itself, or from its pods. */
export function toNodePort(
  cluster: RandomCluster,
  world: World,
  service: RandomService,
  port: ServicePort,
  node: string,
  inside: boolean,
): Answers {
  const all = endpointsOf(cluster, world, service, port);
  return served(all, inside ? "Cluster" : service.externalTrafficPolicy, node);
}

/** From outside to the load balancer, which asks a healthy node. */
export function toLoadBalancer(
  cluster: RandomCluster,
  world: World,
  service: RandomService,
  port: ServicePort,
): Answers {
  const nodes = Array.from({ length: cluster.nodes }, (_, index) => nodeName(index));
  const healthy = nodes.filter((node) => passesHealthCheck(cluster, world, service, node));
  return healthy.length === 0
    ? REFUSED
    : mean(healthy.map((node) => toNodePort(cluster, world, service, port, node, false)));
}

/** Cluster: whoever answers at the first port's nodePort. Local: a node with an endpoint of its own. */
function passesHealthCheck(
  cluster: RandomCluster,
  world: World,
  service: RandomService,
  node: string,
): boolean {
  const of = (port: ServicePort) => endpointsOf(cluster, world, service, port);
  const [first] = service.ports;
  return service.externalTrafficPolicy === "Local"
    ? service.ports.flatMap(of).some(({ pod }) => pod.spec.nodeName === node)
    : first !== undefined && of(first).some(({ port }) => port === SERVED.port);
}

function served(all: readonly Endpoint[], policy: "Cluster" | "Local", node: string): Answers {
  if (all.length === 0) return REFUSED;
  const own = all.filter(({ pod }) => policy === "Cluster" || pod.spec.nodeName === node);
  return own.length === 0 ? DROPPED : mean(own.map(answerOf));
}

/** A pod that does not listen at the port resets. */
function answerOf({ pod, port }: Endpoint): Answers {
  const { namespace, name } = pod.metadata;
  return port === SERVED.port
    ? new Map([[`pod/${namespace}/${name} ${pod.status.podIP}:${port}`, 1]])
    : REFUSED;
}

function mean(all: readonly Answers[]): Answers {
  const sum = new Map<string, number>();
  for (const one of all)
    for (const [who, share] of one) sum.set(who, (sum.get(who) ?? 0) + share / all.length);
  return sum;
}
