import { memo, type ReactNode } from "react";
import { objectsOf, useMirror } from "../../stores/mirror";
import { failureOf } from "../../stores/why";
import type { HopView, JourneyView } from "../../worker/protocol";
import { clockText, percentText } from "../parts/describe";
import { EndpointWarning } from "../parts/EndpointWarning";
import { WhyBox } from "../why/WhyBox";
import { CauseChain } from "./CauseChain";
import { headerRows, hopTitle } from "./hop-words";
import { OtherWays } from "./OtherWays";
import { RulesWalked } from "./RulesWalked";
import { Verdict } from "./Verdict";

interface ShownHopProps {
  readonly journey: JourneyView;
  readonly hop: HopView;
  readonly total: number;
  readonly position: number;
}

export default memo(function ShownHop({ journey, hop, total, position }: ShownHopProps) {
  const pods = useMirror((state) => objectsOf(state.records, "Pod"));
  const podOf = (ip: string) =>
    pods.find((pod) => pod.status.podIP === ip && !pod.spec.hostNetwork)?.metadata.name;
  const walked = hopWithRules(hop, journey);
  const isOver = position === total - 1 || isToldHere(hop, journey);
  const failure = isOver ? failureOf(journey) : undefined;
  return (
    <article className="packet-tab">
      <p className="eyebrow">
        Hop {position + 1} of {total} · {hop.node}
      </p>
      <h2>{hopTitle(hop, podOf)}</h2>
      {failure && <WhyBox failure={failure} />}
      <p className="why">{hop.why}</p>
      {hop.probability !== undefined && (
        <p className="muted">The chance of this turn was {percentText(hop.probability)}.</p>
      )}
      {!failure && hop.verdict && hop.verdict.kind !== "delivered" && (
        <Verdict verdict={hop.verdict} />
      )}
      <Headers hop={hop} />
      <RulesWalked hop={walked} />
      <CauseChain causes={walked.causes} />
      {hop.route && <Line title="Route used" text={hop.route} />}
      {hop.conntrack && (
        <Line title={`conntrack on ${hop.node}`} text={hop.conntrack}>
          <EndpointWarning line={hop.conntrack} />
        </Line>
      )}
      {position === total - 1 && !failure && !isToldHere(hop, journey) && (
        <Outcome journey={journey} />
      )}
      <OtherWays journey={journey} />
    </article>
  );
});

/** The rules that decided a DNAT were walked in the hop before it, PREROUTING or OUTPUT of the same machine. */
function hopWithRules(hop: HopView, journey: JourneyView): HopView {
  const before = journey.hops[hop.index - 1];
  return hop.kind === "DNAT" && hop.rules.length === 0 && before?.node === hop.node ? before : hop;
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
            <td colSpan={2} className="payload">
              {payloadText(hop.after)}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** A request's first line with the headers that decide its way. */
function payloadText({ payload = "", http }: HopView["after"]): string {
  const { startLine, headers = [] } = http ?? {};
  return [payload, ...(startLine === undefined ? [] : [startLine]), ...headers].join("\n");
}

function isFailure(status: string): boolean {
  return /^[45]/.test(status);
}

function Line({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      <pre>{text}</pre>
      {children}
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
  const { verdict, server, serverSeesSrcIp, proxyClient, status } = journey;
  return (
    <section>
      <h3>Outcome</h3>
      {verdict.kind === "delivered" ? (
        <p>
          <span className="badge ok">✓ delivered</span> {server && <code>{server}</code>}
          {status && (
            <>
              {" "}
              answered <code className={isFailure(status) ? "http-failure" : ""}>{status}</code>,
            </>
          )}
          {serverSeesSrcIp && (
            <>
              {" "}
              saw the source address <code>{serverSeesSrcIp}</code>
            </>
          )}
          {proxyClient && (
            <>
              , client by PROXY header <code>{proxyClient}</code>
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
