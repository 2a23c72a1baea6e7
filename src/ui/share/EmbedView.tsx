import { type ReactNode, useState } from "react";
import { formatQuery, readQuery } from "../../share/query";
import { currentHop, usePlayback } from "../../stores/playback";
import { send, useScenarioTitle, useSession } from "../../stores/session";
import { Icon } from "../parts/Icon";
import { Clock } from "../topbar/Clock";
import { Transport } from "../topbar/Transport";
import "./embed.css";

interface EmbedViewProps {
  readonly onLoad: () => void;
  /** The canvas, or what there is to say instead of it. */
  readonly children: ReactNode;
}

/** kubehop inside another page: nothing runs before somebody wants to see it, then canvas and playback. */
export default function EmbedView({ onLoad, children }: EmbedViewProps) {
  const [isLoaded, setLoaded] = useState(false);
  if (!isLoaded) {
    return (
      <main className="embed-cover" aria-label="kubehop, embedded">
        <h1 className="logo">
          kube<span>hop</span>
        </h1>
        <p>A Kubernetes network that you can see: follow a packet, hop by hop.</p>
        <button
          type="button"
          className="button primary"
          onClick={() => {
            setLoaded(true);
            onLoad();
          }}
        >
          <Icon name="play" size={13} /> Click to load
        </button>
        <OpenInKubehop />
      </main>
    );
  }
  return (
    <main className="embed" aria-label="kubehop, embedded">
      <h1 className="visually-hidden">kubehop</h1>
      <div className="embed-canvas">{children}</div>
      <Caption />
      <footer>
        <SendFirst />
        <Transport />
        <Clock />
        <OpenInKubehop />
      </footer>
    </main>
  );
}

/** The hop in words, for those who cannot read the canvas; a place to tell what is going on for the others. */
function Caption() {
  const hop = usePlayback(currentHop);
  const title = useScenarioTitle();
  return (
    <p className="embed-caption">
      {hop ? (
        <>
          <code>{hop.text.replace(/\s+/g, " ")}</code> {hop.why}
        </>
      ) : (
        title
      )}
    </p>
  );
}

/** Without a packet there is nothing to play. */
function SendFirst() {
  const isEmpty = usePlayback((state) => state.journey === null);
  const ready = useSession((state) => state.phase.kind === "running");
  if (!isEmpty) return null;
  return (
    <button type="button" className="button primary" disabled={!ready} onClick={() => send()}>
      <Icon name="send" /> Send
    </button>
  );
}

/** The same address without the frame. */
function OpenInKubehop() {
  const query = formatQuery({ ...readQuery(location.search), embed: false });
  return (
    <a
      className="button"
      href={`${location.pathname}${query}${location.hash}`}
      target="_blank"
      rel="noopener"
    >
      Open in kubehop
    </a>
  );
}
