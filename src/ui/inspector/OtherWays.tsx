import { useEffect, useState } from "react";
import { isUnderWay, usePlayback } from "../../stores/playback";
import { useSession } from "../../stores/session";
import type { JourneyView, PathsReport, WayOut } from "../../worker/protocol";
import { percentText } from "../parts/describe";

/** More than these are summed up. */
const SHOWN_WAYS = 8;

/** Where the request could have ended, with exact chances: asked for once, and not while the packet moves. */
export function OtherWays({ journey }: { journey: JourneyView }) {
  const report = usePaths(journey);
  if (!report) return null;
  return (
    <section className="other-ways">
      <h3>Other ways it could have gone</h3>
      {report.ok ? (
        <Ways ways={report.ways} journey={journey} />
      ) : (
        <p className="muted">Not known: {report.error}.</p>
      )}
    </section>
  );
}

function Ways({ ways, journey }: { ways: readonly WayOut[]; journey: JourneyView }) {
  if (ways.length === 1)
    return <p className="muted">None: at that moment every such request ended like this one.</p>;
  // The one that was taken is always among those shown.
  const isShown = (way: WayOut, position: number) => position < SHOWN_WAYS || isWayOf(way, journey);
  const shown = ways.filter(isShown);
  const rest = ways.reduce((sum, way, at) => sum + (isShown(way, at) ? 0 : way.probability), 0);
  return (
    <ul aria-label="Outcomes and their chances">
      {shown.map((way) => {
        const taken = isWayOf(way, journey);
        return (
          <li key={wayText(way)} className={taken ? "taken" : way.verdict}>
            <span className="way mono" title={way.server ?? undefined}>
              {wayText(way)}
            </span>
            <span className="bar" aria-hidden="true">
              <span className="bar-fill" style={{ width: `${way.probability * 100}%` }} />
            </span>
            <span className="way-chance">
              {percentText(way.probability)}
              {taken && <span className="visually-hidden"> this one</span>}
            </span>
          </li>
        );
      })}
      {rest > 0 && (
        <li className="muted">
          {ways.length - shown.length} more, together {percentText(rest)}
        </li>
      )}
    </ul>
  );
}

function isWayOf(way: WayOut, { verdict, server }: JourneyView): boolean {
  return (
    way.server === server && way.verdict === verdict.kind && way.reason === (verdict.reason ?? null)
  );
}

function wayText({ server, verdict, reason }: WayOut): string {
  if (server) return server.replace(/^(pod\/[^/]+|node|host)\//, "");
  return `✕ ${verdict}${reason ? `: ${reason}` : ""}`;
}

/** By journey: what could have been does not change while the journey is the same one. */
const known = new WeakMap<JourneyView, PathsReport>();

function usePaths(journey: JourneyView): PathsReport | undefined {
  const simulation = useSession((state) => state.simulation);
  const moving = usePlayback((state) => state.playing && isUnderWay(state));
  const [, setAnswered] = useState<JourneyView>();
  useEffect(() => {
    const sent = journey.possibility === undefined;
    if (moving || !simulation || !sent || known.has(journey)) return;
    let wanted = true;
    const { sentAtUs, from, to, http } = journey;
    simulation.paths({ sentAtUs, from, to, ...(http && { http }) }).then(
      (report) => {
        known.set(journey, report);
        if (wanted) setAnswered(journey);
      },
      // The worker is being restarted: the next pause asks again.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [journey, moving, simulation]);
  return known.get(journey);
}
