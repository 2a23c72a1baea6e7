import { useEffect, useRef } from "react";

/** Where the pointer was last, so that the dot begins there. */
const pointer = { x: -100, y: -100 };
window.addEventListener(
  "pointermove",
  ({ clientX, clientY }) => Object.assign(pointer, { x: clientX, y: clientY }),
  { passive: true },
);

export function LaserDot() {
  const dot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const follow = () => {
      if (dot.current) dot.current.style.translate = `${pointer.x}px ${pointer.y}px`;
    };
    follow();
    window.addEventListener("pointermove", follow, { passive: true });
    return () => window.removeEventListener("pointermove", follow);
  }, []);
  return <div ref={dot} className="laser" aria-hidden="true" />;
}
