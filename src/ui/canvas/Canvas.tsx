import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from "react";
import {
  Background,
  BackgroundVariant,
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
import { openDock } from "../actions/view";
import { lazyPart, OVER_THE_PAGE } from "../parts/lazy-part";
import { CanvasControls } from "./CanvasControls";
import { useCanvasCamera } from "./canvas-camera";
import { type CanvasNode, graphNodes, keepUnchanged, selectionKeyOf } from "./graph";
import { type Layout, layoutCanvas } from "./layout";
import { FAR_ZOOM, FARTHER_ZOOM, fitZoom, NEAREST_ZOOM } from "./levels";
import { canvasModel } from "./model";
import { layoutKey, wiresKey } from "./model-key";
import { useMounted } from "./mounted";
import { NODE_TYPES } from "./nodes";
import { PodDots } from "./PodDots";
import { Wires } from "./Wires";
import { type Wire, wiresOf } from "./wires";

const GhostPaths = lazyPart(() => import("../paths/GhostPaths"), OVER_THE_PAGE);
const IptablesCard = lazyPart(() => import("./IptablesCard"), OVER_THE_PAGE);
const PacketOverlay = lazyPart(() => import("./PacketOverlay"), OVER_THE_PAGE);
const RulesRooms = lazyPart(() => import("./RulesRooms"), OVER_THE_PAGE);
const Legend = lazyPart(() => import("./Legend"), OVER_THE_PAGE);

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
  const isNearest = useStore((state) => state.transform[2] >= NEAREST_ZOOM);
  const shownWires = useMemo(() => (isFar ? wires.filter(isOutside) : wires), [wires, isFar]);
  const mounted = useMounted(layout);
  const nodes = useNodes(model, layout, { parts: !isFar, mounted });
  const { selected, related } = useSelection();
  // A finger pans: rooms fill a small screen, and would be dragged instead.
  const isTouched = useMemo(() => matchMedia("(pointer: coarse)").matches, []);
  const camera = useCanvasCamera(layout, `${model.nodes.length} ${isPortrait}`);

  const onNodesChange = useCallback((changes: NodeChange<CanvasNode>[]) => {
    for (const change of changes) {
      if (change.type !== "position" || !change.position || !change.dragging) continue;
      usePositions.getState().move(change.id, change.position);
    }
  }, []);
  const pick = usePick(model);
  const onNodeClick = useCallback((_: unknown, { id }: CanvasNode) => pick(id), [pick]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") clear();
    if (event.key !== "Enter") return;
    const id = (event.target as Element).closest(".react-flow__node")?.getAttribute("data-id");
    if (id) pick(id);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the focusable nodes
    <div
      className={`cv ${isFar ? "cv-far" : ""} ${isFarther ? "cv-farther" : ""} ${isNearest ? "cv-nearest" : ""} ${mounted ? "cv-many" : ""}`}
      onKeyDown={onKeyDown}
    >
      <ReactFlow<CanvasNode>
        nodes={nodes}
        nodeTypes={NODE_TYPES}
        onNodesChange={onNodesChange}
        onNodeClick={onNodeClick}
        onPaneClick={clear}
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
        nodeDragThreshold={4}
        minZoom={camera.leastZoom}
        maxZoom={2.5}
        aria-label="The network"
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
        <ViewportPortal>
          <Wires wires={shownWires} selected={selected} related={related} />
          {mounted && <PodDots pods={model.pods} layout={layout} />}
          <GhostPaths layout={layout} />
          <IptablesCard layout={layout} />
          <RulesRooms layout={layout} />
        </ViewportPortal>
        <CanvasControls />
        <OverviewMap layout={layout} />
      </ReactFlow>
      <PacketOverlay layout={layout} />
      <Legend />
    </div>
  );
}

function clear(): void {
  useSelection.getState().select(null);
}

/** Selects what a box stands for. Always the same function: with another one every box would be drawn again. */
function usePick(model: ReturnType<typeof canvasModel>): (id: string) => void {
  const latest = useRef(model);
  useEffect(() => {
    latest.current = model;
  }, [model]);
  return useCallback((id) => {
    useSelection.getState().select(selectionKeyOf(latest.current, id) ?? null);
    if (id === "vpc") openDock("routes");
  }, []);
}

/** Who sees everything needs no map of it, and sees what it would hide. */
function OverviewMap({ layout }: { layout: Layout }) {
  const isPart = useStore(
    ({ transform, width, height }) => transform[2] > 1.05 * fitZoom(layout, { width, height }),
  );
  if (!isPart) return null;
  return (
    <MiniMap
      position="bottom-left"
      pannable
      zoomable
      ariaLabel="Map of the whole canvas"
      nodeClassName={(node) => `cv-map-${node.type} ${node.className ?? ""}`}
    />
  );
}

/** Not a line between the parts of a node. */
function isOutside({ from }: Wire): boolean {
  return !from.startsWith("node/");
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
  mounts: { readonly parts: boolean; readonly mounted: ReadonlySet<string> | undefined },
): CanvasNode[] {
  const { parts, mounted } = mounts;
  const { selected, related } = useSelection();
  const before = useRef<ReadonlyMap<string, CanvasNode>>(new Map());
  const nodes = useMemo(() => {
    const all = graphNodes(model, layout, { selected, related });
    const isShown = ({ id, type }: CanvasNode) =>
      mounted && (type === "pod" || type === "part") ? mounted.has(id) : parts || type !== "part";
    const shown = all.filter(isShown);
    return keepUnchanged(before.current, shown);
  }, [model, layout, selected, related, parts, mounted]);
  useEffect(() => {
    before.current = new Map(nodes.map((node) => [node.id, node]));
  }, [nodes]);
  return nodes;
}
