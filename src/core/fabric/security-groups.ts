import type { Flight, HopDraft, Step, StepContext } from "../dataplane/flight";
import { advanceEntry, confirm, track } from "../dataplane/netfilter/tracking";
import { contains } from "../net/cidr";
import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { ICMP_TYPES, type Packet } from "../net/packet";
import type { Attachment, FirewallGroup, FirewallRule } from "./fabric";
import { doorOf, drop } from "./wire-step";

type Admitted = { readonly rule?: FirewallRule; readonly group?: string };

/** What the security groups at a machine's network card make of a packet: what belongs to a connection that they let
 *  through passes, anything else needs a rule. Undefined: nobody admits it.
 *  Source: Amazon EC2 User Guide, "Security group connection tracking". ICMP errors need a rule of their own there, too. */
function admit(
  packet: Packet,
  machine: Attachment,
  groups: readonly FirewallGroup[],
  side: "ingress" | "egress",
  context: StepContext,
): Admitted | undefined {
  const { nowUs } = context;
  const table = context.plane.mutableState(`sg/${machine.netns}`).conntrack;
  const known = advanceEntry(table, track(table, packet, nowUs), packet, nowUs);
  const isTracked = known.entry !== undefined && known.state !== "RELATED";
  if (isTracked) return {};
  const peer = side === "ingress" ? packet.src : packet.dst;
  for (const group of groups) {
    const rule = group[side].find((one) => matches(one, packet, peer));
    if (!rule) continue;
    confirm(table, known, packet, nowUs);
    return { rule, group: group.name };
  }
  return undefined;
}

function matches(rule: FirewallRule, packet: Packet, peer: Ipv4): boolean {
  if (rule.protocol !== "all" && rule.protocol !== packet.protocol) return false;
  if (!isWithin(rule, packet)) return false;
  return "prefix" in rule.peers ? contains(rule.peers, peer) : rule.peers.has(peer);
}

function isWithin({ from, to }: FirewallRule, packet: Packet): boolean {
  if (packet.protocol !== "icmp")
    return from === undefined || (packet.dport >= from && packet.dport <= (to ?? from));
  const { type, code } = icmpType(packet);
  return isOpen(from, type) && isOpen(to, code);
}

/** -1 is every type, or every code. */
function isOpen(wanted: number | undefined, is: number): boolean {
  return wanted === undefined || wanted === -1 || wanted === is;
}

/** Source: RFC 792. */
function icmpType({ icmp, echo }: Packet): { readonly type: number; readonly code: number } {
  if (icmp) return ICMP_TYPES[icmp.error];
  return { type: echo === "reply" ? 0 : 8, code: 0 };
}

/** Whether a machine's security groups let a packet in or out: the hops so far, the last of which says what let it pass;
 *  or the packet's end. */
export function passGroups(
  flight: Flight,
  machine: Attachment,
  side: "ingress" | "egress",
  hops: readonly HopDraft[],
  context: StepContext,
): { readonly hops: readonly HopDraft[] } | { readonly step: Step } {
  const { groups } = machine;
  if (!groups) return { hops };
  const admitted = admit(flight.packet, machine, groups, side, context);
  if (!admitted) return { step: closed(flight, machine, groups, side, hops) };
  const last = hops.at(-1);
  if (!admitted.rule || !last) return { hops };
  const detail = `${last.detail}, let ${side === "ingress" ? "in" : "out"} by security group ${admitted.group}: ${admitted.rule.text}`;
  return { hops: [...hops.slice(0, -1), { ...last, detail }] };
}

function closed(
  flight: Flight,
  machine: Attachment,
  groups: readonly FirewallGroup[],
  side: "ingress" | "egress",
  hops: readonly HopDraft[],
): Step {
  const names = groups.map(({ name }) => name);
  const who =
    names.length === 1 ? `security group ${names[0]}` : `security groups ${names.join(", ")}`;
  const { packet } = flight;
  const what = packet.protocol === "icmp" ? "icmp" : `${packet.protocol} ${packet.dport}`;
  const way =
    side === "ingress"
      ? `in to ${machine.label} from ${formatIpv4(packet.src)}`
      : `out of ${machine.label} to ${formatIpv4(packet.dst)}`;
  const why = `no rule of ${who} lets ${what} ${way}: the packet is dropped in silence`;
  return drop(flight, doorOf(machine), "SecurityGroup", why, hops, machine.label);
}
