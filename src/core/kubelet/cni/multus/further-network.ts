import { fieldOf, isList, isObject, type JsonObject } from "../../../api/json";
import type { NetworkAttachmentDefinition } from "../../../api/types";
import type { Route } from "../../../dataplane/netns";
import { type Cidr, contains, formatCidr, parseCidr } from "../../../net/cidr";
import { type Ipv4, parseIpv4 } from "../../../net/ipv4";
import { type IpRange, wholeRange } from "../host-local";

/** A network beside the pod network: a bridge on each node, with addresses that host-local hands out there. */
export interface FurtherNetwork {
  /** `namespace/name` of its NetworkAttachmentDefinition. */
  readonly definition: string;
  /** `name` of its CNI configuration. */
  readonly name: string;
  /** The configuration, as it was read. */
  readonly config: JsonObject;
  readonly bridge: string;
  /** The bridge has the gateway's address. */
  readonly isGateway: boolean;
  readonly mtu: number;
  readonly subnet: Cidr;
  readonly range: IpRange;
  readonly routes: readonly Pick<Route, "destination" | "via">[];
}

export type ReadNetwork =
  | { readonly ok: true; readonly network: FurtherNetwork }
  | { readonly ok: false; readonly error: string };

const MTU = 1_500;
/** Source: Linux, IFNAMSIZ. */
export const MAX_NAME = 15;

/** Reads what a NetworkAttachmentDefinition holds. Simplified: plugin bridge with host-local only. */
export function readNetwork({ metadata, spec }: NetworkAttachmentDefinition): ReadNetwork {
  const definition = `${metadata.namespace}/${metadata.name}`;
  const config = parseConfig(spec.config ?? "");
  if (!config) return bad(`error parsing the config of ${definition}: no JSON object`);
  const type = textOf(config, "type");
  const ipam = fieldOf(config, "ipam");
  const ipamType = textOf(ipam, "type");
  if (type !== "bridge" || ipamType !== "host-local")
    return bad(
      `${definition}: kubehop models plugin "bridge" with ipam "host-local", not "${type}" with "${ipamType}"`,
    );
  const [set] = list(fieldOf(ipam, "ranges")).map((one) => list(one)[0]);
  const given = set ?? ipam;
  const subnet = parseCidr(textOf(given, "subnet"));
  const bridge = textOf(config, "bridge") || "cni0";
  if (!subnet || subnet.prefix > 30)
    return bad(
      `failed to load netconf: invalid range set 0: invalid CIDR address: ${textOf(given, "subnet")}`,
    );
  if (bridge.length > MAX_NAME || /[\s/]/.test(bridge))
    return bad(`failed to create bridge "${bridge}": numerical result out of range`);
  const isDefaultGateway = fieldOf(config, "isDefaultGateway") === true;
  const range = rangeOf(given, subnet);
  const anywhere: FurtherNetwork["routes"][number] = {
    destination: { network: 0, prefix: 0 },
    via: range.gateway,
  };
  const network: FurtherNetwork = {
    definition,
    name: textOf(config, "name") || metadata.name,
    config,
    bridge,
    isGateway: fieldOf(config, "isGateway") === true || isDefaultGateway,
    mtu: MTU,
    subnet,
    range,
    routes: [...routesOf(ipam, range.gateway), ...(isDefaultGateway ? [anywhere] : [])],
  };
  const outside = [range.first, range.last].some((ip) => !contains(subnet, ip));
  return outside
    ? bad(
        `failed to load netconf: invalid range set 0: RangeStart or RangeEnd not in network ${formatCidr(subnet)}`,
      )
    : { ok: true, network };
}

function parseConfig(text: string): JsonObject | undefined {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return undefined;
  }
  // A list's first plugin makes the interface.
  const [first] = list(fieldOf(config, "plugins"));
  if (isObject(config) && isObject(first))
    return { cniVersion: config.cniVersion, name: config.name, ...first };
  return isObject(config) ? config : undefined;
}

function rangeOf(given: unknown, subnet: Cidr): IpRange {
  const whole = wholeRange(subnet);
  const ip = (key: string, otherwise: Ipv4) => parseIpv4(textOf(given, key)) ?? otherwise;
  return {
    first: ip("rangeStart", whole.first),
    last: ip("rangeEnd", whole.last),
    gateway: ip("gateway", whole.gateway),
  };
}

function routesOf(ipam: unknown, gateway: Ipv4): FurtherNetwork["routes"] {
  return list(fieldOf(ipam, "routes")).flatMap((row) => {
    const destination = parseCidr(textOf(row, "dst"));
    return destination ? [{ destination, via: parseIpv4(textOf(row, "gw")) ?? gateway }] : [];
  });
}

function textOf(object: unknown, key: string): string {
  const value = fieldOf(object, key);
  return typeof value === "string" ? value : "";
}

function list(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

function bad(error: string): ReadNetwork {
  return { ok: false, error };
}
