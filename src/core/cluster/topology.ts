import type { LoadBalancerKind } from "../controllers/cloud/kinds";
import { servingTargets } from "../controllers/cloud/load-balancer";
import { internalIp, isPodReady, nodeAddress } from "../controllers/pod-facts";
import type { Netns, NetnsId, NetworkInterface } from "../dataplane/netns";
import type { FirewallRule } from "../fabric/fabric";
import { listRoutes } from "../gateway/decide";
import { gatewayIn } from "../gateway/status";
import { formatCidr } from "../net/cidr";
import { formatIpv4 } from "../net/ipv4";
import type { World } from "./world";

interface Listening {
  readonly protocol: string;
  readonly port: number;
}

interface GroupRule {
  /** `all`, or that of packets. */
  readonly protocol: string;
  /** Ports, or an ICMP type and code; absent: every one. */
  readonly from?: number;
  readonly to?: number;
  /** The other side. */
  readonly cidrs: readonly string[];
}

/** A network interface, save for its addresses and settings: `ip-addr` and `sysctl` have those. */
export type Device = Omit<NetworkInterface, "index" | "addresses" | "conf" | "vxlan"> & {
  readonly vxlan?: { readonly vni: number; readonly local: string; readonly port: number };
};

/** topology.json of `kubehop dump`: enough to build the same machines elsewhere. See docs/dump-format.md. */
export interface Topology {
  readonly nodes: readonly {
    readonly name: string;
    readonly ip: string;
    /** Its 1:1 address at the internet gateway. */
    readonly externalIp?: string;
    readonly podCIDR: string;
    /** Of cni0, and of flannel.1: where a node has them, they are its own addresses, too. */
    readonly bridgeIp?: string;
    readonly tunnelIp?: string;
    /** Its network cards with all addresses that the VPC sends there, where pods have some of them. */
    readonly cards?: readonly { readonly dev: string; readonly addresses: readonly string[] }[];
    /** The cloud drops what it sends or gets under addresses that are not its own. */
    readonly sourceDestCheck?: true;
    /** Its own programs, without hostNetwork pods. */
    readonly listens: readonly Listening[];
  }[];
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly node: string;
    readonly ip: string;
    readonly hostNetwork: boolean;
    /** Where Multus has plugged it in beside the pod network: its address there, and the bridge on its node, which the
     *  node may have an address on. */
    readonly further?: readonly {
      readonly ip: string;
      readonly bridge: string;
      readonly isGateway: boolean;
    }[];
    readonly ready: boolean;
    readonly listens: readonly Listening[];
  }[];
  readonly hosts: readonly {
    readonly name: string;
    readonly ip: string;
    readonly zone: string;
    /** Of flannel.1, where the machine takes part in the pod network. */
    readonly tunnelIp?: string;
    readonly listens: readonly Listening[];
  }[];
  /** Reverse proxies, and where they send requests for a host and a path; of Services that have a ClusterIP. */
  readonly gateways: readonly {
    readonly pod: string;
    readonly ports: readonly number[];
    readonly routes: readonly {
      /** "": any. */
      readonly host: string;
      readonly path: string;
      readonly pathType: string;
      readonly ip: string;
      readonly port: number;
    }[];
  }[];
  readonly loadBalancers: readonly {
    readonly service: string;
    readonly ip: string;
    readonly vpcIp: string;
    readonly kind: LoadBalancerKind;
    readonly ports: readonly (Listening & { readonly nodePort: number })[];
    readonly targets: readonly string[];
  }[];
  /** What the security groups at machines' network cards let through; machines without any are not listed. */
  readonly securityGroups: readonly {
    /** `node/NAME`, `host/NAME`, `elb/NAMESPACE/NAME`. */
    readonly machine: string;
    readonly ingress: readonly GroupRule[];
    readonly egress: readonly GroupRule[];
  }[];
  /** Rows of the VPC's route table beside its own range and the default: who knows the way to the pods. */
  readonly vpcRoutes: readonly { readonly destination: string; readonly via: string }[];
  /** Public address of the NAT gateway. */
  readonly natGateway?: string;
  /** By namespace (`node/NAME`, `pod/NAMESPACE/NAME`, and `host/NAME` in the VPC), without lo. */
  readonly devices: Readonly<Record<string, readonly Device[]>>;
  readonly options: {
    readonly hairpinMode: boolean;
    readonly bridgeNfCallIptables: boolean;
    readonly rpFilter: number;
    readonly routeLocalnet: boolean;
  };
}

export function topologyOf(world: World): Topology {
  const { store, plane, config } = world;
  const nodes = [...store.list("Node")].map((node) => {
    const { name } = node.metadata;
    const externalIp = nodeAddress(node, "ExternalIP");
    return {
      name,
      ip: internalIp(node) ?? "",
      ...(externalIp !== undefined && { externalIp }),
      podCIDR: node.spec.podCIDR ?? "",
      ...addressesOf(world, `node/${name}`),
      ...(world.fabric.attachments.get(`node/${name}`)?.sourceDestCheck && {
        sourceDestCheck: true as const,
      }),
      listens: listensOf(plane.find(`node/${name}`), `node/${name}`),
    };
  });
  const pods = [...store.list("Pod")]
    .filter((pod) => pod.spec.nodeName && pod.status.podIP && !pod.metadata.deletionTimestamp)
    .map((pod) => {
      const { namespace, name } = pod.metadata;
      const hostNetwork = pod.spec.hostNetwork ?? false;
      const owner = `pod/${namespace}/${name}`;
      const netns = plane.find(hostNetwork ? `node/${pod.spec.nodeName}` : owner);
      return {
        namespace,
        name,
        node: pod.spec.nodeName ?? "",
        ip: pod.status.podIP ?? "",
        hostNetwork,
        ...(!hostNetwork && netns && furtherOf(world, netns)),
        ready: isPodReady(pod),
        listens: listensOf(netns, owner),
      };
    });
  const hosts = [...store.list("Host")].map(({ metadata, spec }) => ({
    name: metadata.name,
    ip: spec.ip,
    zone: spec.zone,
    ...addressesOf(world, `host/${metadata.name}`),
    listens: (spec.listens ?? []).map(({ protocol, port }) => ({ protocol, port })),
  }));
  const loadBalancers = world.loadBalancers().map((balancer) => ({
    service: balancer.service,
    ip: formatIpv4(balancer.ip),
    vpcIp: formatIpv4(balancer.vpcIp),
    kind: balancer.kind,
    ports: balancer.ports.map(({ protocol, port, nodePort }) => ({
      protocol: protocol.toUpperCase(),
      port,
      nodePort,
    })),
    targets: servingTargets(balancer).map(({ node }) => node),
  }));
  const vpcRoutes = world.fabric.routes.flatMap(({ destination, target }) => {
    const via = world.fabric.attachments.get(target)?.addresses[0];
    return via === undefined
      ? []
      : [{ destination: formatCidr(destination), via: formatIpv4(via) }];
  });
  return {
    nodes,
    pods,
    hosts,
    gateways: gatewaysOf(world),
    loadBalancers,
    securityGroups: securityGroupsOf(world),
    vpcRoutes,
    ...(config.natGateway !== undefined && { natGateway: config.natGateway }),
    devices: Object.fromEntries(
      [...plane.all()]
        .filter((netns) => isDumped(world, netns))
        .map(({ id, interfaces }) => [id, devicesOf(interfaces)]),
    ),
    options: {
      hairpinMode: config.options.hairpinMode,
      bridgeNfCallIptables: config.options.bridgeNfCallIptables,
      rpFilter: config.options.rpFilter,
      routeLocalnet: [...plane.all()].some(
        ({ id, sysctls }) => id.startsWith("node/") && sysctls.routeLocalnet,
      ),
    },
  };
}

function securityGroupsOf({ fabric }: World): Topology["securityGroups"] {
  return [...fabric.attachments.values()].flatMap(({ netns, groups }) =>
    groups
      ? [
          {
            machine: netns,
            ingress: groups.flatMap(({ ingress }) => ingress.map(ruleOf)),
            egress: groups.flatMap(({ egress }) => egress.map(ruleOf)),
          },
        ]
      : [],
  );
}

function ruleOf({ protocol, from, to, peers }: FirewallRule): GroupRule {
  return {
    protocol,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    cidrs: "prefix" in peers ? [formatCidr(peers)] : [...peers].map((ip) => `${formatIpv4(ip)}/32`),
  };
}

function gatewaysOf(world: World): Topology["gateways"] {
  const found: Topology["gateways"][number][] = [];
  for (const pod of world.store.list("Pod")) {
    const gateway = gatewayIn(pod);
    if (!gateway || !pod.status.podIP || pod.metadata.deletionTimestamp) continue;
    const owner = `pod/${pod.metadata.namespace}/${pod.metadata.name}`;
    const netns = world.plane.find(pod.spec.hostNetwork ? `node/${pod.spec.nodeName}` : owner);
    const ports = (netns?.listeners ?? [])
      .filter((one) => one.owner === owner && one.program === "gateway")
      .map(({ port }) => port);
    found.push({ pod: owner, ports, routes: listRoutes(world.gatewayView(owner), gateway) });
  }
  return found;
}

function addressesOf({ plane, fabric }: World, id: NetnsId) {
  const of = (kind: NetworkInterface["kind"]) =>
    plane.find(id)?.interfaces.find((device) => device.kind === kind)?.addresses[0]?.ip;
  const [bridge, tunnel] = [of("bridge"), of("vxlan")];
  const cards = fabric.attachments.get(id)?.cards;
  return {
    ...(bridge !== undefined && { bridgeIp: formatIpv4(bridge) }),
    ...(tunnel !== undefined && { tunnelIp: formatIpv4(tunnel) }),
    ...(cards && {
      cards: cards.map(({ dev, addresses }) => ({ dev, addresses: addresses.map(formatIpv4) })),
    }),
  };
}

function furtherOf({ plane }: World, { interfaces }: Netns) {
  const further = interfaces.flatMap(({ name, addresses: [address], peer }) => {
    const devices = (peer && plane.find(peer.netns)?.interfaces) ?? [];
    const { master } = devices.find((one) => one.name === peer?.name) ?? {};
    const bridge = devices.find((one) => one.name === master);
    return name === "eth0" || !address || !bridge
      ? []
      : [
          {
            ip: formatIpv4(address.ip),
            bridge: bridge.name,
            isGateway: bridge.addresses.length > 0,
          },
        ];
  });
  return further.length > 0 ? { further } : {};
}

function listensOf(netns: Netns | undefined, owner: string): readonly Listening[] {
  return (
    (netns?.listeners ?? [])
      // What is bound to localhost is nobody else's to reach.
      .filter((listener) => listener.owner === owner && listener.ip === undefined)
      .map(({ protocol, port }) => ({ protocol: protocol.toUpperCase(), port }))
  );
}

/** Machines of the VPC and pods: those whose network is more than one address. */
export function isDumped({ store }: World, { id }: Netns): boolean {
  if (!id.startsWith("host/")) return id.startsWith("node/") || id.startsWith("pod/");
  return store.find("Host", "", id.slice("host/".length))?.spec.zone === "vpc";
}

function devicesOf(interfaces: readonly NetworkInterface[]): readonly Device[] {
  return interfaces
    .filter(({ kind }) => kind !== "loopback")
    .map(({ index: _index, addresses: _addresses, conf: _conf, vxlan, ...device }) => ({
      ...device,
      ...(vxlan && { vxlan: { ...vxlan, local: formatIpv4(vxlan.local) } }),
    }));
}
