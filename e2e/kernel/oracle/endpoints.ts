import type { Topology } from "../../../src/core/cluster/topology";
import {
  type Manifests,
  namespaceOf,
  type PodManifest,
  type PortRow,
  type ServiceManifest,
  type ServicePortManifest,
} from "./manifests";

/** An address that a Service's port may lead to. */
export interface Candidate {
  readonly ip: string;
  readonly port: number;
  readonly node?: string;
  readonly ready: boolean;
  /** Shutting down, and still answering. */
  readonly servesOut: boolean;
  readonly zones?: readonly string[];
}

type Pod = Topology["pods"][number];

const ZONE = "topology.kubernetes.io/zone";

/** Everything that could stand behind the port: selected pods, and what slices and Endpoints name. */
export function candidates(
  manifests: Manifests,
  pods: readonly Pod[],
  service: ServiceManifest,
  port: ServicePortManifest,
): readonly Candidate[] {
  return [
    ...fromPods(manifests, pods, service, port),
    ...fromSlices(manifests, service, port),
    ...fromEndpoints(manifests, service, port),
  ];
}

function fromPods(
  manifests: Manifests,
  pods: readonly Pod[],
  service: ServiceManifest,
  port: ServicePortManifest,
): readonly Candidate[] {
  const { selector, publishNotReadyAddresses, trafficDistribution } = service.spec;
  const wanted = Object.entries(selector ?? {});
  if (wanted.length === 0) return [];
  return pods.flatMap((pod) => {
    const manifest = manifests.podOf(pod.namespace, pod.name);
    const labels = manifest?.metadata?.labels ?? {};
    const isSelected =
      pod.namespace === namespaceOf(service) &&
      wanted.every(([key, value]) => labels[key] === value);
    const number = manifest && isSelected ? targetPort(manifest, port) : undefined;
    if (manifest === undefined || number === undefined) return [];
    const zone = manifests.labelsOfNode(pod.node)[ZONE];
    const isClose = trafficDistribution !== undefined && zone !== undefined;
    return {
      ip: pod.ip,
      port: number,
      node: pod.node,
      ready: isReady(pod, manifest) || publishNotReadyAddresses === true,
      servesOut: false,
      ...(isClose && { zones: [zone] }),
    };
  });
}

/** A probe passes where the port that it names is served. Conditions that an exported pod came with are believed. */
function isReady(pod: Pod, { spec, status }: PodManifest): boolean {
  if (status?.conditions) return pod.ready;
  const served = new Set(pod.listens.map(({ port }) => port));
  return spec.containers.every(({ ports = [], readinessProbe = {} }) => {
    const probed = [readinessProbe.tcpSocket, readinessProbe.httpGet].flatMap((one) => one ?? []);
    return probed.every(({ port }) => {
      const number = ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
      return served.has(number);
    });
  });
}

/** Undefined: the pod has no port of that name, so it is no endpoint. */
function targetPort(pod: PodManifest, { port, protocol, targetPort: target }: ServicePortManifest) {
  if (typeof target !== "string") return target ?? port;
  return pod.spec.containers
    .flatMap(({ ports }) => ports ?? [])
    .find((one) => one.name === target && sameProtocol(one.protocol, protocol))?.containerPort;
}

function fromSlices(
  manifests: Manifests,
  service: ServiceManifest,
  port: ServicePortManifest,
): readonly Candidate[] {
  return manifests.slices
    .filter(
      (slice) =>
        slice.metadata?.labels?.["kubernetes.io/service-name"] === service.metadata?.name &&
        namespaceOf(slice) === namespaceOf(service),
    )
    .flatMap(({ ports, endpoints }) =>
      portsFor(ports, port).flatMap((number) =>
        endpoints.map(({ addresses, nodeName, conditions = {}, hints }) => {
          const ready = conditions.ready !== false;
          const { serving = ready, terminating = false } = conditions;
          return {
            ip: addresses[0] ?? "",
            port: number,
            ready,
            servesOut: serving && terminating,
            ...(nodeName !== undefined && { node: nodeName }),
            ...(hints?.forZones && { zones: hints.forZones.map(({ name }) => name) }),
          };
        }),
      ),
    );
}

/** Kubernetes mirrors Endpoints into slices for Services without selector only. */
function fromEndpoints(
  manifests: Manifests,
  service: ServiceManifest,
  port: ServicePortManifest,
): readonly Candidate[] {
  if (service.spec.selector) return [];
  const own = manifests.endpoints.filter(
    (one) =>
      one.metadata?.name === service.metadata?.name && namespaceOf(one) === namespaceOf(service),
  );
  return own
    .flatMap(({ subsets }) => subsets ?? [])
    .flatMap(({ ports, addresses = [], notReadyAddresses = [] }) =>
      portsFor(ports, port).flatMap((number) => [
        ...addresses.map((one) => mirrored(one, number, true)),
        ...notReadyAddresses.map((one) => mirrored(one, number, false)),
      ]),
    );
}

function mirrored(
  { ip, nodeName }: { readonly ip: string; readonly nodeName?: string },
  port: number,
  ready: boolean,
): Candidate {
  const node = nodeName === undefined ? {} : { node: nodeName };
  return { ip, port, ready, servesOut: false, ...node };
}

function portsFor(rows: readonly PortRow[] | undefined, port: ServicePortManifest) {
  return (rows ?? [])
    .filter(
      (row) => (row.name ?? "") === (port.name ?? "") && sameProtocol(row.protocol, port.protocol),
    )
    .map((row) => row.port);
}

export function sameProtocol(one = "TCP", other = "TCP"): boolean {
  return one.toUpperCase() === other.toUpperCase();
}

/** Those that get traffic as seen from a node: ready ones, or, with none, those that are shutting down. With policy
 *  Local, only the node's own. */
export function usable(
  all: readonly Candidate[],
  policy: "Cluster" | "Local",
  node: string,
  zone: string | undefined,
): readonly Candidate[] {
  const near = policy === "Local" ? all.filter((one) => one.node === node) : all;
  const ready = near.filter((one) => one.ready);
  if (ready.length === 0) return near.filter((one) => !one.ready && one.servesOut);
  const mine = ready.filter(({ zones }) => zone !== undefined && zones?.includes(zone));
  const hinted = policy === "Cluster" && ready.every(({ zones }) => zones !== undefined);
  return hinted && mine.length > 0 ? mine : ready;
}

export function zoneOf(manifests: Manifests, node: string): string | undefined {
  return manifests.labelsOfNode(node)[ZONE];
}
