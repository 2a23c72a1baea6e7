const PATHS = {
  user: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14a5.5 5.5 0 0 1 11 0",
  server: "M3 3h10v4H3zM3 9h10v4H3zM5 5h1M5 11h1",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM2 8h12M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12",
  gate: "M3 14V6a5 5 0 0 1 10 0v8M8 14V7M5.5 9.5 8 7l2.5 2.5",
  router: "M2 8h12M8 2v12M11.5 5.5 14 8l-2.5 2.5M4.5 5.5 2 8l2.5 2.5",
  balance: "M8 2v12M5 14h6M3 4h10M3 4 1.5 9h3zM13 4l-1.5 5h3z",
  passes: "M2 5h9M8 2l3 3-3 3M2 11h9M8 8l3 3-3 3M14 2v12",
  shield: "M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z",
} as const;

/** A small picture beside a name; says nothing that the words do not. */
export function Glyph({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="cv-glyph" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
