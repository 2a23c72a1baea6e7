import { useEffect, useState } from "react";
import { usePresent } from "../../stores/present";
import { useShownTheme } from "../../stores/theme";
import type { Palette } from "./draw";

/** Colours for drawing on a <canvas>, which knows no custom properties; read again when the theme changes. */
export function usePalette(element: HTMLElement | null): Palette | undefined {
  const [palette, setPalette] = useState<Palette>();
  const { shown, forced } = useShownTheme();
  const presenting = usePresent((state) => state.presenting);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the style says depends on them
  useEffect(() => {
    if (!element) return;
    // Presenting is said on the page by an effect, too: after it.
    const frame = requestAnimationFrame(() => setPalette(readPalette(element)));
    return () => cancelAnimationFrame(frame);
  }, [element, shown, forced, presenting]);
  return palette;
}

function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    original: read("--packet"),
    reply: read("--reply"),
    bad: read("--bad"),
    panel: read("--panel"),
    text: read("--text"),
    font: style.fontFamily,
    weight: Number(read("--line-weight")) || 1,
  };
}
