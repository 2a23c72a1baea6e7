import { useDeferredValue } from "react";
import { currentHop, usePlayback } from "../../stores/playback";
import { useSession } from "../../stores/session";
import { lazyPart } from "../parts/lazy-part";
import "./packet-tab.css";

const ShownHop = lazyPart(() => import("./ShownHop"));
const NotSent = lazyPart(() => import("../why/NotSent"));

/** What happened to the followed packet at the hop that is shown, and why. The canvas goes first: this is much to draw. */
export function PacketTab() {
  const journey = useDeferredValue(usePlayback((state) => state.journey));
  const hop = useDeferredValue(usePlayback(currentHop));
  const total = useDeferredValue(usePlayback((state) => state.hops.length));
  const position = useDeferredValue(usePlayback((state) => state.index));
  const refused = useSession((state) => state.refused);
  if (!journey || !hop) return refused ? <NotSent /> : <Welcome sent={journey !== null} />;
  return (
    <>
      {refused && <NotSent />}
      <ShownHop journey={journey} hop={hop} total={total} position={position} />
    </>
  );
}

function Welcome({ sent }: { sent: boolean }) {
  return (
    <div className="welcome">
      <h2>{sent ? "Nothing to show for this packet" : "See a packet travel"}</h2>
      {sent ? (
        <p>
          The connection ended before this packet was sent. Follow the first packet to see where.
        </p>
      ) : (
        <>
          <p>
            Press <strong>Send</strong> (or Space) and follow one request from the user through the
            load balancer, a node and its iptables rules to a pod, and its reply back.
          </p>
          <p>
            At each hop you see here what the packet looked like before and after, which rules were
            tested, and which object in the cluster is the reason for them.
          </p>
          <p className="muted">
            <kbd>←</kbd> <kbd>→</kbd> step, <kbd>Space</kbd> pauses, <kbd>?</kbd> lists all keys.
          </p>
        </>
      )}
    </div>
  );
}
