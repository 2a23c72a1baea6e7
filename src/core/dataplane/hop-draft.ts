import type { Packet } from "../net/packet";
import { nodePlace } from "../trace/place";
import type { HopDraft } from "./flight";
import type { Netns } from "./netns";

/** Part of a machine that a hop happens in: `iptables`, `route`, `local`, or a device. Only nodes are drawn in parts. */
export type MachinePart = string;

/** While it is filled in field by field: spreads are slow, and every packet passes. */
export type OpenHopDraft = { -readonly [Field in keyof HopDraft]: HopDraft[Field] };

export function placeOf(netns: Netns, part: MachinePart): string {
  return netns.id.startsWith("node/") ? nodePlace(netns.machine, part) : netns.id;
}

export function hop(
  netns: Netns,
  part: MachinePart,
  kind: HopDraft["kind"],
  before: Packet,
  after: Packet,
  detail: string,
): OpenHopDraft {
  return { node: netns.label, place: placeOf(netns, part), kind, before, after, detail };
}
