import type { Cluster } from "./cluster";
import type { Dice } from "./dice";

/** Pods that a selector can find together. */
export interface App {
  readonly name: string;
  readonly documents: readonly object[];
  /** Addresses that its pods have for sure, each with its node. */
  readonly known: readonly { readonly ip: string; readonly node: string }[];
}

interface Port {
  readonly name: string;
  readonly containerPort: number;
  readonly protocol: string;
}

/** Every app has some of these, so that a target port may fit or not. */
const PORTS: readonly Port[] = [
  { name: "http", containerPort: 8080, protocol: "TCP" },
  { name: "metrics", containerPort: 9100, protocol: "TCP" },
  { name: "echo", containerPort: 5300, protocol: "UDP" },
  { name: "diameter", containerPort: 3868, protocol: "SCTP" },
];

/** From here on no address is given to a pod that brings none. */
const FIRST_KNOWN_OCTET = 50;

export function generateApps(dice: Dice, { nodes, cni }: Cluster): readonly App[] {
  // Pods that bring addresses of a pod CIDR are none of Amazon's.
  const kinds = cni === "aws-vpc" ? [deployment, daemonSet] : [deployment, pods, pods, daemonSet];
  const apps = ["web", "api", "dns"].slice(0, dice.int(2, 3)).map((name, index) => {
    const generate = dice.pick(kinds);
    return generate(dice, name, nodes, FIRST_KNOWN_OCTET + 10 * index);
  });
  const client = pod("client", { app: "client" }, { nodeName: dice.pick(nodes).name }, []);
  return [...apps, { name: "client", documents: [client], known: [] }];
}

type Generate = (dice: Dice, name: string, nodes: Cluster["nodes"], octet: number) => App;

const deployment: Generate = (dice, name, _nodes, _octet) => {
  const labels = { app: name };
  const ports = portsOf(dice);
  const document = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: dice.int(1, 4),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(ports, dice.chance(10)) },
    },
  };
  return { name, documents: [document], known: [] };
};

/** Pods by hand: ports may differ, some are not ready, some bring their addresses. */
const pods: Generate = (dice, name, nodes, octet) => {
  const known: { ip: string; node: string }[] = [];
  const documents = Array.from({ length: dice.int(1, 3) }, (_, index) => {
    const node = dice.pick(nodes);
    const status = {};
    if (dice.chance(50)) {
      // Some from where no node's pods are, as networks without pod CIDRs have them.
      const subnet = dice.chance(15) ? 77 : nodes.indexOf(node) + 1;
      const ip = `10.244.${subnet}.${octet + index}`;
      known.push({ ip, node: node.name });
      Object.assign(status, { phase: "Running", podIP: ip, podIPs: [{ ip }] });
    }
    const ports = portsOf(dice).map((port) => (dice.chance(15) ? moved(port) : port));
    const labels = { app: name, ...dice.maybe(30, () => ({ track: "canary" })) };
    return pod(
      `${name}-${index + 1}`,
      labels,
      { nodeName: node.name },
      ports,
      dice.chance(20),
      status,
    );
  });
  return { name, documents, known };
};

/** On the nodes' own network: one of each port for each node. */
const daemonSet: Generate = (dice, name, nodes, octet) => {
  const labels = { app: name };
  const ports = portsOf(dice).map((port) => ({
    ...port,
    containerPort: port.containerPort + octet,
  }));
  const document = {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { hostNetwork: true, ...podSpec(ports, false) },
      },
    },
  };
  return {
    name,
    documents: [document],
    known: nodes.map((node) => ({ ip: node.ip, node: node.name })),
  };
};

function portsOf(dice: Dice): readonly Port[] {
  const [first, ...others] = PORTS;
  return [...(first ? [first] : []), ...dice.some(others, 60)];
}

function moved(port: Port): Port {
  return { ...port, containerPort: port.containerPort + 1 };
}

function pod(
  name: string,
  labels: object,
  placed: object,
  ports: readonly Port[],
  isSick = false,
  status = {},
): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: { ...placed, ...podSpec(ports, isSick) },
    ...(Object.keys(status).length > 0 && { status }),
  };
}

/** A sick one is probed at a port that it does not serve. */
function podSpec(ports: readonly Port[], isSick: boolean): object {
  const probe = { readinessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1 } };
  return {
    containers: [{ name: "main", image: "example/server", ports, ...(isSick && probe) }],
  };
}
