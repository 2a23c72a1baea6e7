import type { ClusterConfig } from "../api/cluster-config";
import type { Store } from "../api/store";
import type { Host, Node } from "../api/types";
import {
  type LoadBalancer,
  loadBalancerLabel,
  loadBalancerNetnsId,
  servingTargets,
} from "../controllers/cloud/load-balancer";
import { nodeAddress } from "../controllers/pod-facts";
import { LOOPBACK } from "../dataplane/loopback";
import { macOf } from "../dataplane/mac";
import { HOST_SYSCTLS, type Listener, type Netns } from "../dataplane/netns";
import {
  type Attachment,
  createFabric,
  type Fabric,
  type ForwardedPort,
  type PodRange,
  type VpcRoute,
} from "../fabric/fabric";
import type { Eni } from "../kubelet/cni/host-local";
import type { MachineSwitch } from "../kubelet/node-settings";
import { cidr, cidrOf, parseCidr } from "../net/cidr";
import { ipv4, parseIpv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import { DNS_PORT } from "./dns-datagram";
import { withSecurityGroups } from "./security-groups";

/** Hosts have addresses of /24 networks, whose first address is their router. */
const HOST_PREFIX = 24;

/** The network namespace of a machine that is not in the cluster. */
export function hostNetns(host: Host): Netns {
  const { name } = host.metadata;
  const ip = ipv4(host.spec.ip);
  const network = cidrOf(ip, HOST_PREFIX);
  return {
    id: `host/${name}`,
    machine: name,
    label: name,
    interfaces: [
      LOOPBACK,
      {
        name: "eth0",
        index: 2,
        kind: "ethernet",
        mac: macOf(`host/${name}/eth0`),
        mtu: 1_500,
        addresses: [{ ip, prefix: HOST_PREFIX }],
      },
    ],
    routes: [
      { destination: cidr("0.0.0.0/0"), via: (network.network + 1) >>> 0, dev: "eth0" },
      { destination: network, dev: "eth0", src: ip, kernel: true },
    ],
    listeners: (host.spec.listens ?? []).map(
      ({ protocol, port }): Listener => ({
        protocol: protocol.toLowerCase() as Protocol,
        port,
        owner: `host/${name}`,
        program: protocol === "TCP" ? "http" : port === DNS_PORT ? "dns" : "echo",
      }),
    ),
    sysctls: HOST_SYSCTLS,
    up: true,
  };
}

/** What the cloud knows of a node beside its object. */
export interface MachineFacts {
  isOn(node: string, name: MachineSwitch): boolean;
  /** Its network cards with all their addresses, where pods have addresses of the VPC. */
  cardsOf(node: string): readonly Eni[];
}

/** The fabric between the machines that exist now. */
export function fabricOf(
  store: Store,
  config: ClusterConfig,
  balancers: Iterable<LoadBalancer>,
  machines: MachineFacts,
): Fabric {
  const attachments: Attachment[] = [];
  const routes: VpcRoute[] = [];
  const podRanges: PodRange[] = [];
  for (const node of store.list("Node")) {
    const attachment = nodeAttachment(node, machines);
    if (!attachment) continue;
    const { name } = node.metadata;
    attachments.push(attachment);
    const podCidr = node.spec.podCIDR === undefined ? undefined : parseCidr(node.spec.podCIDR);
    if (!podCidr) continue;
    if (config.cni !== "aws-vpc") podRanges.push({ range: podCidr, node: name });
    if (machines.isOn(name, "vpc_route"))
      routes.push({ destination: podCidr, target: attachment.netns });
  }
  for (const host of store.list("Host")) {
    const { name } = host.metadata;
    const ip = ipv4(host.spec.ip);
    const published = parseIpv4(host.spec.publicIP ?? "");
    attachments.push({
      netns: `host/${name}`,
      label: name,
      zone: host.spec.zone,
      addresses: [ip],
      ...(published !== undefined && { publicAddresses: [{ ip: published, natTo: ip }] }),
    });
  }
  attachments.push(...[...balancers].map(balancerAttachment));
  const natGateway = config.natGateway === undefined ? undefined : parseIpv4(config.natGateway);
  return createFabric(withSecurityGroups(attachments, store), {
    routes,
    podRanges,
    ...(natGateway !== undefined && { natGateway }),
  });
}

function balancerAttachment(balancer: LoadBalancer): Attachment {
  const { kind, service, ip, vpcIp } = balancer;
  return {
    netns: loadBalancerNetnsId(service),
    label: loadBalancerLabel(balancer),
    zone: "vpc",
    addresses: [vpcIp],
    publicAddresses: [{ ip }],
    ...(kind === "nlb" && { forwards: forwardsOf(balancer) }),
  };
}

function forwardsOf(balancer: LoadBalancer): readonly ForwardedPort[] {
  const targets = servingTargets(balancer).map(({ node, ip }) => ({ label: node, ip }));
  return balancer.ports.map(({ protocol, port, nodePort }) => ({
    protocol,
    port,
    targetPort: nodePort,
    targets,
  }));
}

function nodeAttachment(node: Node, machines: MachineFacts): Attachment | undefined {
  const internal = parseIpv4(nodeAddress(node, "InternalIP") ?? "");
  if (internal === undefined) return undefined;
  const external = parseIpv4(nodeAddress(node, "ExternalIP") ?? "");
  const { name } = node.metadata;
  const cards = machines.cardsOf(name);
  return {
    netns: `node/${name}`,
    label: name,
    zone: "vpc",
    addresses: cards.length > 0 ? cards.flatMap(({ addresses }) => addresses) : [internal],
    ...(cards.length > 0 && { cards }),
    sourceDestCheck: machines.isOn(name, "source_dest_check"),
    ...(external !== undefined && { publicAddresses: [{ ip: external, natTo: internal }] }),
  };
}
