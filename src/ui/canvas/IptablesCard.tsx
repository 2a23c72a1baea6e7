import { memo } from "react";
import { useStore } from "reactflow";
import { usePlayback } from "../../stores/playback";
import { rectOf } from "./anchors";
import { chainCard, openIptablesHop, shortChain } from "./chains";
import type { Layout } from "./layout";
import { FAR_ZOOM, NEAREST_ZOOM } from "./levels";
import { WALKED } from "./walk";

/** The rules that the packet meets, opened over the iptables of the node that it is on. */
export default memo(function IptablesCard({ layout }: { layout: Layout }) {
  const hop = usePlayback((state) => openIptablesHop(state.hops, state.index));
  // A little farther off the card is drawn larger, to the left, where no pods are; from afar it would hide the tiles.
  const scale = useStore((state) => Math.max(1, Math.round(7.5 / state.transform[2]) / 10));
  const isNear = useStore(({ transform: [, , zoom] }) => zoom >= FAR_ZOOM && zoom < NEAREST_ZOOM);
  if (!hop || !isNear) return null;
  const node = hop.place.split("/")[1];
  const top = rectOf(layout, `node/${node}/kube-proxy`);
  const own = rectOf(layout, `node/${node}/iptables`);
  if (!top || !own) return null;
  const card = chainCard(hop);
  // A short walk leaves kube-proxy uncovered.
  const isLong = (card?.lines.length ?? 0) > 2;
  const style = {
    left: own.x - 4,
    top: (isLong ? Math.min(top.y, own.y) : own.y) - 4,
    width: own.width + 8,
    minHeight: (isLong ? Math.abs(own.y - top.y) : 0) + own.height + 8,
    transform: scale > 1 ? `scale(${scale})` : undefined,
  };
  return (
    <section className="cv-chains" style={style} aria-label={`iptables of ${node}`}>
      <div className="cv-chains-title">iptables{card ? ` · ${card.title}` : ""}</div>
      {card?.lines.map(({ depth, chain, notes, lit }, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a chain may be entered twice
          key={i}
          {...WALKED}
          className={`cv-chain ${lit ? "cv-chain-lit" : ""}`}
          style={{ paddingLeft: depth * 8 + (lit ? 6 : 0) }}
          title={chain}
        >
          {depth > 0 && <span className="cv-chain-branch">└ </span>}
          {shortChain(chain)}
          {notes.map(({ text, tone }, position) => (
            <span key={text} className={`cv-note cv-note-${tone}`}>
              {position > 0 ? " · " : " "}
              {text}
            </span>
          ))}
        </div>
      ))}
      {card?.decided && (
        <div {...WALKED} className={`cv-chain cv-chain-lit cv-note-${card.decided.tone}`}>
          {card.decided.text}
        </div>
      )}
      {!card && (
        <p className="cv-chains-none">
          {hop.conntrack
            ? "Known to conntrack: the nat table is not asked again."
            : "No rule was asked."}
        </p>
      )}
      {card && hop.rulesTested > 0 && (
        <p className="cv-chains-none">
          {hop.rulesTested} rules tested, {hop.rulesMatched} matched
        </p>
      )}
    </section>
  );
});
