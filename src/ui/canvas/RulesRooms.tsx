import { memo } from "react";
import { type ReactFlowState, useStore } from "reactflow";
import { usePlayback } from "../../stores/playback";
import type { HopView } from "../../worker/protocol";
import { type Rect, rectOf } from "./anchors";
import { openIptablesHop } from "./chains";
import type { Layout } from "./layout";
import { NEAREST_ZOOM } from "./levels";
import { fitLines, packetLines, type RuleLine } from "./rule-lines";
import { useStandingRules } from "./standing-rules";
import { WALKED } from "./walk";

/** Of a line in the open room, as in canvas.css. */
const LINE_PX = 8.6;
const PADDING_PX = 22;
/** A packet's rules may run over the room's end; further than this nobody reads. */
const MOST_PACKET_LINES = 40;

/** Close up: the chains and rules of every node in view, or what the packet on it went through. */
export default memo(function RulesRooms({ layout }: { layout: Layout }) {
  const names = useStore((state) => nodesInView(state, layout));
  const hop = usePlayback((state) =>
    names === "" ? undefined : openIptablesHop(state.hops, state.index),
  );
  if (names === "") return null;
  return names.split(" ").map((name) => {
    const isPackets = hop?.place.split("/")[1] === name;
    return isPackets ? (
      <PacketRules key={name} name={name} hop={hop} layout={layout} />
    ) : (
      <StandingRules key={name} name={name} layout={layout} />
    );
  });
});

interface RulesProps {
  readonly name: string;
  readonly layout: Layout;
}

function StandingRules({ name, layout }: RulesProps) {
  const rules = useStandingRules(name);
  const room = rectOf(layout, `Node/${name}`);
  const box = roomFor(layout, name);
  if (!rules || !room || !box) return null;
  const height = room.y + room.height - box.y - 8;
  const lines = fitLines(rules, Math.floor((height - PADDING_PX) / LINE_PX));
  return <Lines name={name} box={{ ...box, height }} lines={lines} title="iptables" />;
}

function PacketRules({ name, layout, hop }: RulesProps & { readonly hop: HopView }) {
  const box = roomFor(layout, name);
  if (!box) return null;
  const lines = fitLines(packetLines(hop), MOST_PACKET_LINES);
  const title = `iptables · ${hop.rulesTested} rules tested, ${hop.rulesMatched} matched`;
  return <Lines name={name} box={box} lines={lines} title={title} isPackets />;
}

interface LinesProps {
  readonly name: string;
  readonly box: Rect;
  readonly lines: readonly RuleLine[];
  readonly title: string;
  readonly isPackets?: boolean;
}

function Lines({ name, box, lines, title, isPackets = false }: LinesProps) {
  return (
    <section
      className={`cv-rules ${isPackets ? "cv-chains" : ""}`}
      style={{ left: box.x, top: box.y, width: box.width, minHeight: box.height }}
      aria-label={`Rules of ${name}`}
    >
      <div className="cv-rules-title">{title}</div>
      {lines.map(({ depth, text, kind }, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: rules may be equal, and lines have no other name
          key={i}
          {...(kind === "matched" && WALKED)}
          className={`cv-rule cv-rule-${kind}`}
          style={{ paddingLeft: depth * 5 }}
        >
          {text}
        </div>
      ))}
      {lines.length === 0 && <div className="cv-rule">No rule was asked.</div>}
    </section>
  );
}

/** Over kube-proxy and iptables. */
function roomFor(layout: Layout, name: string): Rect | undefined {
  const top = rectOf(layout, `node/${name}/kube-proxy`);
  const own = rectOf(layout, `node/${name}/iptables`);
  if (!top || !own) return undefined;
  const y = Math.min(top.y, own.y) - 4;
  return { x: own.x - 4, y, width: own.width + 8, height: own.y + own.height + 4 - y };
}

/** Names of the nodes whose iptables is on the screen, when it is close enough to be read. */
function nodesInView({ transform, width, height }: ReactFlowState, layout: Layout): string {
  const [x, y, zoom] = transform;
  if (zoom < NEAREST_ZOOM) return "";
  const names: string[] = [];
  for (const box of layout.boxes.values()) {
    if (box.kind !== "room") continue;
    const name = box.id.slice("Node/".length);
    const rect = roomFor(layout, name);
    if (!rect) continue;
    const [left, top] = [rect.x * zoom + x, rect.y * zoom + y];
    const isInside =
      left < width && left + rect.width * zoom > 0 && top < height && top + box.height * zoom > 0;
    if (isInside) names.push(name);
  }
  return names.join(" ");
}
