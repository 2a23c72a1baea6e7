import { usePalette } from "../../stores/palette";
import { lazyPart, OVER_THE_PAGE } from "../parts/lazy-part";

const PaletteDialog = lazyPart(() => import("./PaletteDialog"), OVER_THE_PAGE);

export function Palette() {
  const open = usePalette((state) => state.open);
  return open && <PaletteDialog {...open} />;
}
