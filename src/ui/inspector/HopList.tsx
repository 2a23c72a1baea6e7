import { useEffect, useRef } from "react";
import { FOLLOW_LABELS } from "../../stores/follow";
import { jump, setFollow, usePlayback } from "../../stores/playback";
import { useTouches } from "../../stores/touched-hops";
import { showInspector } from "../../stores/view";
import type { Follow } from "../../worker/protocol";
import { hopId } from "../actions/playback";
import "./hop-list.css";

/** The followed packet's hops as text: the twin of timeline and canvas. Each item's text is exactly the line
 *  that `kubehop trace` prints; numbers are drawn by CSS. */
export function HopList() {
  const journey = usePlayback((state) => state.journey);
  const hops = usePlayback((state) => state.hops);
  const index = usePlayback((state) => state.index);
  const follow = usePlayback((state) => state.follow);
  const touches = useTouches();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    showItem(element, index);
    // A panel that opens gets its size only now.
    const observer = new ResizeObserver(() => showItem(element, index));
    observer.observe(element);
    return () => observer.disconnect();
  }, [index]);

  return (
    <section className="hop-list">
      <header>
        <h2>
          Hops <span className="muted">{hops.length > 0 && `${index + 1} of ${hops.length}`}</span>
        </h2>
        <FollowSelect />
      </header>
      <ol aria-label="Hops" ref={list}>
        {hops.map((hop, position) => (
          <li
            key={hop.index}
            aria-current={position === index ? "step" : undefined}
            aria-description={touches(hop) ? "has to do with what is selected" : undefined}
            className={`${position > index ? "ahead" : ""} ${touches(hop) ? "touched" : ""} ${hop.direction}`}
          >
            <button
              type="button"
              data-action={hopId(position)}
              onClick={() => {
                jump(position);
                showInspector("packet");
              }}
            >
              <HopText text={hop.text} />
            </button>
          </li>
        ))}
      </ol>
      {hops.length === 0 && (
        <p className="empty">
          {journey
            ? `This connection never got as far as its ${FOLLOW_LABELS[follow]}. Follow the first packet to see why.`
            : "Nothing was sent yet."}
        </p>
      )}
    </section>
  );
}

/** The line's first two words set off by type; every character stays where it was. */
function HopText({ text }: { text: string }) {
  const [line, node, gap, kind, rest] = /^(\S+)(\s+)(\S+)(.*)$/s.exec(text) ?? [text];
  if (node === undefined) return <span>{line}</span>;
  return (
    <span>
      <span className="where">{node}</span>
      {gap}
      <strong>{kind}</strong>
      {rest}
    </span>
  );
}

function FollowSelect() {
  const follow = usePlayback((state) => state.follow);
  return (
    <label className="follow">
      Follow{" "}
      <select
        className="field"
        aria-label="Follow"
        value={follow}
        onChange={(event) => setFollow(event.target.value as Follow)}
      >
        {Object.entries(FOLLOW_LABELS).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Scrolls the list alone, never the page. */
function showItem(list: HTMLOListElement, index: number): void {
  const item = list.children[index];
  if (!(item instanceof HTMLElement)) return;
  const top = item.offsetTop;
  if (top < list.scrollTop) list.scrollTop = top - 4;
  const bottom = top + item.offsetHeight;
  if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight + 4;
}
