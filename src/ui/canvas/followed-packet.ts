import { type RefObject, useEffect, useMemo } from "react";
import { useReactFlow, useStoreApi } from "reactflow";
import { usePlayback } from "../../stores/playback";
import { anchorsOf } from "./anchors";
import { toPixels } from "./draw";
import type { Layout } from "./layout";
import { motionMs } from "./motion";

/** A packet nearer to the edge than this is brought back into view. */
const EDGE_PX = 24;
/** On a canvas narrower than this the camera goes along with the packet, at a zoom that can be read. */
const SMALL_PX = 600;
const CLOSE_ZOOM = 0.7;

/** Keeps the followed packet in view. `isUsers`: the view was chosen by hand, and is not made larger. */
export function useFollowedPacket(layout: Layout, isUsers: RefObject<boolean>): void {
  const { setCenter } = useReactFlow();
  const flow = useStoreApi();
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
    // Not by a hook: a hop is no reason to draw the graph again.
    return usePlayback.subscribe((now, before) => {
      if (now.index !== before.index && now.hops === hops) follow();
    });
  }, [anchors, hops, flow, setCenter, isUsers]);
}
