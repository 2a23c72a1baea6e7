import type { ObjectKey } from "../core/api/types";
import { loadBalancersOf, type MirrorRecords, objectsOf } from "./mirror";
import { keyOf } from "./related";

/** Whose an address is, at the moment that is mirrored. */
export interface Owners {
  /** By address. */
  readonly addresses: ReadonlyMap<string, ObjectKey>;
  /** Services by nodePort. */
  readonly nodePorts: ReadonlyMap<number, ObjectKey>;
  readonly nodes: ReadonlySet<ObjectKey>;
}

const known = new WeakMap<MirrorRecords, Owners>();

export function ownersOf(records: MirrorRecords): Owners {
  const found = known.get(records) ?? collect(records);
  known.set(records, found);
  return found;
}

function collect(records: MirrorRecords): Owners {
  const addresses = new Map<string, ObjectKey>();
  const nodePorts = new Map<number, ObjectKey>();
  const add = (address: string | undefined, key: ObjectKey) => {
    if (address && address !== "None") addresses.set(address, key);
  };
  for (const host of objectsOf(records, "Host")) add(host.spec.ip, keyOf(host));
  for (const service of objectsOf(records, "Service")) {
    const { clusterIP, externalIPs = [], ports = [] } = service.spec;
    const key = keyOf(service);
    const { ingress = [] } = service.status.loadBalancer;
    for (const address of [clusterIP, ...externalIPs, ...ingress.map(({ ip }) => ip)])
      add(address, key);
    for (const { nodePort } of ports) if (nodePort !== undefined) nodePorts.set(nodePort, key);
  }
  for (const { service, ip, vpcIp } of loadBalancersOf(records))
    for (const address of [ip, vpcIp]) add(address, `Service/${service}`);
  for (const pod of objectsOf(records, "Pod")) {
    const isOver = pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
    if (!pod.spec.hostNetwork && !isOver) add(pod.status.podIP, keyOf(pod));
  }
  const nodes = objectsOf(records, "Node");
  for (const node of nodes)
    for (const { type, address } of node.status.addresses)
      if (type !== "Hostname") add(address, keyOf(node));
  return { addresses, nodePorts, nodes: new Set(nodes.map(keyOf)) };
}

/** A piece of a text; `keys` are the objects that its address names: a nodePort of a node names node and Service. */
export interface TextPiece {
  readonly text: string;
  readonly keys: readonly ObjectKey[];
}

const ENDPOINT = /(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?!\d|\/\d)/g;

/** A text cut where an address in it is somebody's; the ranges of CIDRs are nobody's. */
export function piecesOf(text: string, { addresses, nodePorts, nodes }: Owners): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ENDPOINT)) {
    const [found, ip = "", port] = match;
    const owner = addresses.get(ip);
    if (!owner) continue;
    const service = nodes.has(owner) ? nodePorts.get(Number(port)) : undefined;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), keys: [] });
    pieces.push({ text: found, keys: service ? [service, owner] : [owner] });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), keys: [] });
  return pieces;
}

/** Every object whose address is in a text, once, in its order. */
export function keysIn(text: string, owners: Owners): readonly ObjectKey[] {
  return [...new Set(piecesOf(text, owners).flatMap(({ keys }) => keys))];
}

/** The object that a place stands for (see core/trace/place); the fabric's own have none. */
export function keyOfPlace(place: string): ObjectKey | undefined {
  const [kind, first = "", second = ""] = place.split("/");
  if (kind === "host") return `Host/${first}`;
  if (kind === "pod") return `Pod/${first}/${second}`;
  if (kind === "node") return `Node/${first}`;
  return kind === "elb" ? `Service/${first}/${second}` : undefined;
}
