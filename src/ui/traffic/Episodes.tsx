import { useMemo } from "react";
import { clockText } from "../parts/describe";
import { type Episode, markText, titleOf } from "./episode";
import { type Lane, lanesOf, type Stretch } from "./lanes";
import { FAILURES } from "./outcomes";
import "./episodes.css";

const SHOWN = 6;

/** What happened while requests were sent, the latest first: who still served, whose rules still led there. */
export function Episodes({ episodes }: { readonly episodes: readonly Episode[] }) {
  if (episodes.length === 0) return null;
  const latest = episodes.slice(-SHOWN).reverse();
  const telling = latest.find(({ failed }) => failed.length > 0) ?? latest[0];
  return (
    <section className="episodes" aria-label="What happened meanwhile">
      <h3>What happened meanwhile</h3>
      {latest.map((episode) => (
        <details key={`${episode.number} ${episode.startUs}`} open={episode === telling}>
          <summary>
            <span className="episode-number">{episode.number}</span>
            <span className="mono">{clockText(episode.startUs)}</span> {titleOf(episode)}
            {episode.failed.length > 0 && (
              <span className="badge bad">{episode.failed.length} failed</span>
            )}
          </summary>
          <EpisodeLanes episode={episode} />
          <ol>
            {episode.marks.map((mark) => (
              <li key={`${mark.atUs} ${mark.kind} ${mark.object}`}>
                <span className="mono">+{afterText(mark.atUs - episode.startUs)}</span>{" "}
                {markText(mark)}
              </li>
            ))}
          </ol>
          <p className="muted">
            {failedText(episode)} {behindText(episode)}
          </p>
        </details>
      ))}
    </section>
  );
}

const STATE_WORDS: Readonly<Record<Stretch["state"], string>> = {
  serves: "serves",
  closed: "nobody listens",
  gone: "no such address",
  old: "rules from before",
};

/** A picture of the list beside it. */
function EpisodeLanes({ episode }: { readonly episode: Episode }) {
  const lanes = useMemo(() => lanesOf(episode), [episode]);
  const { pods, nodes, failed, widthUs } = lanes;
  if (pods.length === 0 && nodes.length === 0) return null;
  return (
    <div className="lanes" aria-hidden="true">
      {[...pods, ...nodes].map((lane) => (
        <LaneRow key={lane.name} lane={lane} />
      ))}
      <div className="lane">
        <span className="lane-name">failed</span>
        <div className="lane-track failed">
          {failed.map(({ id, at, failure }) => (
            <span
              key={id}
              className={`failed-at kind-${FAILURES.indexOf(failure)}`}
              style={{ left: percent(at) }}
              title={failure}
            />
          ))}
        </div>
      </div>
      <div className="lane">
        <span />
        <p className="lane-scale mono">
          <span>0</span>
          <span>{afterText(widthUs)}</span>
        </p>
      </div>
    </div>
  );
}

function LaneRow({ lane: { name, stretches } }: { readonly lane: Lane }) {
  return (
    <div className="lane">
      <span className="lane-name mono" title={name}>
        {name}
      </span>
      <div className="lane-track">
        {stretches.map(({ from, to, state }) => (
          <span
            key={state + from}
            className={`stretch ${state}`}
            style={{ left: percent(from), width: percent(to - from) }}
            title={STATE_WORDS[state]}
          >
            {STATE_WORDS[state]}
          </span>
        ))}
      </div>
    </div>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

function afterText(us: number): string {
  const ms = us / 1_000;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function behindText({ behind }: Episode): string {
  if (behind.length === 0) return "";
  return `The rules of ${behind.join(", ")} have not followed: they still are those from before.`;
}

function failedText({ failed }: Episode): string {
  const [first] = failed;
  if (!first) return "No request failed meanwhile.";
  const reasons = [...new Set(failed.map(({ reason, verdict }) => reason ?? verdict))];
  return `${failed.length} ${failed.length === 1 ? "request" : "requests"} failed meanwhile: ${reasons.join(", ")}.`;
}
