import { memo } from "react";
import type { Wire, WireKind } from "./wires";

const KINDS: readonly WireKind[] = [
  "link",
  "target",
  "bad-target",
  "writes",
  "endpoint",
  "bad-endpoint",
  "route",
];

interface WiresProps {
  readonly wires: readonly Wire[];
  readonly selected: string | null;
  readonly related: ReadonlySet<string>;
}

/** Every line of one kind is one path, however many there are. */
export const Wires = memo(function Wires({ wires, selected, related }: WiresProps) {
  const isLit = (id: string) => id === selected || related.has(id);
  const lit = related.size === 0 ? [] : wires.filter((wire) => isLit(wire.from) && isLit(wire.to));
  return (
    <svg className="cv-wires" width="1" height="1" aria-hidden="true">
      <g className={lit.length > 0 ? "cv-wires-faint" : ""}>
        {KINDS.map((kind) => (
          <path
            key={kind}
            className={`cv-wire cv-wire-${kind}`}
            d={joined(wires, kind, (wire) => wire.branch ?? wire.path)}
          />
        ))}
      </g>
      {KINDS.map((kind) => (
        <path
          key={kind}
          className={`cv-wire cv-wire-${kind} cv-wire-lit`}
          d={joined(lit, kind, (wire) => wire.path)}
        />
      ))}
    </svg>
  );
});

function joined(wires: readonly Wire[], kind: WireKind, pathOf: (wire: Wire) => string): string {
  return wires.flatMap((wire) => (wire.kind === kind ? pathOf(wire) : [])).join("");
}
