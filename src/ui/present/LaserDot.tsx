import { useEffect, useRef } from "react";
import { pointer } from "./pointer";

export default function LaserDot() {
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
