const PATHS = {
  first: "M4 4v16M20 5 9 12l11 7z",
  back: "M17 5 6 12l11 7z",
  play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  forward: "M7 5l11 7-11 7z",
  last: "M20 4v16M4 5l11 7-11 7z",
  send: "M3 11.5 21 4l-6.5 17-3.5-7.5zM11 13.5 21 4",
  import: "M12 3v12m-5-5 5 5 5-5M4 17v3h16v-3",
  gallery: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  layers: "M12 3 3 8l9 5 9-5zM3 12.5l9 5 9-5M3 16.5l9 5 9-5",
  export: "M12 15V3m-5 5 5-5 5 5M4 17v3h16v-3",
  share:
    "M15 6.5 9 10.5m0 3 6 4M18 2.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM6 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM18 16.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  lock: "M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.8 1.8M17.2 17.2 19 19M19 5l-1.8 1.8M6.8 17.2 5 19",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  projector:
    "M3 8h18v9H3zM15.5 10a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 12.5h4M6 17v2.5M18 17v2.5",
  present: "M2 4h20M4 4v11h16V4M12 15v3M8 21l4-3 4 3",
  system: "M3 4h18v12H3zM8 20h8M12 16v4",
  help: "M9 9a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1.1-1.4 2.1v.6M12 17.6v.4",
  close: "M6 6l12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  trash: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  edit: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5 17.5 10",
  plus: "M12 5v14M5 12h14",
  left: "M4 4h16v16H4zM9.5 4v16",
  right: "M4 4h16v16H4zM14.5 4v16",
  bottom: "M4 4h16v16H4zM4 14.5h16",
  chevron: "M9 6l6 6-6 6",
  arrow: "M4 12h15m-6-6 6 6-6 6",
  undo: "M8 5 3.5 9.5 8 14M4 9.5h10a5.5 5.5 0 0 1 0 11h-3",
  redo: "M16 5l4.5 4.5L16 14M20 9.5H10a5.5 5.5 0 0 0 0 11h3",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  command: "M5 7l5 5-5 5M12 17h7",
} as const;

const FILLED: ReadonlySet<string> = new Set(["back", "play", "pause", "forward", "first", "last"]);

export type IconName = keyof typeof PATHS;

/** Decoration only: the control around it carries the name. */
export function Icon({ name, size = 15 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={FILLED.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
