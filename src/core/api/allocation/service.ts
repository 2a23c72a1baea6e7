import { type Cidr, cidr, formatCidr } from "../../net/cidr";
import { formatIpv4 } from "../../net/ipv4";
import type { RandomStream } from "../../sim/random";
import { NODE_PORT_RANGE } from "../cluster-config";
import {
  isHeadless,
  needsClusterIp,
  needsHealthCheckNodePort,
  needsNodePorts,
  type ServiceSpec,
} from "../defaulting/service";
import { compact } from "../json";
import { internalError, invalidObject, ok, refuse } from "../refusals";
import type { Result, Status } from "../status";
import type { Service, ServicePort } from "../types";
import { goStrings, invalid } from "../validation/field-error";
import type { RangeAllocator } from "./range-allocator";
import { clusterIpIndex, nodePortIndex } from "./ranges";

export interface Allocators {
  readonly serviceCIDR: string;
  readonly clusterIps: RangeAllocator;
  readonly nodePorts: RangeAllocator;
}

const IN_USE = "provided port is already allocated";

/** Fills in clusterIP, nodePorts and healthCheckNodePort, and takes them. What the Service held before and holds no
 *  longer is freed; when it is refused nothing has changed.
 *  Source: pkg/registry/core/service/storage/alloc.go. */
export function allocateService(
  allocators: Allocators,
  service: Service,
  old: Service | undefined,
  random: (name: string) => RandomStream,
): Result<Service> {
  const allocation = new Allocation(allocators, service, random);
  const spec = allocation.run();
  if (!spec) {
    allocation.undo();
    return refuse(allocation.refusal as Status);
  }
  if (old) releaseService(allocators, old, holdings(allocators, spec));
  return ok({ ...service, spec });
}

/** Frees what a Service holds, save what is in `kept`. Freeing twice does no harm. */
export function releaseService(allocators: Allocators, service: Service, kept?: Holdings): void {
  const owner = service.metadata.uid;
  const held = holdings(allocators, service.spec);
  for (const index of held.clusterIps) {
    if (!kept?.clusterIps.has(index)) allocators.clusterIps.release(index, owner);
  }
  for (const index of held.nodePorts) {
    if (!kept?.nodePorts.has(index)) allocators.nodePorts.release(index, owner);
  }
}

interface Holdings {
  readonly clusterIps: ReadonlySet<number>;
  readonly nodePorts: ReadonlySet<number>;
}

function holdings({ serviceCIDR }: Allocators, spec: ServiceSpec): Holdings {
  const range = cidr(serviceCIDR);
  const ports = [...(spec.ports ?? []).map((port) => port.nodePort), spec.healthCheckNodePort];
  return {
    clusterIps: indices([spec.clusterIP], (ip) => clusterIpIndex(range, ip)),
    nodePorts: indices(ports, nodePortIndex),
  };
}

function indices<T>(
  values: readonly (T | undefined)[],
  indexOf: (value: T) => number | undefined,
): Set<number> {
  const found = values.map((value) => (value === undefined ? undefined : indexOf(value)));
  return new Set(found.filter((index) => index !== undefined));
}

/** One Service's turn at the allocators. */
class Allocation {
  refusal: Status | undefined;
  readonly #owner: string;
  readonly #range: Cidr;
  readonly #taken: { readonly from: RangeAllocator; readonly index: number }[] = [];

  constructor(
    readonly allocators: Allocators,
    readonly service: Service,
    readonly random: (name: string) => RandomStream,
  ) {
    this.#owner = service.metadata.uid;
    this.#range = cidr(allocators.serviceCIDR);
  }

  /** undefined: refused, see `refusal`. */
  run(): ServiceSpec | undefined {
    const { spec } = this.service;
    const clusterIP = this.#clusterIp(spec);
    if (this.refusal) return undefined;
    const ports = this.#ports(spec);
    if (this.refusal) return undefined;
    const healthCheckNodePort = this.#healthCheckNodePort(spec);
    if (this.refusal) return undefined;
    const clusterIPs = clusterIP === undefined ? spec.clusterIPs : [clusterIP];
    return compact({
      ...spec,
      clusterIP,
      clusterIPs,
      ...(ports && { ports }),
      healthCheckNodePort,
    });
  }

  undo(): void {
    for (const { from, index } of this.#taken) from.release(index, this.#owner);
  }

  #clusterIp(spec: ServiceSpec): string | undefined {
    if (!needsClusterIp(spec) || isHeadless(spec)) return spec.clusterIP;
    const { clusterIps } = this.allocators;
    if (!spec.clusterIP) {
      const index = clusterIps.takeRandom(this.random(`clusterIP/${this.#owner}`), this.#owner);
      if (index === undefined) return this.#fail("failed to allocate a serviceIP: range is full");
      this.#taken.push({ from: clusterIps, index });
      return formatIpv4(this.#range.network + 1 + index);
    }
    const ip = spec.clusterIP;
    const index = clusterIpIndex(this.#range, ip);
    const problem =
      index === undefined
        ? `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${formatCidr(this.#range)}`
        : this.#take(clusterIps, index)
          ? undefined
          : "provided IP is already allocated";
    if (problem === undefined) return ip;
    const detail = `failed to allocate IP ${ip}: ${problem}`;
    return this.#invalid("spec.clusterIPs", goStrings([ip]), detail);
  }

  #ports(spec: ServiceSpec): readonly ServicePort[] | undefined {
    if (!needsNodePorts(spec) || !spec.ports) return spec.ports;
    // Numbers that were asked for come first, so that no random pick is in their way.
    for (const [index, { nodePort }] of spec.ports.entries()) {
      if (nodePort !== undefined && !this.#takePort(`spec.ports[${index}].nodePort`, nodePort)) {
        return undefined;
      }
    }
    if (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts === false) {
      return spec.ports;
    }
    // TCP 53 and UDP 53 of one Service share a nodePort.
    const byPort = new Map<string, number>();
    for (const { port, protocol, nodePort } of spec.ports) {
      if (nodePort !== undefined) byPort.set(`${port}/${protocol}`, nodePort);
    }
    const ports: ServicePort[] = [];
    for (const port of spec.ports) {
      const nodePort =
        port.nodePort ?? sharedNodePort(byPort, port) ?? this.#randomPort(String(port.port));
      if (nodePort === undefined) return undefined;
      byPort.set(`${port.port}/${port.protocol}`, nodePort);
      ports.push({ ...port, nodePort });
    }
    return ports;
  }

  #healthCheckNodePort(spec: ServiceSpec): number | undefined {
    if (!needsHealthCheckNodePort(spec)) return spec.healthCheckNodePort;
    const port = spec.healthCheckNodePort;
    if (!port) return this.#randomPort("health");
    const index = nodePortIndex(port);
    const problem =
      index === undefined
        ? notInRange()
        : this.#take(this.allocators.nodePorts, index)
          ? ""
          : IN_USE;
    if (problem === "") return port;
    return this.#fail(`failed to allocate requested HealthCheck NodePort ${port}: ${problem}`);
  }

  #takePort(field: string, port: number): boolean {
    const index = nodePortIndex(port);
    if (index === undefined) this.#invalid(field, port, notInRange());
    else if (!this.#take(this.allocators.nodePorts, index)) this.#invalid(field, port, IN_USE);
    return this.refusal === undefined;
  }

  #randomPort(what: string): number | undefined {
    const { nodePorts } = this.allocators;
    const index = nodePorts.takeRandom(this.random(`nodePort/${this.#owner}/${what}`), this.#owner);
    if (index === undefined) return this.#fail("failed to allocate a nodePort: range is full");
    this.#taken.push({ from: nodePorts, index });
    return NODE_PORT_RANGE.from + index;
  }

  /** Takes a number that was asked for; what the Service has already stays its own. */
  #take(from: RangeAllocator, index: number): boolean {
    const owner = from.ownerOf(index);
    if (owner !== undefined) return owner === this.#owner;
    from.take(index, this.#owner);
    this.#taken.push({ from, index });
    return true;
  }

  #fail(message: string): undefined {
    this.refusal = internalError(message);
    return undefined;
  }

  #invalid(field: string, value: Parameters<typeof invalid>[1], detail: string): undefined {
    const { name } = this.service.metadata;
    this.refusal = invalidObject("Service", name, [invalid(field, value, detail)]);
    return undefined;
  }
}

function sharedNodePort(
  byPort: ReadonlyMap<string, number>,
  port: ServicePort,
): number | undefined {
  if (byPort.has(`${port.port}/${port.protocol}`)) return undefined;
  for (const protocol of ["TCP", "UDP", "SCTP"]) {
    const found = byPort.get(`${port.port}/${protocol}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function notInRange(): string {
  const { from, to } = NODE_PORT_RANGE;
  return `provided port is not in the valid range. The range of valid ports is ${from}-${to}`;
}
