import { useEffect, useState } from "react";
import type { Palette } from "./draw";

/** Colours for drawing on a <canvas>, which knows no custom properties; read again when the theme changes. */
export function usePalette(element: HTMLElement | null): Palette | undefined {
  const [palette, setPalette] = useState<Palette>();
  useEffect(() => {
    if (!element) return;
    const read = () => setPalette(readPalette(element));
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true });
    observer.observe(document.body, { attributes: true });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", read);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", read);
    };
  }, [element]);
  return palette;
}

function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const read = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  return {
    original: read("--packet", "#e8590c"),
    reply: read("--reply", "#4a6fd8"),
    bad: read("--bad", "#c02626"),
    panel: read("--panel", "#ffffff"),
    text: read("--text", "#1a2138"),
    font: style.fontFamily,
    weight: Number(read("--line-weight", "1")) || 1,
  };
}
