import { toggleLegend, useLegend } from "../../stores/legend";
import { legend } from "../actions/view";
import { Icon } from "../parts/Icon";
import type { WireKind } from "./wires";

const LINES: readonly (readonly [WireKind, string])[] = [
  ["link", "a link: what is sent goes along here"],
  ["target", "load balancer → node that passes its health check"],
  ["bad-target", "load balancer → node that does not: nothing is sent there"],
  ["endpoint", "Service → pod that it selects; no packet goes along here"],
  ["bad-endpoint", "Service → pod that is not ready"],
  ["route", "gateway → Service that an Ingress sends requests to"],
  ["writes", "kube-proxy writes the rules"],
];

const WAYS = [
  ["original", "the followed packet’s way"],
  ["ahead", "its way still to come"],
  ["reply", "the way back"],
] as const;

const SYMBOLS = [
  ["ok", "●", "ready, healthy, in step"],
  ["warn", "○", "running, not ready"],
  ["wait", "◌", "on its way: being created, rules behind"],
  ["bad", "✕", "failed, stopped, or going away"],
] as const;

/** What lines, symbols and colours mean. Nothing of it is said by colour alone. */
export default function Legend() {
  const open = useLegend((state) => state.open);
  if (!open) return null;
  return (
    <section className="cv-legend" aria-label="Legend">
      <header>
        <h2>Legend</h2>
        <button
          type="button"
          className="button icon small"
          data-action={legend.id}
          aria-label="Close the legend"
          onClick={toggleLegend}
        >
          <Icon name="close" size={12} />
        </button>
      </header>
      <ul>
        {LINES.map(([kind, text]) => (
          <li key={kind}>
            <Sample className={`cv-wire cv-wire-${kind}`} /> {text}
          </li>
        ))}
        {WAYS.map(([kind, text]) => (
          <li key={kind}>
            <Sample className={`cv-way cv-way-${kind}`} /> {text}
          </li>
        ))}
        <li>
          <b className="cv-tag-nat cv-note-dnat">⇒ DNAT</b> new destination
        </li>
        <li>
          <b className="cv-tag-nat cv-note-snat">⇐ SNAT</b> new source
        </li>
        {SYMBOLS.map(([tone, symbol, text]) => (
          <li key={tone}>
            <b className={`cv-${tone}`}>{symbol}</b> {text}
          </li>
        ))}
        <li>
          <b className="cv-legend-box" /> dashed box: a Service is nowhere, only rules on every node
        </li>
      </ul>
    </section>
  );
}

function Sample({ className }: { className: string }) {
  return (
    <svg width="34" height="8" aria-hidden="true">
      <path className={className} d="M1 4H33" />
    </svg>
  );
}
