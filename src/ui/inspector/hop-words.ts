import { formatIpv4 } from "../../core/net/ipv4";
import type { Packet, TcpFlags } from "../../core/net/packet";
import type { HopKind } from "../../core/trace/hop";
import type { HopView } from "../../worker/protocol";
import { addressText, innerHeaders, packetTag } from "../canvas/packetTag";

const TITLES: Record<HopKind, string> = {
  encapsulate: "Wrapped into a tunnel packet",
  decapsulate: "Unwrapped from a tunnel packet",
  send: "The packet sets out",
  receive: "The packet arrives",
  PREROUTING: "Rules on arrival",
  DNAT: "DNAT: a new destination",
  route: "A route is chosen",
  INPUT: "Rules for what stays here",
  FORWARD: "Rules for what passes through",
  OUTPUT: "Rules for what starts here",
  POSTROUTING: "Rules on leaving",
  MASQUERADE: "Masquerade: the source becomes this node",
  SNAT: "SNAT: a new source",
  conntrack: "Known connection: its NAT is applied",
  bridge: "Across the bridge",
  forward: "Passed on",
  NAT: "Address translated",
  accept: "The connection is accepted",
  connect: "A connection of its own",
  answer: "The gateway answers itself",
  relay: "Relayed by the load balancer",
  resolve: "A name is resolved",
  reject: "Rejected, and told so",
  drop: "Dropped in silence",
  reset: "Connection reset",
  unreachable: "Unreachable",
  delivered: "Delivered",
};

/** `podOf` tells whose an address is. */
export function hopTitle(hop: HopView, podOf: (ip: string) => string | undefined): string {
  if (hop.kind === "delivered" && hop.role === "RST") return "The reset arrives: refused";
  if (hop.kind === "delivered" && hop.role === "ICMP") return "The error message arrives";
  if (hop.kind === "resolve" && hop.verdict) return "The name is not resolved";
  if (hop.kind !== "DNAT") return TITLES[hop.kind];
  const pod = podOf(formatIpv4(hop.after.dst));
  return pod ? `DNAT to pod ${pod}` : TITLES.DNAT;
}

export interface HeaderRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Set where this hop changed it: `⇒ DNAT`, `changed`. */
  readonly change?: { readonly tone: "dnat" | "snat" | "other"; readonly text: string };
}

const FLAG_WORDS: Record<TcpFlags, string> = {
  S: "SYN",
  "S.": "SYN, ACK",
  ".": "ACK",
  "P.": "PSH, ACK",
  "F.": "FIN, ACK",
  R: "RST",
  "R.": "RST, ACK",
};

/** In | out, field by field; NAT is told by the same rule, symbol and word as on the packet's tag. */
export function headerRows(hop: HopView): readonly HeaderRow[] {
  const { before, after } = hop;
  const addresses = packetTag(hop).fields.map(({ name, change }): HeaderRow => {
    const [was, is] = [addressText(before, name), addressText(after, name)];
    if (!change) return row(name, was, is);
    const tone = change.nat.endsWith("DNAT") ? "dnat" : "snat";
    return {
      name,
      before: was,
      after: is,
      change: { tone, text: `${change.symbol} ${change.nat}` },
    };
  });
  return [
    ...addresses,
    ...innerRows(hop),
    row("mark", `0x${before.mark.toString(16)}`, `0x${after.mark.toString(16)}`),
    row("ttl", String(before.ttl), String(after.ttl)),
    row("flags", flagsText(before), flagsText(after)),
    { name: "in / out", before: hop.devIn ?? "–", after: hop.devOut ?? "–" },
  ];
}

/** Of the packet inside a tunnel's, before and after. */
function innerRows({ before, after }: HopView): readonly HeaderRow[] {
  const [was, is] = [innerHeaders(before), innerHeaders(after)];
  if (!was && !is) return [];
  const inner = (name: "src" | "dst") => ({
    name: `inner ${name}`,
    before: was?.[name] ?? "–",
    after: is?.[name] ?? "–",
  });
  const vni = { name: "VXLAN", before: vniText(was), after: vniText(is) };
  return [vni, inner("src"), inner("dst")];
}

function vniText(headers: ReturnType<typeof innerHeaders>): string {
  return headers ? `VNI ${headers.vni}` : "–";
}

function row(name: string, before: string, after: string): HeaderRow {
  if (before === after) return { name, before, after };
  return { name, before, after, change: { tone: "other", text: "changed" } };
}

function flagsText({ flags, protocol }: Packet): string {
  return flags ? FLAG_WORDS[flags] : protocol.toUpperCase();
}
