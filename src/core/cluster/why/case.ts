import { keyOf, type ObjectKey, type Service, type ServicePort } from "../../api/types";
import { formatRule } from "../../dataplane/netfilter/print";
import type { Rule } from "../../dataplane/netfilter/rules";
import { parseOrigin, type ServiceRole } from "../../kubeproxy/origin";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";
import type { Hop, RuleWalk } from "../../trace/hop";
import type { Verdict } from "../../trace/verdict";
import type { World } from "../world";
import type { Finding } from "./why";

/** What somebody asked, and what came of it. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly hops: readonly Hop[];
}

/** A packet that came to nothing, and its connection. */
export interface Case {
  readonly world: World;
  readonly asked: Asked;
  readonly verdict: Verdict;
  /** Where it was decided. */
  readonly hop: Hop;
  /** Hops of its connection up to there. */
  readonly way: readonly Hop[];
  /** What the connection's client dialled. */
  readonly dialled: { readonly ip: Ipv4; readonly port: number; readonly protocol: Protocol };
  /** The client's network namespace: `pod/NAMESPACE/NAME`, `node/NAME`, `host/NAME`, `elb/NAMESPACE/NAME`. */
  readonly client: string;
  readonly entered: Entered | undefined;
  /** What is behind another request that came to nothing. */
  readonly dig: Dig;
}

export type Dig = (world: World, asked: Asked, verdict: Verdict) => Finding;

/** The Service port whose rule took the packet. */
export interface Entered {
  readonly service: Service;
  readonly port: ServicePort | undefined;
  readonly role: ServiceRole;
  /** `ip:port`. */
  readonly endpoint: string | undefined;
  readonly node: string;
}

export function caseAt(world: World, asked: Asked, verdict: Verdict, hop: Hop, dig: Dig): Case {
  const until = asked.hops.indexOf(hop);
  const way = asked.hops.filter(
    (one, index) =>
      one.connection === hop.connection &&
      index <= until &&
      one.kind !== "resolve" &&
      // An answer goes by what the first packet met, every other packet by what it meets itself.
      (hop.direction === "reply" || one.role === hop.role),
  );
  const [first = hop] = way;
  const { dst: ip, dport: port, protocol } = first.before;
  return {
    world,
    asked,
    verdict,
    hop,
    way,
    dialled: { ip, port, protocol },
    client: netnsAt(first.place),
    entered: enteredOn(world, way),
    dig,
  };
}

/** The network namespace that a place is in. */
export function netnsAt(place: string): string {
  const [kind, first = "", second = ""] = place.split("/");
  return kind === "node" || kind === "host" ? `${kind}/${first}` : `${kind}/${first}/${second}`;
}

/** Undefined where the place is no node's. */
export function nodeAtPlace(place: string): string | undefined {
  const [kind, name] = place.split("/");
  return kind === "node" ? name : undefined;
}

/** The object that a place is a part of. */
export function objectAt(place: string): readonly ObjectKey[] {
  const [kind, first = "", second = ""] = place.split("/");
  if (kind === "node") return [keyOf("Node", "", first)];
  if (kind === "host") return [keyOf("Host", "", first)];
  if (kind === "pod") return [keyOf("Pod", first, second)];
  return kind === "elb" ? [keyOf("Service", first, second)] : [];
}

function enteredOn({ store }: World, way: readonly Hop[]): Entered | undefined {
  let found: Entered | undefined;
  for (const { walks, direction, place } of way) {
    if (direction !== "original") continue;
    for (const { matched } of walks) {
      const origin = matched?.origin === undefined ? undefined : parseOrigin(matched.origin);
      if (origin?.by !== "service") continue;
      const [namespace = "", name = ""] = origin.service.split("/");
      const service = store.find("Service", namespace, name);
      if (!service) continue;
      const endpoint = origin.endpoint ?? found?.endpoint;
      const port = findPort(service, origin.port, origin.protocol);
      found = { service, port, role: origin.role, endpoint, node: nodeAtPlace(place) ?? "" };
    }
  }
  return found;
}

function findPort(service: Service, name: string, protocol: Protocol): ServicePort | undefined {
  return service.spec.ports?.find(
    (port) => (port.name ?? "") === name && lower(port.protocol) === protocol,
  );
}

export function lower(protocol: string): Protocol {
  return protocol.toLowerCase() as Protocol;
}

/** The rule that decided, and the chain it is in; without a rule the chain's policy did. */
export function decidingRule({
  way,
  hop,
}: Pick<Case, "way" | "hop">): (Pick<RuleWalk, "table" | "chain"> & { rule?: Rule }) | undefined {
  const walked = [...way]
    .reverse()
    .find(({ walks, node }) => walks.length > 0 && node === hop.node);
  const last = walked?.walks.at(-1);
  if (!last) return undefined;
  const { table, chain, matched } = last;
  return { table, chain, ...(matched && { rule: matched as Rule }) };
}

export function ruleText({ chain }: Pick<RuleWalk, "chain">, rule: Rule): string {
  return formatRule(chain.name, rule);
}

/** By one of the addresses that stand for it anywhere in the cluster. */
export function serviceAt({ store }: World, ip: Ipv4): Service | undefined {
  const text = formatIpv4(ip);
  return [...store.list("Service")].find(
    ({ spec, status }) =>
      spec.clusterIP === text ||
      spec.clusterIPs?.includes(text) ||
      spec.externalIPs?.includes(text) ||
      status.loadBalancer.ingress?.some((one) => one.ip === text),
  );
}

export function isClusterIp(service: Service, ip: Ipv4): boolean {
  return parseIpv4(service.spec.clusterIP ?? "") === ip;
}

export function nameOf({ metadata }: Service): string {
  return `Service ${metadata.namespace}/${metadata.name}`;
}

/** DST of a Service's port, as the send bar takes it. */
export function svcTarget(
  { metadata }: Service,
  { port, protocol }: Pick<ServicePort, "port" | "protocol">,
): string {
  const udp = protocol === "TCP" ? "" : `/${lower(protocol)}`;
  return `svc/${metadata.namespace}/${metadata.name}:${port}${udp}`;
}

/** What we do not look behind. */
export function plain(
  code: Finding["code"],
  title: string,
  { verdict, hop }: Pick<Case, "verdict" | "hop">,
): Finding {
  const { explanation } = verdict;
  const cause = `${explanation.slice(0, 1).toUpperCase()}${explanation.slice(1)}.`;
  return { code, title, cause, objects: objectAt(hop.place) };
}
