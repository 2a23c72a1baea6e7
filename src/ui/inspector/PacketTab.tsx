import { memo, useDeferredValue } from "react";
import { objectsOf, useMirror } from "../../stores/mirror";
import { currentHop, usePlayback } from "../../stores/playback";
import type { HopView, JourneyView } from "../../worker/protocol";
import { clockText, percentText } from "../parts/describe";
import { CauseChain } from "./CauseChain";
import { headerRows, hopTitle } from "./hop-words";
import { OtherWays } from "./OtherWays";
import { RulesWalked } from "./RulesWalked";
import { Verdict } from "./Verdict";
import "./packet-tab.css";

/** What happened to the followed packet at the hop that is shown, and why. The canvas goes first: this is much to draw. */
export function PacketTab() {
  const journey = useDeferredValue(usePlayback((state) => state.journey));
  const hop = useDeferredValue(usePlayback(currentHop));
  const total = useDeferredValue(usePlayback((state) => state.hops.length));
  const position = useDeferredValue(usePlayback((state) => state.index));
  return <ShownHop journey={journey} hop={hop} total={total} position={position} />;
}

interface ShownHopProps {
  readonly journey: JourneyView | null;
  readonly hop: HopView | undefined;
  readonly total: number;
  readonly position: number;
}

const ShownHop = memo(function ShownHop({ journey, hop, total, position }: ShownHopProps) {
  const pods = useMirror((state) => objectsOf(state.records, "Pod"));
  if (!journey || !hop) return <Welcome sent={journey !== null} />;

  const podOf = (ip: string) =>
    pods.find((pod) => pod.status.podIP === ip && !pod.spec.hostNetwork)?.metadata.name;
  const walked = hopWithRules(hop, journey);
  return (
    <article className="packet-tab">
      <p className="eyebrow">
        Hop {position + 1} of {total} · {hop.node}
      </p>
      <h2>{hopTitle(hop, podOf)}</h2>
      <p className="why">{hop.why}</p>
      {hop.probability !== undefined && (
        <p className="muted">The chance of this turn was {percentText(hop.probability)}.</p>
      )}
      {hop.verdict && hop.verdict.kind !== "delivered" && <Verdict verdict={hop.verdict} />}
      <Headers hop={hop} />
      <RulesWalked hop={walked} />
      <CauseChain causes={walked.causes} />
      {hop.route && <Line title="Route used" text={hop.route} />}
      {hop.conntrack && <Line title={`conntrack on ${hop.node}`} text={hop.conntrack} />}
      {position === total - 1 && !isToldHere(hop, journey) && <Outcome journey={journey} />}
      <OtherWays journey={journey} />
    </article>
  );
});

/** The rules that decided a DNAT were walked in the hop before it, PREROUTING or OUTPUT of the same machine. */
function hopWithRules(hop: HopView, journey: JourneyView): HopView {
  const before = journey.hops[hop.index - 1];
  return hop.kind === "DNAT" && hop.rules.length === 0 && before?.node === hop.node ? before : hop;
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

function Headers({ hop }: { hop: HopView }) {
  return (
    <table className="headers">
      <caption className="visually-hidden">Headers before and after this hop</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">In</th>
          <th scope="col">Out</th>
        </tr>
      </thead>
      <tbody>
        {headerRows(hop).map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td>{row.before}</td>
            <td className={row.change?.tone}>
              {row.after}
              {row.change && <span className="change">{row.change.text}</span>}
            </td>
          </tr>
        ))}
        {hop.after.payload && (
          <tr>
            <th scope="row">payload</th>
            <td colSpan={2}>{hop.after.payload}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Line({ title, text }: { title: string; text: string }) {
  return (
    <section>
      <h3>{title}</h3>
      <pre>{text}</pre>
    </section>
  );
}

/** The hop's own verdict is the journey's, and stands above. */
function isToldHere({ verdict }: HopView, journey: JourneyView): boolean {
  return (
    verdict !== undefined &&
    verdict.kind !== "delivered" &&
    verdict.reason === journey.verdict.reason
  );
}

/** How it all ended: told once the last hop is shown, so as not to spoil the way there. */
function Outcome({ journey }: { journey: JourneyView }) {
  const { verdict, server, serverSeesSrcIp } = journey;
  return (
    <section>
      <h3>Outcome</h3>
      {verdict.kind === "delivered" ? (
        <p>
          <span className="badge ok">✓ delivered</span> {server && <code>{server}</code>}
          {serverSeesSrcIp && (
            <>
              {" "}
              saw the source address <code>{serverSeesSrcIp}</code>
            </>
          )}
          <span className="muted"> (sent at {clockText(journey.sentAtUs)})</span>
        </p>
      ) : (
        <Verdict verdict={verdict} />
      )}
    </section>
  );
}
