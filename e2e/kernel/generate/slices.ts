import type { Cluster } from "./cluster";
import type { Dice } from "./dice";
import type { App } from "./workloads";

/** A Service's, where it has been given one. */
export const FIRST_CLUSTER_IP = "10.96.0.50";

const KUBELET_PORT = 10_250;

interface ServicePort {
  readonly name?: string;
  readonly protocol: string;
}

const CONDITIONS: readonly object[] = [
  {},
  { ready: true, serving: true, terminating: false },
  { ready: false },
  { ready: false, serving: true, terminating: true },
  { ready: false, serving: false, terminating: true },
];

const TARGETS: Readonly<Record<string, readonly number[]>> = {
  TCP: [8080, 8080, 8080, KUBELET_PORT, 80],
  UDP: [5300],
  SCTP: [3868],
};

interface Place {
  readonly ip: string;
  readonly node?: string;
}

/** Endpoints by hand: pods, nodes, other machines, another Service, and addresses that nobody has. */
function placesOf({ nodes }: Cluster, apps: readonly App[]): readonly Place[] {
  const known = apps.flatMap((app) => app.known);
  return [
    ...known,
    ...known,
    { ip: "10.0.9.20" },
    { ip: "198.51.100.20" },
    { ip: "10.244.1.199", node: nodes[0]?.name ?? "" },
    { ip: FIRST_CLUSTER_IP },
    ...nodes.map(({ name, ip }) => ({ ip, node: name })),
  ];
}

/** Behind a Service without selector; now and then as Endpoints, which Kubernetes mirrors. */
export function generateEndpoints(
  dice: Dice,
  service: string,
  ports: readonly ServicePort[],
  cluster: Cluster,
  apps: readonly App[],
): readonly object[] {
  const places = placesOf(cluster, apps);
  const numbered = ports.map(({ name = "", protocol }) => ({
    name,
    protocol,
    port: dice.pick(TARGETS[protocol] ?? []),
  }));
  return dice.chance(20)
    ? [generateMirrored(dice, service, numbered, places)]
    : generateSlices(dice, service, numbered, places);
}

function generateMirrored(
  dice: Dice,
  name: string,
  ports: readonly object[],
  places: readonly Place[],
): object {
  const addresses = [...new Set(Array.from({ length: 3 }, () => dice.pick(places)))].map(
    ({ ip, node }) => ({ ip, ...(node !== undefined && { nodeName: node }) }),
  );
  const half = dice.int(1, addresses.length);
  const notReady = addresses.slice(half);
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name },
    subsets: [
      {
        addresses: addresses.slice(0, half),
        ...(notReady.length > 0 && { notReadyAddresses: notReady }),
        ports,
      },
    ],
  };
}

/** Ready ones, and ones that are shutting down. */
function generateSlices(
  dice: Dice,
  service: string,
  ports: readonly object[],
  places: readonly Place[],
): readonly object[] {
  const allShutDown = dice.chance(20);
  const chosen = new Map(
    Array.from({ length: dice.int(1, 4) }, () => dice.pick(places)).map((place) => [
      place.ip,
      place,
    ]),
  );
  const endpoints = [...chosen.values()].map(({ ip, node }) => ({
    addresses: [ip],
    ...(node !== undefined && dice.chance(80) && { nodeName: node }),
    conditions: allShutDown ? CONDITIONS[3] : dice.pick(CONDITIONS),
  }));
  const half = dice.chance(30) ? Math.ceil(endpoints.length / 2) : endpoints.length;
  return [endpoints.slice(0, half), endpoints.slice(half)]
    .filter((part) => part.length > 0)
    .map((part, index) => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `${service}-${index + 1}`,
        labels: { "kubernetes.io/service-name": service },
      },
      addressType: "IPv4",
      ports,
      endpoints: part,
    }));
}
