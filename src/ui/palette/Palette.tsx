import { lazy, Suspense } from "react";
import { usePalette } from "../../stores/palette";

const PaletteDialog = lazy(() => import("./PaletteDialog"));

export function Palette() {
  const open = usePalette((state) => state.open);
  return <Suspense fallback={null}>{open && <PaletteDialog {...open} />}</Suspense>;
}
