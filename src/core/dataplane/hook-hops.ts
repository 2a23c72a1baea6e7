import type { Packet } from "../net/packet";
import {
  chainsWalked,
  describeChange,
  describeMark,
  formatConntrack,
  formatTuple,
  shortChain,
} from "./describe";
import type { HopDraft } from "./flight";
import { placeOf } from "./hop-draft";
import type { HookResult } from "./netfilter/hooks";
import type { Hook } from "./netfilter/rules";
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
  const devices = {
    ...(devIn !== undefined && { devIn }),
    ...(devOut !== undefined && { devOut }),
  };
  const unchanged = { ...before, mark: result.packet.mark };
  const side = name === "PREROUTING" || name === "OUTPUT" ? "dst" : "src";
  const known = result.ct?.entry ?? result.ct?.pending;
  const conntrack = known && {
    conntrack: formatConntrack({ seenReply: false, assured: false, ...known }),
  };
  const place = placeOf(netns, "iptables");
  const base = { node: netns.label, place, ...devices };

  if (name === "PREROUTING" && result.ct && !result.ct.pending) {
    const entry = result.ct.entry;
    const text = entry
      ? `${result.ct.state === "RELATED" ? "error about" : result.ct.direction === "reply" ? "reply of" : "packet of"} ${formatTuple(entry.original)}`
      : "INVALID: belongs to no known connection";
    const rewrite = result.translated
      ? `, un-SNAT ${describeChange(before, result.packet, "dst")}`
      : "";
    const forward =
      result.translated && result.ct.direction === "original"
        ? `, DNAT ${describeChange(before, result.packet, "dst")}`
        : rewrite;
    hops.push({
      ...base,
      kind: "conntrack",
      before,
      after: result.packet,
      detail: text + forward,
      walks: result.walks,
      ...conntrack,
    });
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
    hops.push({
      ...base,
      kind: natKind,
      before,
      after: result.packet,
      detail: describeChange(before, result.packet, "src"),
      walks: result.walks,
      ...conntrack,
    });
    return hops;
  }
  if (result.walks.length > 0 || result.translated) {
    const words = [
      chainsWalked(result.walks),
      verdictWords(name, result),
      describeMark(result.packet),
    ].filter((word) => word !== "");
    if (!natKind && result.translated) {
      const reply = result.ct?.direction === "reply";
      const word = side === "src" ? (reply ? "un-DNAT" : "SNAT") : reply ? "un-SNAT" : "DNAT";
      words.push(`${word} ${describeChange(before, result.packet, side)}`);
    }
    hops.push({
      ...base,
      kind: name,
      before,
      after: natKind ? unchanged : result.packet,
      detail: words.join(", "),
      walks: result.walks,
      ...(!natKind && conntrack),
    });
  }
  if (natKind) {
    hops.push({
      ...base,
      kind: natKind,
      before: unchanged,
      after: result.packet,
      detail: describeChange(before, result.packet, "dst"),
      ...conntrack,
    });
  }
  return hops;
}

function verdictWords(name: Hook, result: HookResult): string {
  if (result.verdict !== "ACCEPT") return result.verdict;
  if (name === "PREROUTING" || name === "POSTROUTING") {
    const consulted = result.walks.some(({ table }) => table === "nat");
    return consulted && !result.natRule ? `no ${name === "PREROUTING" ? "DNAT" : "SNAT"}` : "";
  }
  if (name === "OUTPUT") return "";
  const last = result.walks.at(-1);
  if (last?.matched) return `accept by ${shortChain(last.chain.name)}`;
  return "policy ACCEPT";
}
