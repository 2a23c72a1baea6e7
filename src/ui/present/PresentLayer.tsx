import { useEffect } from "react";
import { usePresent } from "../../stores/present";
import { lazyPart, OVER_THE_PAGE } from "../parts/lazy-part";
import "./present.css";

const KeysOnScreen = lazyPart(() => import("./KeysOnScreen"), OVER_THE_PAGE);
const LaserDot = lazyPart(() => import("./LaserDot"), OVER_THE_PAGE);

/** What a presentation adds to the page: larger type, the keys that are pressed, a laser pointer. */
export function PresentLayer() {
  const presenting = usePresent((state) => state.presenting);
  const laser = usePresent((state) => state.laser);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-presenting", presenting);
  }, [presenting]);
  return (
    <>
      {presenting && <KeysOnScreen />}
      {laser && <LaserDot />}
    </>
  );
}
