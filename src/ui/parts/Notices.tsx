import { useEffect } from "react";
import { dismiss, type Notice, useNotices } from "../../stores/notices";
import { Icon } from "./Icon";

const SHOWN_MS = 7_000;
const MARKS = { ok: "✓", error: "!", info: "i" } as const;
const WORDS = { ok: "Done", error: "Problem", info: "Note" } as const;

/** Over the canvas, so that they never lie on a field, a table or a button that somebody is about to use. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  const announcement = useNotices((state) => state.announcement);
  return (
    <>
      <section className="notices" aria-live="polite" aria-label="Notices">
        {notices.map((notice) => (
          <Toast key={notice.id} notice={notice} />
        ))}
      </section>
      <p className="visually-hidden" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}

/** Problems stay until they are closed. */
function Toast({ notice: { id, kind, text, lines } }: { notice: Notice }) {
  useEffect(() => {
    if (kind === "error") return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, kind]);

  return (
    <div className={`notice ${kind}`}>
      <span className="mark" role="img" aria-label={WORDS[kind]}>
        {MARKS[kind]}
      </span>
      <div>
        <p>{text}</p>
        {lines.length > 0 && (
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
      <button
        type="button"
        className="button icon small"
        aria-label="Dismiss"
        onClick={() => dismiss(id)}
      >
        <Icon name="close" size={12} />
      </button>
    </div>
  );
}
