import type { Flight, HopDraft, Stage, Step } from "../dataplane/flight";
import { onward } from "../dataplane/stage";
import { formatIpv4, type Ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { type PlaceId, VPC_ROUTER } from "../trace/place";
import type { Reason } from "../trace/verdict";
import type { Attachment } from "./fabric";

/** Machine to machine inside the VPC. */
export const VPC_US = 250;

/** Source: AWS, "source/destination checks" of elastic network interfaces. */
export function checked(
  flight: Flight,
  machine: Attachment,
  which: "source" | "destination",
  hops: readonly HopDraft[] = [],
): Step {
  const ip = formatIpv4(which === "source" ? flight.packet.src : flight.packet.dst);
  const why = `${ip} is not an address of ${machine.label}, and its source/destination check is on: the VPC drops the packet in silence`;
  return drop(flight, VPC_ROUTER, "SourceDestCheck", why, hops);
}

/** May a card send under that address? */
export function isOwnOf({ addresses, cards }: Attachment, dev: string, ip: Ipv4): boolean {
  const own = cards ? (cards.find((card) => card.dev === dev)?.addresses ?? []) : addresses;
  return own.includes(ip);
}

/** Is what the card with address `nextHop` gets under address `ip` its own? */
export function mayGet(to: Attachment, nextHop: Ipv4, ip: Ipv4): boolean {
  return to.cards ? isOwnOf(to, cardOf(to, nextHop), ip) : isOwn(to, ip);
}

export function isOwn({ addresses, publicAddresses = [] }: Attachment, ip: Ipv4): boolean {
  return addresses.includes(ip) || publicAddresses.some((one) => one.ip === ip);
}

export function arriving(flight: Flight, to: Attachment, nextHop: Ipv4): Flight {
  const stage: Stage = { at: "receive", netns: to.netns, dev: cardOf(to, nextHop), nextHop };
  return onward(flight, flight.packet, undefined, stage);
}

/** The network card that has the address. */
function cardOf({ cards = [] }: Attachment, ip: Ipv4): string {
  return cards.find(({ addresses }) => addresses.includes(ip))?.dev ?? "eth0";
}

/** The place of a machine's network card. */
export function doorOf({ netns }: Attachment): PlaceId {
  return netns.startsWith("node/") ? `${netns}/eth0` : netns;
}

export function drop(
  flight: Flight,
  place: string,
  reason: Reason,
  explanation: string,
  hops: readonly HopDraft[] = [],
  node = place,
): Step {
  const ended = { kind: "dropped", reason, explanation, place } as const;
  const last: HopDraft = {
    ...hop(node, place, "drop", flight.packet, flight.packet, `${reason}: ${explanation}`),
    verdict: ended,
  };
  return { hops: [...hops, last], ended };
}

export function hop(
  node: string,
  place: string,
  kind: HopDraft["kind"],
  before: Packet,
  after: Packet,
  detail: string,
): HopDraft {
  return { node, place, kind, before, after, detail };
}
