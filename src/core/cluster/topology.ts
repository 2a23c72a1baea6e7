import { internalIp, isPodReady } from "../controllers/pod-facts";
import { formatCidr } from "../net/cidr";
import { formatIpv4 } from "../net/ipv4";
import type { World } from "./world";

interface Listening {
  readonly protocol: string;
  readonly port: number;
}

/** topology.json of `kubehop dump`: enough to build the same machines elsewhere. */
export interface Topology {
  readonly nodes: readonly {
    readonly name: string;
    readonly ip: string;
    readonly podCIDR: string;
  }[];
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly node: string;
    readonly ip: string;
    readonly hostNetwork: boolean;
    readonly ready: boolean;
    readonly listens: readonly Listening[];
  }[];
  readonly hosts: readonly {
    readonly name: string;
    readonly ip: string;
    readonly zone: string;
    readonly listens: readonly Listening[];
  }[];
  readonly loadBalancers: readonly {
    readonly service: string;
    readonly ip: string;
    readonly vpcIp: string;
    readonly kind: "proxy";
    readonly ports: readonly (Listening & { readonly nodePort: number })[];
    readonly targets: readonly string[];
  }[];
  /** Rows of the VPC's route table beside its own range and the default: who knows the way to the pods. */
  readonly vpcRoutes: readonly { readonly destination: string; readonly via: string }[];
  readonly options: {
    readonly hairpinMode: boolean;
    readonly bridgeNfCallIptables: boolean;
    readonly rpFilter: number;
    readonly routeLocalnet: boolean;
  };
}

export function topologyOf(world: World): Topology {
  const { store, plane, config } = world;
  const nodes = [...store.list("Node")].map((node) => ({
    name: node.metadata.name,
    ip: internalIp(node) ?? "",
    podCIDR: node.spec.podCIDR ?? "",
  }));
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
        ready: isPodReady(pod),
        listens: (netns?.listeners ?? [])
          .filter((listener) => listener.owner === owner)
          .map(({ protocol, port }) => ({ protocol: protocol.toUpperCase(), port })),
      };
    });
  const hosts = [...store.list("Host")].map(({ metadata, spec }) => ({
    name: metadata.name,
    ip: spec.ip,
    zone: spec.zone,
    listens: (spec.listens ?? []).map(({ protocol, port }) => ({ protocol, port })),
  }));
  const loadBalancers = world.loadBalancers().map((balancer) => ({
    service: balancer.service,
    ip: formatIpv4(balancer.ip),
    vpcIp: formatIpv4(balancer.vpcIp),
    kind: "proxy" as const,
    ports: balancer.ports.map(({ protocol, port, nodePort }) => ({
      protocol: protocol.toUpperCase(),
      port,
      nodePort,
    })),
    targets: balancer.targets.filter(({ healthy }) => healthy).map(({ node }) => node),
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
    loadBalancers,
    vpcRoutes,
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
