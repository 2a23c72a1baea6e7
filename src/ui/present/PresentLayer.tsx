import { useEffect } from "react";
import { usePresent } from "../../stores/present";
import { KeysOnScreen } from "./KeysOnScreen";
import { LaserDot } from "./LaserDot";
import "./present.css";

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
