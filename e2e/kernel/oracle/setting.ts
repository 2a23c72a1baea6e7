import type { Topology } from "../../../src/core/cluster/topology";
import { addonManifests } from "./addons";
import { inCidr, type ServiceAddresses } from "./addresses";
import { sameProtocol } from "./endpoints";
import {
  Manifests,
  namespaceOf,
  type ServiceManifest,
  type ServicePortManifest,
} from "./manifests";

/** All that the oracle knows. */
export interface Setting {
  readonly topology: Topology;
  readonly manifests: Manifests;
  readonly fronts: readonly Front[];
}

/** One port of a Service that kube-proxy serves, with the addresses that lead to it. */
export interface Front {
  readonly service: ServiceManifest;
  readonly port: ServicePortManifest;
  readonly addresses: ServiceAddresses;
  readonly nodePort: number | undefined;
}

/** Where a request comes from. */
export type Source =
  | { readonly kind: "pod"; readonly node: string; readonly ip: string }
  | { readonly kind: "node"; readonly node: string; readonly ip: string }
  | {
      readonly kind: "host";
      readonly zone: string;
      /** Takes part in the pod network, under the address of its tunnel where it has one. */
      readonly joined?: boolean;
      readonly tunnelIp?: string;
    };

export function settingOf(
  text: string,
  topology: Topology,
  addresses: readonly ServiceAddresses[],
): Setting {
  const given = Manifests.parse(text);
  const addons = addonManifests(given.scenario, topology.hosts);
  const manifests = new Manifests([...addons, ...given.documents]);
  const fronts = manifests.services.flatMap((service) => frontsOf(service, addresses));
  return { topology, manifests, fronts };
}

function frontsOf(
  service: ServiceManifest,
  addresses: readonly ServiceAddresses[],
): readonly Front[] {
  const { clusterIP, type, ports = [] } = service.spec;
  const own = addresses.find(
    ({ namespace, name }) => name === service.metadata?.name && namespace === namespaceOf(service),
  );
  if (!own || clusterIP === "None" || type === "ExternalName") return [];
  return ports.map((port, index) => ({
    service,
    port,
    addresses: own,
    nodePort: own.nodePorts[index],
  }));
}

/** The Service that has a node's own address and port for an external address of its, or for a nodePort. */
export function frontOfNodeAddress(
  { topology, fronts }: Setting,
  ip: string,
  port: number,
  protocol: string | undefined,
): Front | undefined {
  if (!topology.nodes.some((node) => node.ip === ip)) return undefined;
  return fronts.find(
    (front) =>
      sameProtocol(front.port.protocol, protocol) &&
      (front.nodePort === port ||
        (front.port.port === port && front.service.spec.externalIPs?.includes(ip))),
  );
}

export function sourceOf({ topology, manifests }: Setting, from: string): Source {
  const [kind, ...name] = from.split("/");
  if (kind === "node") {
    const node = topology.nodes.find((one) => one.name === name[0]);
    return { kind, node: node?.name ?? "", ip: node?.ip ?? "" };
  }
  if (kind === "pod") {
    const pod = topology.pods.find((one) => `${one.namespace}/${one.name}` === name.join("/"));
    return { kind, node: pod?.node ?? "", ip: pod?.ip ?? "" };
  }
  const host = topology.hosts.find((one) => one.name === name[0]);
  const { tunnelIp } = host ?? {};
  return {
    kind: "host",
    zone: host?.zone ?? "",
    joined: manifests.joinedHosts.has(name[0] ?? ""),
    ...(tunnelIp !== undefined && { tunnelIp }),
  };
}

/** Whether a node's kube-proxy takes this client for one of the cluster's own, whom policy Local does not bind. */
export function isOwnClient({ topology, manifests }: Setting, source: Source, node: string) {
  if (source.kind !== "pod") return source.kind === "node" && source.node === node;
  const { cni, clusterCIDR = "10.244.0.0/16", kubeProxy = {} } = manifests.scenario;
  const { detectLocalMode = "ClusterCIDR", detectLocal = {} } = kubeProxy;
  const { bridgeInterface, interfaceNamePrefix = "-" } = detectLocal;
  const range = kubeProxy.clusterCIDR ?? (cni === "aws-vpc" ? "" : clusterCIDR);
  const podCIDR = topology.nodes.find((one) => one.name === node)?.podCIDR ?? "";
  switch (detectLocalMode) {
    case "NodeCIDR":
      return inCidr(source.ip, podCIDR);
    case "BridgeInterface":
      return source.node === node && entranceOf(topology, source) === bridgeInterface;
    case "InterfaceNamePrefix":
      return source.node === node && entranceOf(topology, source)?.startsWith(interfaceNamePrefix);
    default:
      return range !== "" && inCidr(source.ip, range);
  }
}

/** The node's interface that a pod's packets come in by, as rules see it. */
function entranceOf({ pods, devices }: Topology, { node, ip }: { node: string; ip: string }) {
  const pod = pods.find((one) => one.node === node && one.ip === ip && !one.hostNetwork);
  const peer = devices[`pod/${pod?.namespace}/${pod?.name}`]?.[0]?.peer;
  const end = peer && devices[peer.netns]?.find(({ name }) => name === peer.name);
  return end?.master ?? end?.name;
}

/** Whether a pod has its address from where its node's pods are looked for. */
export function isAtHome({ topology, manifests }: Setting, node: string, ip: string): boolean {
  const home = topology.nodes.find(({ name }) => name === node);
  if (manifests.scenario.cni === "aws-vpc")
    return home?.cards?.some(({ addresses }) => addresses.includes(ip)) ?? false;
  return home !== undefined && inCidr(ip, home.podCIDR);
}
