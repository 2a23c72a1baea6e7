import type { Dice } from "./dice";

/** What the rest of a scenario has to know of its machines. */
export interface Cluster {
  readonly nodes: readonly { readonly name: string; readonly ip: string }[];
  readonly cni: string;
  readonly cloud: string;
  readonly documents: readonly object[];
}

export const ZONE = "topology.kubernetes.io/zone";

/** In one subnet, in one each, and as on a laptop. */
const NODE_ADDRESSES: readonly ((index: number) => string)[] = [
  (index) => `10.0.1.${11 + index}`,
  (index) => `10.0.1.${11 + index}`,
  (index) => `10.0.${1 + index}.${11 + index}`,
  (index) => `172.18.0.${2 + index}`,
];

/** Machines and settings. */
export function generateCluster(dice: Dice, name: string): Cluster {
  const count = dice.int(1, 3);
  const cni = dice.pick(["bridge", "bridge", "bridge", "vxlan", "calico", "aws-vpc"]);
  // Amazon's pods have addresses of the VPC, and so have its nodes.
  const addressOf = dice.pick(NODE_ADDRESSES.slice(0, cni === "aws-vpc" ? 3 : 4));
  const nodes = Array.from({ length: count }, (_, index) => ({
    name: `node-${index + 1}`,
    ip: addressOf(index),
  }));
  const cloud = dice.pick(["aws", "aws", "ip", "none"]);
  const hasZones = dice.chance(40);
  return {
    nodes,
    cni,
    cloud,
    documents: [
      scenario(dice, name, { cni, cloud }),
      ...nodes.map((node, index) => nodeDocument(dice, node, index, hasZones)),
      ...hosts(dice),
    ],
  };
}

function scenario(
  dice: Dice,
  name: string,
  { cni, cloud }: Pick<Cluster, "cni" | "cloud">,
): object {
  return {
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "Scenario",
    metadata: { name },
    spec: {
      title: "Generated for the kernel test",
      addons: dice.chance(10) ? ["kubernetes"] : [],
      cloud,
      cni,
      ...dice.maybe(cni === "bridge" ? 30 : 0, () => ({ podRoutes: "vpc" })),
      ...dice.maybe(30, () => ({ natGateway: "198.51.100.1" })),
      kubeProxy: {
        ...localTraffic(dice),
        ...dice.maybe(20, () => ({
          nodePortAddresses: dice.pick([
            ["primary"],
            ["10.0.0.0/16"],
            ["127.0.0.0/8", "10.244.0.0/16"],
          ]),
        })),
        iptables: {
          ...dice.maybe(15, () => ({ masqueradeAll: true })),
          ...dice.maybe(20, () => ({ localhostNodePorts: false })),
          ...dice.maybe(10, () => ({ masqueradeBit: 15 })),
        },
        ...dice.maybe(15, () => ({ conntrack: { tcpBeLiberal: true } })),
      },
      nodeOptions: {
        ...dice.maybe(10, () => ({ hairpinMode: false })),
        ...dice.maybe(10, () => ({ bridgeNfCallIptables: false })),
        ...dice.maybe(15, () => ({ rpFilter: dice.pick([1, 2]) })),
        ...dice.maybe(5, () => ({ sourceDestCheck: true })),
      },
    },
  };
}

/** How kube-proxy tells the node's own pods. */
function localTraffic(dice: Dice): object {
  return dice.pick([
    {},
    {},
    {},
    { clusterCIDR: "" },
    { detectLocalMode: "NodeCIDR" },
    { detectLocalMode: "BridgeInterface", detectLocal: { bridgeInterface: "cni0" } },
    { detectLocalMode: "InterfaceNamePrefix", detectLocal: { interfaceNamePrefix: "cni" } },
  ]);
}

function nodeDocument(
  dice: Dice,
  { name, ip }: Cluster["nodes"][number],
  index: number,
  hasZones: boolean,
): object {
  const external = { type: "ExternalIP", address: `203.0.113.${111 + index}` };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, ...(hasZones && { labels: { [ZONE]: dice.pick(["a", "b"]) } }) },
    spec: { podCIDR: `10.244.${index + 1}.0/24` },
    status: {
      addresses: [{ type: "InternalIP", address: ip }, ...(dice.chance(30) ? [external] : [])],
    },
  };
}

function hosts(dice: Dice): readonly object[] {
  return [
    host("user", { zone: "internet", ip: "203.0.113.10" }),
    host("vm", { zone: "vpc", ip: "10.0.9.20", listens: dice.some(SERVED, 50) }),
    ...(dice.chance(50)
      ? [host("shop", { zone: "internet", ip: "198.51.100.20", listens: SERVED })]
      : []),
  ];
}

const SERVED = [
  { protocol: "TCP", port: 8080 },
  { protocol: "UDP", port: 5300 },
];

function host(name: string, spec: object): object {
  return { apiVersion: "kubehop.dev/v1alpha1", kind: "Host", metadata: { name }, spec };
}
