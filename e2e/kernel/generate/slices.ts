import type { Cluster } from "./cluster";
import type { Dice } from "./dice";
import type { App } from "./workloads";

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

const TARGETS: Readonly<Record<string, number>> = { UDP: 5300, SCTP: 3868 };

/** Endpoints by hand: pods, machines, and addresses that nobody has; ready, or shutting down. */
export function generateSlices(
  dice: Dice,
  service: string,
  ports: readonly ServicePort[],
  { nodes }: Cluster,
  apps: readonly App[],
): readonly object[] {
  const known = apps.flatMap((app) => app.known);
  const places: readonly { readonly ip: string; readonly node?: string }[] = [
    ...known,
    ...known,
    { ip: "10.0.9.20" },
    { ip: "198.51.100.20" },
    { ip: "10.244.1.199", node: nodes[0]?.name ?? "" },
  ];
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
      ports: ports.map(({ name = "", protocol }) => ({
        name,
        protocol,
        port: TARGETS[protocol] ?? 8080,
      })),
      endpoints: part,
    }));
}
