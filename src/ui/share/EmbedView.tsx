import { type MouseEvent, type ReactNode, useState } from "react";
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
        <OpenInKubehop isLoaded={false} />
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
        <OpenInKubehop isLoaded />
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

/** The same moment without the frame: the one that was reached here. */
function OpenInKubehop({ isLoaded }: { readonly isLoaded: boolean }) {
  const { theme } = readQuery(location.search);
  const [href, setHref] = useState(givenAddress);

  async function refresh(): Promise<string> {
    if (!isLoaded || useSession.getState().phase.kind !== "running") return href;
    const { linkToNow } = await import("./moment-link");
    const link = await linkToNow({ ...(theme !== undefined && { theme }) });
    setHref(link);
    return link;
  }

  /** A click with a key or another button is the browser's: it takes the address that the pointer's coming refreshed. */
  async function open(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    window.open(await refresh(), "_blank", "noopener");
  }

  return (
    <a
      className="button"
      href={href}
      target="_blank"
      rel="noopener"
      onPointerEnter={refresh}
      onFocus={refresh}
      onClick={open}
    >
      Open in kubehop
    </a>
  );
}

/** The page's own address without the frame. */
function givenAddress(): string {
  const query = formatQuery({ ...readQuery(location.search), embed: false });
  return `${location.pathname}${query}${location.hash}`;
}
