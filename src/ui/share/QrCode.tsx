import encodeQR from "qr";
import { useMemo } from "react";

/** Version 40 with the lowest error correction. Source: ISO/IEC 18004, table 7. */
const MAX_BYTES = 2_953;

/** A module narrower than this is hard to scan from a screen. */
const MODULE_PX = 4;
const LEAST_PX = 320;

/** The link for a room: to be scanned from the projector. */
export default function QrCode({ text }: { text: string }) {
  const path = useMemo(() => (text.length <= MAX_BYTES ? squaresOf(text) : null), [text]);
  if (!path)
    return <p className="note">This link is too long for a QR code. Share the link or the file.</p>;
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label="QR code of the link"
      viewBox={`0 0 ${path.size} ${path.size}`}
      shapeRendering="crispEdges"
      style={{ width: Math.max(LEAST_PX, MODULE_PX * path.size) }}
    >
      <rect width={path.size} height={path.size} fill="#fff" />
      <path d={path.d} fill="#000" />
    </svg>
  );
}

function squaresOf(text: string) {
  const rows = encodeQR(text, "raw", { ecc: "low", border: 4 });
  const d = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { size: rows.length, d };
}
