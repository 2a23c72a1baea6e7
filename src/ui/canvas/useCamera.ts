import { useCallback, useEffect, useMemo, useRef } from "react";
import { useReactFlow, useStore, useStoreApi } from "reactflow";
import { connectCamera, useAskedView } from "../../stores/camera";
import { usePlayback } from "../../stores/playback";
import { anchorsOf } from "./anchors";
import { toPixels } from "./draw";
import { type Layout, ZONES } from "./layout";

const FIT = { padding: 0.02, maxZoom: 1.25 };
/** A packet nearer to the edge than this is brought back into view. */
const EDGE_PX = 24;
/** On a canvas narrower than this the camera goes along with the packet, at a zoom that can be read. */
const SMALL_PX = 600;
const CLOSE_ZOOM = 0.7;

/** Shows everything at first, when `shape` changes, and when the canvas or the picture changes its size, unless the user has
 *  chosen a view; brings the followed packet back when it leaves the view. */
export function useCamera(layout: Layout, shape: string) {
  const { fitView, setCenter } = useReactFlow();
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

  const hops = usePlayback((state) => state.hops);
  const anchors = useMemo(() => anchorsOf(layout, hops), [layout, hops]);
  useEffect(() => {
    const follow = () => {
      const anchor = anchors[usePlayback.getState().index];
      const state = flow.getState();
      if (!anchor || state.width === 0) return;
      const [x, y, zoom] = state.transform;
      const at = toPixels(anchor, { x, y, zoom });
      const isInside =
        at.x > EDGE_PX &&
        at.y > EDGE_PX &&
        at.x < state.width - EDGE_PX &&
        at.y < state.height - EDGE_PX;
      const isTooFar = state.width < SMALL_PX && zoom < CLOSE_ZOOM && !isUsers.current;
      if (isInside && !isTooFar) return;
      const closer = isTooFar ? CLOSE_ZOOM : zoom;
      void setCenter(anchor.x, anchor.y, { zoom: closer, duration: motionMs() });
    };
    follow();
    return usePlayback.subscribe((now, before) => {
      if (now.index !== before.index && now.hops === hops) follow();
    });
  }, [anchors, hops, flow, setCenter]);

  const asked = useAskedView((state) => state.asked);
  useEffect(() => {
    if (!asked || width === 0) return;
    isUsers.current = true;
    void setCenter(asked.x, asked.y, { zoom: asked.zoom });
    useAskedView.setState({ asked: null });
  }, [asked, width, setCenter]);
  useEffect(() => {
    connectCamera(() => {
      const { transform, width, height } = flow.getState();
      const [x, y, zoom] = transform;
      if (!isUsers.current || width === 0) return null;
      const center = (size: number, offset: number) => Math.round((size / 2 - offset) / zoom);
      return { x: center(width, x), y: center(height, y), zoom: Math.round(zoom * 1e3) / 1e3 };
    });
    return () => connectCamera(() => null);
  }, [flow]);

  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event) isUsers.current = true;
  }, []);
  return { showAll, onMoveStart };
}

function motionMs(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300;
}
