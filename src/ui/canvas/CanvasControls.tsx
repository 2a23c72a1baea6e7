import { ControlButton, Controls } from "reactflow";
import { useCamera } from "../../stores/camera";
import { toggleLegend, useLegend } from "../../stores/legend";
import { usePositions } from "../../stores/positions";

/** Zoom, and order on the canvas. */
export function CanvasControls() {
  const showAll = useCamera((state) => state.camera?.showAll);
  const keep = () => useCamera.getState().camera?.keep();
  const legend = useLegend((state) => state.open);
  const hasMoved = usePositions((state) => state.moved.size > 0);
  const tidy = usePositions((state) => state.tidy);
  return (
    <Controls
      position="bottom-right"
      showInteractive={false}
      showFitView={false}
      orientation="horizontal"
      onZoomIn={keep}
      onZoomOut={keep}
    >
      <ControlButton onClick={showAll} title="Show everything" aria-label="Show everything">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" />
        </svg>
      </ControlButton>
      <ControlButton
        onClick={toggleLegend}
        aria-pressed={legend}
        title="Legend: what lines and symbols mean"
        aria-label="Legend"
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4h3M2 8h3M2 12h3M8 4h6M8 8h6M8 12h6" />
        </svg>
      </ControlButton>
      <ControlButton
        onClick={tidy}
        disabled={!hasMoved}
        title="Tidy up: put everything back in its place"
        aria-label="Tidy up"
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z" />
        </svg>
      </ControlButton>
    </Controls>
  );
}
