import { useCallback, useEffect, useMemo, useRef } from "react";
import {
  getViewportForBounds,
  type ReactFlowState,
  useReactFlow,
  useStore,
  useStoreApi,
  type Viewport,
} from "reactflow";
import { type Camera, connectCamera, useAskedView, useCamera } from "../../stores/camera";
import { usePlayback } from "../../stores/playback";
import { useSelection } from "../../stores/selection";
import { type Rect, rectOf } from "./anchors";
import { useFollowedPacket } from "./followed-packet";
import { type Layout, ZONES } from "./layout";
import { extentOf, fitZoom, isInSight, leastZoom, zoomOfLevel } from "./levels";
import { motionMs } from "./motion";

const FIT = { padding: 0.02, maxZoom: 1.25 };
/** Boxes that are looked for are shown with so much around them, and not larger than this. */
const ROOM_AROUND = 0.6;
const MOST_ZOOM_ON_BOXES = 1.4;

/** Shows everything at first, when `shape` changes, and when the canvas or the picture changes its size, unless the user has
 *  chosen a view; brings the followed packet back when it leaves the view. */
export function useCanvasCamera(layout: Layout, shape: string) {
  const { fitView, getNodesBounds, setCenter, zoomIn, zoomOut } = useReactFlow();
  const flow = useStoreApi();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const isUsers = useRef(false);

  const showAll = useCallback(() => {
    isUsers.current = false;
    void fitView(FIT);
  }, [fitView]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: fits anew whenever the picture's shape changes
  useEffect(() => showAll(), [showAll, shape]);
  const extent = layout.boxes.get(ZONES.cluster);
  // biome-ignore lint/correctness/useExhaustiveDependencies: fits anew whenever a size changes
  useEffect(() => {
    if (!isUsers.current) void fitView(FIT);
  }, [fitView, width, height, extent?.width, extent?.height]);

  useFollowedPacket(layout, isUsers);

  const asked = useAskedView((state) => state.asked);
  useEffect(() => {
    if (!asked || width === 0) return;
    useAskedView.setState({ asked: null });
    const { minZoom, maxZoom } = flow.getState();
    const zoom = Math.min(maxZoom, Math.max(minZoom, asked.zoom));
    // A link may ask for a view of nowhere: everything is shown instead.
    if (!isInSight(extentOf(layout), asked, { width, height, zoom })) return;
    isUsers.current = true;
    void setCenter(asked.x, asked.y, { zoom });
  }, [asked, layout, width, height, flow, setCenter]);

  useEffect(() => {
    const look = (at: Rect, zoom: number) => {
      isUsers.current = true;
      const options = { zoom, duration: motionMs() };
      void setCenter(at.x + at.width / 2, at.y + at.height / 2, options);
    };
    const camera: Camera = {
      viewport: () => {
        const screen = flow.getState();
        const fit = fitOf(screen, getNodesBounds(screen.nodes));
        return isUsers.current || isMoved(screen, fit) ? viewportOf(screen) : null;
      },
      keep: () => {
        isUsers.current = true;
      },
      zoom: (by) => {
        isUsers.current = true;
        void (by > 0 ? zoomIn : zoomOut)({ duration: motionMs() });
      },
      showAll,
      showBoxes: (ids) => {
        const at = around([...ids].flatMap((id) => rectOf(layout, id) ?? []));
        if (!at) return false;
        const screen = flow.getState();
        const fit = Math.min(screen.width / at.width, screen.height / at.height);
        look(at, Math.min(MOST_ZOOM_ON_BOXES, ROOM_AROUND * fit));
        return true;
      },
      showLevel: (level) => {
        const screen = flow.getState();
        const at = (level === "nearest" && iptablesAtHand(layout)) || centerOf(screen);
        look(at, zoomOfLevel(level, fitZoom(layout, screen)));
      },
    };
    connectCamera(camera);
    return () => connectCamera(null);
  }, [flow, layout, getNodesBounds, setCenter, showAll, zoomIn, zoomOut]);

  const isFarthest = useStore(({ transform, minZoom }) => transform[2] <= 1.001 * minZoom);
  const isNearest = useStore(({ transform, maxZoom }) => transform[2] >= 0.999 * maxZoom);
  useEffect(() => useCamera.setState({ isFarthest, isNearest }), [isFarthest, isNearest]);

  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event) isUsers.current = true;
  }, []);
  return {
    showAll,
    onMoveStart,
    leastZoom: useMemo(() => leastZoom(layout, { width, height }), [layout, width, height]),
  };
}

interface Screen {
  readonly transform: readonly [x: number, y: number, zoom: number];
  readonly width: number;
  readonly height: number;
}

/** The view that shows everything. */
function fitOf({ width, height, minZoom }: ReactFlowState, bounds: Rect): Viewport {
  return getViewportForBounds(bounds, width, height, minZoom, FIT.maxZoom, FIT.padding);
}

/** Pixels by which a view may differ from the one that shows everything, and still is that one. */
const SAME_PX = 2;

/** The view was changed, by whatever means: a button of the canvas, its map, the packet. */
function isMoved({ transform: [x, y, zoom], width }: Screen, fit: Viewport): boolean {
  const differs = Math.abs(x - fit.x) > SAME_PX || Math.abs(y - fit.y) > SAME_PX;
  return differs || Math.abs(zoom / fit.zoom - 1) * width > SAME_PX;
}

function centerOf({ transform: [x, y, zoom], width, height }: Screen): Rect {
  return { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom, width: 0, height: 0 };
}

function viewportOf(screen: Screen) {
  if (screen.width === 0) return null;
  const { x, y } = centerOf(screen);
  const zoom = screen.transform[2];
  return { x: Math.round(x), y: Math.round(y), zoom: Math.round(zoom * 1e3) / 1e3 };
}

/** The rules that are most likely meant: where the packet is, else of the selected node, else the first. */
function iptablesAtHand(layout: Layout): Rect | undefined {
  const { hops, index } = usePlayback.getState();
  const passed = hops.slice(0, index + 1).reverse();
  const place = passed.find((hop) => hop.place.startsWith("node/"))?.place ?? "";
  const { selected } = useSelection.getState();
  const chosen = selected?.startsWith("Node/") ? selected.slice("Node/".length) : "";
  const first = [...layout.boxes.values()].find(({ kind }) => kind === "room")?.id ?? "";
  const names = [place.split("/")[1], chosen, first.slice("Node/".length)];
  return names.flatMap((name) => (name && rectOf(layout, `node/${name}/iptables`)) || [])[0];
}

function around(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined;
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}
