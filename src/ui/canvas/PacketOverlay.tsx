import { useEffect, useMemo, useRef, useState } from "react";
import { useStoreApi } from "reactflow";
import { useChecks } from "../../stores/checks";
import { type PlaybackState, usePlayback } from "../../stores/playback";
import { useTraffic } from "../../stores/traffic";
import { LoadDots } from "../traffic/load-dots";
import { anchorsOf } from "./anchors";
import { coversOf } from "./covers";
import { drawScene, toPixels, type View } from "./draw";
import type { Layout } from "./layout";
import { PacketTag } from "./PacketTag";
import { usePalette } from "./palette";
import { openCard, placeTag } from "./placeTag";
import { failuresUpTo, packetAt, trailOf } from "./trail";
import { pointInRules } from "./walk";

/** The followed packet, its trail and its tag, over the graph. Draws a frame only when something moved. */
export default function PacketOverlay({ layout }: { layout: Layout }) {
  const hops = usePlayback((state) => state.hops);
  const anchors = useMemo(() => anchorsOf(layout, hops), [layout, hops]);
  const segments = useMemo(() => trailOf(hops, anchors), [hops, anchors]);
  const covers = useMemo(() => coversOf(layout, hops), [layout, hops]);
  const [surface, setSurface] = useState<HTMLCanvasElement | null>(null);
  const tag = useRef<HTMLDivElement>(null);
  const palette = usePalette(surface);
  const flow = useStoreApi();
  const dots = useRef(new LoadDots());
  const checks = useRef(new LoadDots("reply"));

  useEffect(() => {
    const context = surface?.getContext("2d");
    if (!surface || !context || !palette) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let frame = 0;

    const draw = () => {
      frame = 0;
      const { transform, width, height } = flow.getState();
      const view: View = { x: transform[0], y: transform[1], zoom: transform[2] };
      fitSurface(surface, width, height);
      const scale = surface.width / Math.max(1, width);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      dots.current.draw(context, view, palette);
      checks.current.draw(context, view, palette);
      if (dots.current.isMoving || checks.current.isMoving) schedule();
      const state = usePlayback.getState();
      const hop = state.hops === hops ? hops[state.index] : undefined;
      if (tag.current) tag.current.hidden = hop === undefined;
      if (!hop) return;
      const progress = shownProgress(state, calm.matches);
      const { index } = state;
      const isLeaving = progress > 0 && segments.some((segment) => segment.to === index + 1);
      const packet =
        (isLeaving ? undefined : pointInRules(surface, state.progress)) ??
        toPixels(packetAt(segments, hops, anchors, { index, progress }), view);
      const leg =
        progress > 0 ? (hops[state.index + 1]?.direction ?? hop.direction) : hop.direction;
      const failures = failuresUpTo(hops, state.index, state.journey?.verdict);
      const card = openCard(surface);
      const scene = { segments, anchors, packet, leg, failures, progress, covers, card, index };
      drawScene(context, scene, view, palette);
      if (tag.current) placeTag(tag.current, packet, { width, height }, card);
    };
    const schedule = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };

    schedule();
    const stopPlayback = usePlayback.subscribe(schedule);
    const stopTraffic = useTraffic.subscribe(({ traffic }) => {
      const isCalm = calm.matches || usePlayback.getState().reducedMotion;
      if (traffic && dots.current.take(traffic.recent, layout, isCalm)) schedule();
    });
    const stopChecks = useChecks.subscribe(({ recent }, before) => {
      const isCalm = calm.matches || usePlayback.getState().reducedMotion;
      if (recent !== before.recent && checks.current.take(recent, layout, isCalm)) schedule();
    });
    const stopFlow = flow.subscribe((now, before) => {
      const moved = now.transform !== before.transform;
      if (moved || now.width !== before.width || now.height !== before.height) schedule();
    });
    calm.addEventListener("change", schedule);
    return () => {
      cancelAnimationFrame(frame);
      stopPlayback();
      stopTraffic();
      stopChecks();
      stopFlow();
      calm.removeEventListener("change", schedule);
    };
  }, [surface, palette, hops, anchors, segments, covers, flow, layout]);

  return (
    <div className="cv-overlay" aria-hidden="true">
      <canvas ref={setSurface} />
      <PacketTag ref={tag} />
    </div>
  );
}

function shownProgress(state: PlaybackState, isCalm: boolean): number {
  return isCalm || state.reducedMotion ? 0 : state.progress;
}

/** As many pixels as the screen has; setting the size clears the surface, so only when it changed. */
function fitSurface(surface: HTMLCanvasElement, width: number, height: number): void {
  const ratio = window.devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (surface.width === pixelWidth && surface.height === pixelHeight) return;
  surface.width = pixelWidth;
  surface.height = pixelHeight;
}
