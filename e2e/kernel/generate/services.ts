import type { Cluster } from "./cluster";
import type { Dice } from "./dice";
import { FIRST_CLUSTER_IP, generateEndpoints } from "./slices";
import type { App } from "./workloads";

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetPort?: string | number;
}

/** Ports that a Service may have, with targets that fit most of the time. */
const PORTS: readonly (readonly [Port, readonly (string | number)[]])[] = [
  [{ name: "http", port: 80, protocol: "TCP" }, ["http", 8080, 8080, 81]],
  [{ name: "metrics", port: 9100, protocol: "TCP" }, ["metrics", 9100]],
  [{ name: "echo", port: 53, protocol: "UDP" }, ["echo", 5300]],
];

/** Not for load balancers: the cloud's do not speak it. */
const SCTP: (typeof PORTS)[number] = [
  { name: "diameter", port: 3868, protocol: "SCTP" },
  ["diameter", 3868],
];

const TYPES = ["ClusterIP", "NodePort", "NodePort", "LoadBalancer", "LoadBalancer", "headless"];

export function generateServices(
  dice: Dice,
  cluster: Cluster,
  apps: readonly App[],
): readonly object[] {
  return Array.from({ length: dice.int(3, 5) }, (_, index) =>
    service(dice, index, cluster, apps),
  ).flat();
}

function service(
  dice: Dice,
  index: number,
  cluster: Cluster,
  apps: readonly App[],
): readonly object[] {
  const name = `svc-${index + 1}`;
  const type = dice.pick(TYPES);
  const ports = portsOf(dice, type);
  const selector = selectorOf(dice, apps);
  const document = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: {
      ...(type !== "headless" && index === 0 && { clusterIP: FIRST_CLUSTER_IP }),
      ...(type === "headless"
        ? { clusterIP: "None" }
        : { type, ...front(dice, type, index, cluster) }),
      ...(selector && { selector }),
      ports,
      ...dice.maybe(10, () => ({ publishNotReadyAddresses: true })),
      ...dice.maybe(15, () => ({ trafficDistribution: "PreferClose" })),
    },
  };
  return [
    { ...document, ...givenStatus(dice, type, index, cluster) },
    ...(selector ? [] : generateEndpoints(dice, name, ports, cluster, apps)),
  ];
}

function portsOf(dice: Dice, type: string): readonly Port[] {
  const chosen = [...dice.some(PORTS, 50), ...dice.some(type === "LoadBalancer" ? [] : [SCTP], 30)];
  const [first] = PORTS;
  const used = chosen.length > 0 || !first ? chosen : [first];
  return used.map(([{ name, ...port }, targets]) => ({
    // A port on its own may go without a name.
    ...(used.length > 1 && { name }),
    ...port,
    ...dice.maybe(95, () => ({ targetPort: dice.pick(targets) })),
  }));
}

function selectorOf(dice: Dice, apps: readonly App[]): object | undefined {
  if (dice.chance(25)) return undefined;
  if (dice.chance(10)) return { app: "nobody" };
  return { app: dice.pick(apps).name, ...dice.maybe(15, () => ({ track: "canary" })) };
}

/** What kinds of traffic come in, and how. */
function front(dice: Dice, type: string, index: number, { nodes }: Cluster): object {
  const isExternal = type !== "ClusterIP";
  return {
    ...dice.maybe(20, () => ({ internalTrafficPolicy: "Local" })),
    ...dice.maybe(isExternal ? 40 : 0, () => ({ externalTrafficPolicy: "Local" })),
    ...dice.maybe(15, () => ({
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
    })),
    ...dice.maybe(20, () => ({
      externalIPs: [
        dice.pick([
          `192.0.2.${100 + index}`,
          `192.0.2.${100 + index}`,
          dice.pick(nodes).ip,
          "10.0.9.20",
        ]),
      ],
    })),
    ...dice.maybe(type === "LoadBalancer" ? 30 : 0, () => ({
      loadBalancerSourceRanges: [
        ...dice.some(["10.244.1.0/24", "10.0.0.0/16", "203.0.113.0/24"], 50),
        "192.0.2.0/24",
      ],
    })),
  };
}

/** As another cluster's load balancers may have left it. */
function givenStatus(dice: Dice, type: string, index: number, { cloud }: Cluster): object {
  if (type !== "LoadBalancer" || cloud !== "none") return {};
  const ingress = dice.pick([
    { ip: `192.0.2.${150 + index}` },
    { ip: `192.0.2.${150 + index}`, ipMode: "Proxy" },
    { hostname: "lb.example.com" },
  ]);
  return dice.maybe(60, () => ({ status: { loadBalancer: { ingress: [ingress] } } }));
}
