import descriptions from "virtual:scenario-descriptions";
import { useId, useState } from "react";
import { BUILT_IN_SCENARIOS, type BuiltInScenario, TOPICS } from "../../share/built-in";
import { fabricOf, useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import { REPLACED_TEXT, useWorkspaces } from "../../stores/workspaces";
import { openBuiltIn, openScenarioActions } from "../actions/scenarios";
import { Dialog } from "../parts/Dialog";
import { ScrollBox } from "../parts/ScrollBox";

/** Every built-in scenario with its picture. One that is opened becomes a workspace of its own. */
export default function GalleryDialog({ onClose }: { onClose: () => void }) {
  const [wanted, setWanted] = useState("");
  const notKept = useWorkspaces((state) => state.problem !== null);
  const shown = BUILT_IN_SCENARIOS.filter((one) => isAbout(one, wanted));
  return (
    <Dialog title="Scenarios" onClose={onClose} className="gallery-dialog">
      <ScrollBox label="Scenarios" className="dialog-body gallery">
        <p className="muted">
          Each opens in a workspace of its own; what is open now stays under Workspaces.
        </p>
        {notKept && <p className="note">{REPLACED_TEXT}</p>}
        <input
          className="field gallery-filter"
          type="search"
          placeholder="Filter: DNS, NodePort, probe …"
          aria-label="Filter scenarios"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        {TOPICS.map((topic) => (
          <Topic
            key={topic}
            topic={topic}
            scenarios={shown.filter((one) => one.topic === topic)}
            onOpen={async ({ name }) => {
              onClose();
              await openBuiltIn(name);
            }}
          />
        ))}
        {shown.length === 0 && <p className="empty">No scenario is about that.</p>}
      </ScrollBox>
    </Dialog>
  );
}

interface TopicProps {
  readonly topic: string;
  readonly scenarios: readonly BuiltInScenario[];
  readonly onOpen: (scenario: BuiltInScenario) => void;
}

function Topic({ topic, scenarios, onOpen }: TopicProps) {
  const id = useId();
  if (scenarios.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{topic}</h3>
      <ul>
        {scenarios.map((scenario) => (
          <li key={scenario.name}>
            <Card scenario={scenario} onOpen={() => onOpen(scenario)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CardProps {
  readonly scenario: BuiltInScenario;
  readonly onOpen: () => void;
}

function Card({ scenario: { name, title }, onOpen }: CardProps) {
  const id = useId();
  const busy = useSession((state) => state.busy !== "");
  const isOpen = useMirror(({ records }) => fabricOf(records)?.clusterName === name);
  return (
    <button
      type="button"
      className="scenario-card"
      data-action={openScenarioActions[name]?.id}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-about`}
      aria-current={isOpen ? "true" : undefined}
      disabled={busy}
      onClick={onOpen}
    >
      {(["light", "dark"] as const).map((theme) => (
        <img
          key={theme}
          className={theme}
          src={`scenarios/pictures/${name}-${theme}.webp`}
          alt=""
          width={480}
          height={300}
          loading="lazy"
        />
      ))}
      <span className="card-text">
        <strong id={`${id}-title`}>{title}</strong>
        {isOpen && <span className="badge ok">✓ open now</span>}
        <span className="card-about" id={`${id}-about`}>
          {descriptions[name]}
        </span>
      </span>
    </button>
  );
}

/** All words are in it somewhere. */
function isAbout({ name, title, topic }: BuiltInScenario, wanted: string): boolean {
  const text = [name, title, topic, descriptions[name]].join(" ").toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
