import { Panel } from "reactflow";
import { useChecks } from "../../stores/checks";
import { useLegend } from "../../stores/legend";
import { ActionButton } from "../actions/ActionButton";
import type { Action } from "../actions/action";
import { showChecks } from "../actions/checks";
import { legend, showEverything, tidyUp, zoomIn, zoomOut } from "../actions/view";

/** Zoom, and order on the canvas. */
export function CanvasControls() {
  const showsLegend = useLegend((state) => state.open);
  const showsChecks = useChecks((state) => state.shown);
  return (
    <Panel position="bottom-right" className="cv-controls">
      <Control action={zoomIn} label="Zoom In" path="M8 3v10M3 8h10" />
      <Control action={zoomOut} label="Zoom Out" path="M3 8h10" />
      <Control
        action={showEverything}
        label="Show everything"
        path="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"
      />
      <Control
        action={legend}
        label="Legend"
        hint="Legend: what lines and symbols mean"
        pressed={showsLegend}
        path="M2 4h3M2 8h3M2 12h3M8 4h6M8 8h6M8 12h6"
      />
      <Control
        action={showChecks}
        label="Show probes"
        hint="Show probes and health checks as dots"
        pressed={showsChecks}
        path="M8 8m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M3 3a7 7 0 0 0 0 10M13 3a7 7 0 0 1 0 10"
      />
      <Control
        action={tidyUp}
        label="Tidy up"
        hint="Tidy up: put everything back in its place"
        path="M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z"
      />
    </Panel>
  );
}

interface ControlProps {
  readonly action: Action;
  readonly label: string;
  readonly hint?: string;
  readonly pressed?: boolean;
  /** Of a drawing 16 wide and high. */
  readonly path: string;
}

function Control({ path, ...rest }: ControlProps) {
  return (
    <ActionButton className="button icon" {...rest}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d={path} />
      </svg>
    </ActionButton>
  );
}
