import type { Packet } from "../net/packet";
import {
  chainsWalked,
  describeChange,
  describeMark,
  formatConntrack,
  formatTuple,
  notesOf,
  shortChain,
} from "./describe";
import type { HopDraft } from "./flight";
import { type OpenHopDraft, placeOf } from "./hop-draft";
import type { HookResult } from "./netfilter/hooks";
import type { Hook, Rule } from "./netfilter/rules";
import type { PacketCt } from "./netfilter/tracking";
import type { Netns } from "./netns";

/** The hops that a hook is told by: the chains walked, then the translation, each where there is something to tell. */
export function hookHops(
  name: Hook,
  netns: Netns,
  before: Packet,
  result: HookResult,
  devIn: string | undefined,
  devOut: string | undefined,
): HopDraft[] {
  const hops: HopDraft[] = [];
  const unchanged = { ...before, mark: result.packet.mark };
  const side = name === "PREROUTING" || name === "OUTPUT" ? "dst" : "src";
  const known = result.ct?.entry ?? result.ct?.pending;
  const conntrackText = () =>
    known && formatConntrack({ seenReply: false, assured: false, ...known });
  const place = placeOf(netns, "iptables");
  const notes = notesOf(result.walks);
  // Filled in field by field: this is the hottest place of all, and spreads are slow there.
  const draft = (
    kind: HopDraft["kind"],
    from: Packet,
    after: Packet,
    detail: string,
    walks?: HopDraft["walks"],
    conntrack?: string,
  ): HopDraft => {
    const hop: OpenHopDraft = { node: netns.label, place, kind, before: from, after, detail };
    if (devIn !== undefined) hop.devIn = devIn;
    if (devOut !== undefined) hop.devOut = devOut;
    if (walks) hop.walks = walks;
    if (conntrack !== undefined) hop.conntrack = conntrack;
    return hop;
  };

  if (name === "PREROUTING" && result.ct && !result.ct.pending) {
    const entry = result.ct.entry;
    const text = entry
      ? `${result.ct.state === "RELATED" ? "error about" : result.ct.direction === "reply" ? "reply of" : "packet of"} ${formatTuple(entry.original)}`
      : UNKNOWN_WORDS[result.ct.state];
    const rewrite = result.translated
      ? `, un-SNAT ${describeChange(before, result.packet, "dst")}`
      : "";
    const forward =
      result.translated && result.ct.direction === "original"
        ? `, DNAT ${describeChange(before, result.packet, "dst")}`
        : rewrite;
    const { packet, walks } = result;
    const words = [text + forward, ...notes];
    hops.push(draft("conntrack", before, packet, words.join(", "), walks, conntrackText()));
    return hops;
  }
  const natKind = result.natRule
    ? side === "dst"
      ? "DNAT"
      : result.natRule.target?.kind === "SNAT"
        ? "SNAT"
        : "MASQUERADE"
    : undefined;
  if (natKind && side === "src") {
    const words = [describeChange(before, result.packet, "src"), ...notes];
    const { packet, walks } = result;
    hops.push(draft(natKind, before, packet, words.join(", "), walks, conntrackText()));
    return hops;
  }
  if (result.walks.length > 0 || result.translated) {
    const words = [
      chainsWalked(result.walks),
      ...notes,
      verdictWords(name, result),
      describeMark(result.packet),
    ].filter((word) => word !== "");
    if (!natKind && result.translated) {
      const reply = result.ct?.direction === "reply";
      const word = side === "src" ? (reply ? "un-DNAT" : "SNAT") : reply ? "un-SNAT" : "DNAT";
      words.push(`${word} ${describeChange(before, result.packet, side)}`);
    }
    const after = natKind ? unchanged : result.packet;
    const conntrack = natKind ? undefined : conntrackText();
    hops.push(draft(name, before, after, words.join(", "), result.walks, conntrack));
  }
  if (natKind) {
    const detail = describeChange(before, result.packet, "dst");
    hops.push(draft(natKind, unchanged, result.packet, detail, undefined, conntrackText()));
  }
  return hops;
}

/** Of packets that conntrack has no connection for. */
const UNKNOWN_WORDS: Partial<Record<PacketCt["state"], string>> = {
  INVALID: "INVALID: belongs to no known connection",
  UNTRACKED: "UNTRACKED: a rule of the raw table tells conntrack to leave it alone",
};

function verdictWords(name: Hook, result: HookResult): string {
  if (result.verdict !== "ACCEPT") return result.verdict;
  if (name === "PREROUTING" || name === "POSTROUTING") {
    const consulted = result.walks.some(({ table }) => table === "nat");
    return consulted && !result.natRule ? `no ${name === "PREROUTING" ? "DNAT" : "SNAT"}` : "";
  }
  if (name === "OUTPUT") return "";
  const last = result.walks.at(-1);
  if ((last?.matched as Rule | undefined)?.target?.kind === "ACCEPT")
    return `accept by ${shortChain(last?.chain.name ?? "")}`;
  return "policy ACCEPT";
}
