import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from "react";
import {
  Background,
  BackgroundVariant,
  ControlButton,
  Controls,
  MiniMap,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useStore,
  ViewportPortal,
} from "reactflow";
import "reactflow/dist/style.css";
import "./canvas.css";
import { useMirror } from "../../stores/mirror";
import { usePositions } from "../../stores/positions";
import { useSelection } from "../../stores/selection";
import { GhostPaths } from "../paths/GhostPaths";
import { type CanvasNode, graphNodes, keepUnchanged, selectionKeyOf } from "./graph";
import { IptablesCard } from "./IptablesCard";
import { type Layout, layoutCanvas } from "./layout";
import { canvasModel } from "./model";
import { layoutKey, wiresKey } from "./model-key";
import { NODE_TYPES } from "./nodes";
import { PacketOverlay } from "./PacketOverlay";
import { PodDots } from "./PodDots";
import { RulesRooms } from "./RulesRooms";
import { useCamera } from "./useCamera";
import { Wires } from "./Wires";
import { type Wire, wiresOf } from "./wires";

/** Below this zoom nodes are tiles and pods are dots; below the next the tiles' words grow once more. */
const FAR_ZOOM = 0.45;
const FARTHER_ZOOM = 0.3;
/** Above this many, from afar no pod is mounted, only drawn; and near only what is in view. */
const MOST_MOUNTED_PODS = 60;

/** The whole picture: internet, VPC and cluster, and the followed packet on top. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Graph />
    </ReactFlowProvider>
  );
}

function Graph() {
  const records = useMirror((state) => state.records);
  const model = useMemo(() => canvasModel(records), [records]);
  const isPortrait = useStore((state) => state.width > 0 && state.width < 0.8 * state.height);
  const layout = useLayout(model, isPortrait);
  const wiresFrom = wiresKey(model);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what of the model matters here
  const wires = useMemo(() => wiresOf(model, layout), [wiresFrom, layout]);
  const isFar = useStore((state) => state.transform[2] < FAR_ZOOM);
  const isFarther = useStore((state) => state.transform[2] < FARTHER_ZOOM);
  const shownWires = useMemo(() => (isFar ? wires.filter(isOutside) : wires), [wires, isFar]);
  const podCount = layout.slots.size;
  const hidesPods = isFar && podCount > MOST_MOUNTED_PODS;
  const nodes = useNodes(model, layout, { parts: !isFar, pods: !hidesPods });
  const { selected, related, select } = useSelection();
  // A finger pans: rooms fill a small screen, and would be dragged instead.
  const isTouched = useMemo(() => matchMedia("(pointer: coarse)").matches, []);
  const camera = useCamera(layout, `${model.nodes.length} ${isPortrait}`);

  const onNodesChange = useCallback((changes: NodeChange<CanvasNode>[]) => {
    for (const change of changes) {
      if (change.type !== "position" || !change.position || !change.dragging) continue;
      usePositions.getState().move(change.id, change.position);
    }
  }, []);
  const pick = (id: string) => select(selectionKeyOf(model, id) ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") select(null);
    if (event.key !== "Enter") return;
    const id = (event.target as Element).closest(".react-flow__node")?.getAttribute("data-id");
    if (id) pick(id);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the focusable nodes
    <div
      className={`cv ${isFar ? "cv-far" : ""} ${isFarther ? "cv-farther" : ""}`}
      onKeyDown={onKeyDown}
    >
      <ReactFlow<CanvasNode>
        nodes={nodes}
        nodeTypes={NODE_TYPES}
        onNodesChange={onNodesChange}
        onNodeClick={(_, node) => pick(node.id)}
        onPaneClick={() => select(null)}
        onMoveStart={camera.onMoveStart}
        nodesDraggable={!isTouched}
        nodesConnectable={false}
        elementsSelectable={false}
        zIndexMode="manual"
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        onlyRenderVisibleElements={podCount > MOST_MOUNTED_PODS}
        nodeDragThreshold={4}
        minZoom={0.1}
        maxZoom={2.5}
        aria-label="The network"
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
        <ViewportPortal>
          <Wires wires={shownWires} selected={selected} related={related} />
          {hidesPods && <PodDots pods={model.pods} layout={layout} />}
          <GhostPaths layout={layout} />
          <IptablesCard layout={layout} />
          <RulesRooms layout={layout} />
        </ViewportPortal>
        <CanvasControls onFit={camera.showAll} />
        <MiniMap
          position="bottom-left"
          pannable
          zoomable
          ariaLabel="Map of the whole canvas"
          nodeClassName={(node) => `cv-map-${node.type} ${node.className ?? ""}`}
        />
      </ReactFlow>
      <PacketOverlay layout={layout} />
    </div>
  );
}

/** Not a line between the parts of a node. */
function isOutside({ from }: Wire): boolean {
  return !from.startsWith("node/");
}

function CanvasControls({ onFit }: { onFit: () => void }) {
  const hasMoved = usePositions((state) => state.moved.size > 0);
  const tidy = usePositions((state) => state.tidy);
  return (
    <Controls
      position="bottom-right"
      showInteractive={false}
      showFitView={false}
      orientation="horizontal"
    >
      <ControlButton onClick={onFit} title="Show everything" aria-label="Show everything">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" />
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

/** Each layout starts from the one before, so that things stay where they are; tidying up starts afresh. */
function useLayout(model: ReturnType<typeof canvasModel>, portrait: boolean): Layout {
  const { moved, generation } = usePositions();
  const before = useRef<{ layout: Layout; generation: number }>(undefined);
  const key = layoutKey(model);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what of the model matters here
  const layout = useMemo(() => {
    const known = before.current;
    const previous = known?.generation === generation ? known.layout : undefined;
    return layoutCanvas(model, { moved, previous, portrait });
  }, [key, moved, generation, portrait]);
  useEffect(() => {
    before.current = { layout, generation };
  }, [layout, generation]);
  return layout;
}

function useNodes(
  model: ReturnType<typeof canvasModel>,
  layout: Layout,
  mounts: { readonly parts: boolean; readonly pods: boolean },
): CanvasNode[] {
  const { parts, pods } = mounts;
  const { selected, related } = useSelection();
  const before = useRef<ReadonlyMap<string, CanvasNode>>(new Map());
  const nodes = useMemo(() => {
    const all = graphNodes(model, layout, { selected, related });
    const shown = all.filter(({ type }) => (pods || type !== "pod") && (parts || type !== "part"));
    return keepUnchanged(before.current, shown);
  }, [model, layout, selected, related, parts, pods]);
  useEffect(() => {
    before.current = new Map(nodes.map((node) => [node.id, node]));
  }, [nodes]);
  return nodes;
}
