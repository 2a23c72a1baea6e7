import type { ClusterConfig } from "../core/api/cluster-config";
import { identify } from "../core/api/decode";
import { fieldOf, isList, isObject } from "../core/api/json";
import { cidr, formatCidr, overlaps, parseCidr, subnet } from "../core/net/cidr";
import { formatIpv4, ipv4, parseIpv4 } from "../core/net/ipv4";
import { NODE_PREFIX } from "./cluster-config";
import { type DocumentError, errorAt } from "./document-error";
import { SCENARIO_API_VERSION } from "./kinds";
import type { ScenarioObject } from "./parse-manifests";

const FIRST_NODE_IP = ipv4("10.0.1.11");
const LAST_NODE_IP = ipv4("10.0.1.254");
const DEFAULT_NODES = ["node-1", "node-2", "node-3"];

const DEFAULT_HOSTS = [
  { name: "user", spec: { zone: "internet", ip: "203.0.113.10" } },
  {
    name: "db",
    spec: {
      zone: "internet",
      ip: "198.51.100.20",
      hostnames: ["db.example.com"],
      listens: [80, 443, 5432].map((port) => ({ protocol: "TCP", port })),
    },
  },
  { name: "vm", spec: { zone: "vpc", ip: "10.0.9.20" } },
];

/** The machines that a scenario needs and does not name, and the addresses that its nodes do not carry. */
export function withDefaultMachines(
  given: readonly ScenarioObject[],
  config: ClusterConfig,
): { readonly objects: readonly ScenarioObject[]; readonly errors: readonly DocumentError[] } {
  const isKind = (kind: string) => (object: ScenarioObject) =>
    identify(object.manifest).kind === kind;
  const objects = [...given];
  if (!given.some(isKind("Node")))
    objects.push(...DEFAULT_NODES.map((name, index) => defaultNode(name, index, config)));
  if (!given.some(isKind("Host"))) {
    objects.push(
      ...DEFAULT_HOSTS.map(({ name, spec }) =>
        builtIn({ apiVersion: SCENARIO_API_VERSION, kind: "Host", metadata: { name }, spec }),
      ),
    );
  }
  return addressNodes(objects, config);
}

/** Default nodes have the blocks after the first, as where a control plane took it. */
function defaultNode(name: string, index: number, config: ClusterConfig): ScenarioObject {
  const range = cidr(config.clusterCIDR);
  const block = subnet(range, NODE_PREFIX, index + 1);
  const spec = block ? { podCIDR: formatCidr(block), podCIDRs: [formatCidr(block)] } : {};
  return builtIn({ apiVersion: "v1", kind: "Node", metadata: { name }, spec });
}

function builtIn(
  manifest: { kind: string; metadata: { name: string } } & Record<string, unknown>,
): ScenarioObject {
  return {
    manifest,
    line: 1,
    column: 1,
    source: `${manifest.kind} ${manifest.metadata.name}`,
    locate: () => ({}),
  };
}

/** What is taken is taken first; then each node in turn gets the next free address and block. */
function addressNodes(given: readonly ScenarioObject[], config: ClusterConfig) {
  const errors: DocumentError[] = [];
  const takenIps = new Set<number>();
  const nodes = new Map<string, { ip?: string; podCIDR?: string }>();
  for (const { manifest } of given) {
    const { kind, name } = identify(manifest);
    const ip =
      kind === "Node"
        ? internalIpOf(manifest)
        : kind === "Host"
          ? fieldOf(fieldOf(manifest, "spec"), "ip")
          : undefined;
    const parsed = typeof ip === "string" ? parseIpv4(ip) : undefined;
    if (parsed !== undefined) takenIps.add(parsed);
    if (kind === "Node")
      nodes.set(name, { ...nodes.get(name), ...known({ ip, podCIDR: podCidrOf(manifest) }) });
  }
  const takenBlocks = [...nodes.values()].flatMap(({ podCIDR }) => parseCidr(podCIDR ?? "") ?? []);
  let nextIp = FIRST_NODE_IP;
  let nextBlock = 0;
  const freeIp = () => {
    while (takenIps.has(nextIp)) nextIp++;
    return nextIp <= LAST_NODE_IP ? formatIpv4(nextIp++) : undefined;
  };
  const freeBlock = () => {
    for (let block = subnet(cidr(config.clusterCIDR), NODE_PREFIX, nextBlock++); block; ) {
      const candidate = block;
      if (!takenBlocks.some((taken) => overlaps(taken, candidate))) return formatCidr(candidate);
      block = subnet(cidr(config.clusterCIDR), NODE_PREFIX, nextBlock++);
    }
    return undefined;
  };
  const addressed = new Set<string>();
  const objects = given.map((object) => {
    const { kind, name } = identify(object.manifest);
    // A node that is described twice gets its addresses once.
    if (kind !== "Node" || addressed.has(name)) return object;
    addressed.add(name);
    const has = nodes.get(name) ?? {};
    const ip = has.ip ?? freeIp();
    const podCIDR = has.podCIDR ?? freeBlock();
    if (ip === undefined) {
      errors.push(
        errorAt(
          object,
          "status",
          "no free address is left in 10.0.1.0/24; give the node an InternalIP",
        ),
      );
    }
    return { ...object, manifest: withAddresses(object.manifest, name, ip, podCIDR) };
  });
  return { objects: objects, errors: [...errors, ...duplicateAddresses(objects)] };
}

function known(found: { ip: unknown; podCIDR: unknown }) {
  return {
    ...(typeof found.ip === "string" && { ip: found.ip }),
    ...(typeof found.podCIDR === "string" && { podCIDR: found.podCIDR }),
  };
}

function addressesOf(manifest: unknown): readonly unknown[] {
  const addresses = fieldOf(fieldOf(manifest, "status"), "addresses");
  return isList(addresses) ? addresses : [];
}

/** The IPv4 one: a dual-stack node has two. */
function internalIpOf(manifest: unknown): unknown {
  const ips = addressesOf(manifest)
    .filter((one) => fieldOf(one, "type") === "InternalIP")
    .map((one) => fieldOf(one, "address"));
  return ips.find((ip) => typeof ip === "string" && parseIpv4(ip) !== undefined) ?? ips[0];
}

function podCidrOf(manifest: unknown): unknown {
  const spec = fieldOf(manifest, "spec");
  const ranges = fieldOf(spec, "podCIDRs");
  const all = [fieldOf(spec, "podCIDR"), ...(isList(ranges) ? ranges : [])];
  const given = all.filter((one) => typeof one === "string" && one !== "");
  return given.find((one) => parseCidr(String(one)) !== undefined) ?? given[0];
}

/** Manifests that are not shaped like a Node are left for validation. */
function withAddresses(
  manifest: unknown,
  name: string,
  ip: string | undefined,
  podCIDR: string | undefined,
): unknown {
  if (!isObject(manifest)) return manifest;
  const spec = manifest.spec ?? {};
  const status = manifest.status ?? {};
  const given = fieldOf(status, "addresses") ?? [];
  if (!isObject(spec) || !isObject(status) || !isList(given)) return manifest;
  const addresses = [...given];
  if (ip !== undefined && internalIpOf(manifest) === undefined)
    addresses.unshift({ type: "InternalIP", address: ip });
  if (!addresses.some((one) => fieldOf(one, "type") === "Hostname")) {
    addresses.push({ type: "Hostname", address: name });
  }
  return {
    ...manifest,
    spec: podCIDR === undefined ? spec : { podCIDRs: [podCIDR], ...spec, podCIDR },
    status: { ...status, addresses },
  };
}

/** Two machines with one address cannot both be reached. */
function duplicateAddresses(objects: readonly ScenarioObject[]): DocumentError[] {
  const owners = new Map<string, string>();
  return objects.flatMap((object) => {
    const { kind } = identify(object.manifest);
    if (kind !== "Node" && kind !== "Host") return [];
    const ip =
      kind === "Node"
        ? internalIpOf(object.manifest)
        : fieldOf(fieldOf(object.manifest, "spec"), "ip");
    if (typeof ip !== "string" || ip === "") return [];
    const owner = owners.get(ip) ?? object.source;
    owners.set(ip, owner);
    const field = kind === "Node" ? "status.addresses" : "spec.ip";
    return owner === object.source
      ? []
      : [errorAt(object, field, `${field}: Duplicate value: "${ip}": ${owner} has it`)];
  });
}
