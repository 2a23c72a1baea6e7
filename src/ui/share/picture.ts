import { domToBlob, domToForeignObjectSvg } from "modern-screenshot";

/** Controls and map are for those who can click. */
const LEFT_OUT = ".react-flow__controls, .react-flow__minimap, .react-flow__panel";
/** Sharp on paper and on a projector. */
const SCALE = 2;

/** The canvas as it is on the screen, the packet included. */
export async function canvasPicture(format: "png" | "svg"): Promise<Blob> {
  const canvas = document.querySelector<HTMLElement>(".cv");
  if (!canvas) throw new Error("there is no canvas to take a picture of");
  const options = {
    scale: SCALE,
    backgroundColor: getComputedStyle(canvas).getPropertyValue("--bg").trim() || "#ffffff",
    filter: (node: Node) => !(node instanceof Element && node.matches(LEFT_OUT)),
  };
  if (format === "png") return domToBlob(canvas, { ...options, type: "image/png" });
  // HTML inside SVG: text stays text, and browsers draw it; programs that know no foreignObject do not.
  const svg = await domToForeignObjectSvg(canvas, { ...options, scale: 1 });
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}
