import { LOOPBACK } from "../../dataplane/loopback";
import { macOf } from "../../dataplane/mac";
import type { Netns, NetnsId } from "../../dataplane/netns";
import { HOST_SYSCTLS } from "../../dataplane/netns";
import { cidr, cidrOf } from "../../net/cidr";
import { type Ipv4, ipv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";
import type { ControllerState } from "../state";
import type { LoadBalancerKind } from "./kinds";

export interface LoadBalancerPort {
  readonly protocol: Protocol;
  readonly port: number;
  readonly nodePort: number;
}

/** A node behind a load balancer. */
export interface LoadBalancerTarget {
  readonly node: string;
  readonly ip: Ipv4;
  readonly healthy: boolean;
  /** Checks in a row that contradict `healthy`. */
  readonly streak: number;
  /** At least one check was made. */
  readonly checked: boolean;
}

/** tcp: a connection to the nodePort; http: kube-proxy's answer on the healthCheckNodePort. */
export interface HealthCheck {
  readonly kind: "tcp" | "http";
  readonly port: number;
  readonly periodUs: number;
  /** Good checks in a row that make a target healthy, bad ones that make it unhealthy. */
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** What the cloud made for a Service of type LoadBalancer: it sends clients to nodes at their nodePort. */
export interface LoadBalancer {
  readonly id: number;
  readonly kind: LoadBalancerKind;
  /** It names its client in a line before the first bytes that it sends to a target. */
  readonly proxyProtocol: boolean;
  /** `NAMESPACE/NAME`. */
  readonly service: string;
  readonly serviceUid: string;
  readonly hostname?: string;
  readonly ip: Ipv4;
  /** The address that it calls nodes from. */
  readonly vpcIp: Ipv4;
  readonly ports: readonly LoadBalancerPort[];
  readonly healthCheck: HealthCheck;
  readonly targets: readonly LoadBalancerTarget[];
  readonly nextCheckAtUs: number;
  /** What the endpoints say the checks should find; a change makes the cluster wait for them. */
  readonly expectation: string;
  readonly deleting: boolean;
}

/** Names of the nodes that pass their health checks. */
export function healthyTargets(state: ControllerState, service: string): readonly string[] {
  const balancer = state.loadBalancers.get(service);
  return balancer?.targets.filter((target) => target.healthy).map((target) => target.node) ?? [];
}

/** Nodes that clients are sent to. An NLB whose targets all fail their checks sends to all of them ("fail open"). */
export function servingTargets({ kind, targets }: LoadBalancer): readonly LoadBalancerTarget[] {
  const healthy = targets.filter((target) => target.healthy);
  return kind === "nlb" && healthy.length === 0 ? targets : healthy;
}

/** The classic ELB API's words for a target's state. Source: elasticloadbalancing 2012-06-01, InstanceState. */
export function targetReason(target: LoadBalancerTarget): string {
  if (target.healthy) return "N/A";
  return target.checked
    ? "Instance has failed at least the UnhealthyThreshold number of health checks consecutively."
    : "Instance registration is still in progress.";
}

export function loadBalancerNetnsId(service: string): NetnsId {
  return `elb/${service}`;
}

const VPC_GATEWAY = ipv4("10.0.0.1");
const VPC_SUBNET = cidr("10.0.0.0/24");

/** What hops call it: `elb/kuard`, `nlb/kuard`. */
export function loadBalancerLabel({ kind, service }: LoadBalancer): string {
  return `${kind === "nlb" ? "nlb" : "elb"}/${service.slice(service.indexOf("/") + 1)}`;
}

/** The load balancer's own machine: one interface with its private and its public address. An NLB's has no sockets: the
 *  fabric hands on what is for its ports. */
export function loadBalancerNetns(balancer: LoadBalancer): Netns {
  const id = loadBalancerNetnsId(balancer.service);
  const served = balancer.kind === "proxy" ? balancer.ports : [];
  const listeners = served.map(({ protocol, port }) => ({
    protocol,
    port,
    ip: balancer.ip,
    owner: id,
    program: "proxy" as const,
  }));
  return {
    id,
    machine: id,
    label: loadBalancerLabel(balancer),
    interfaces: [
      LOOPBACK,
      {
        name: "eth0",
        index: 2,
        kind: "ethernet",
        mac: macOf(id),
        mtu: 1_500,
        addresses: [
          { ip: balancer.vpcIp, prefix: 24 },
          { ip: balancer.ip, prefix: 32 },
        ],
      },
    ],
    routes: [
      { destination: cidr("0.0.0.0/0"), via: VPC_GATEWAY, dev: "eth0" },
      {
        destination: cidrOf(VPC_SUBNET.network, 24),
        dev: "eth0",
        src: balancer.vpcIp,
        kernel: true,
      },
    ],
    listeners,
    sysctls: HOST_SYSCTLS,
    up: true,
  };
}
