import { useSelection } from "../../stores/selection";
import { type Failure, takenOf, useFixes } from "../../stores/why";
import type { Fix, WhyNot } from "../../worker/protocol";
import { ActionButton } from "../actions/ActionButton";
import { againAction, fixAction } from "../actions/why";
import { CommandLine } from "../edit/CommandLine";
import { keyText, placeText } from "../parts/describe";
import { Icon } from "../parts/Icon";
import { fixLines } from "./fix-lines";
import "./why.css";

/** Why a request came to nothing: what is behind it, what would make it arrive, and where to look. */
export function WhyBox({ failure }: { failure: Failure }) {
  const { why, kind, reason, explanation = "" } = failure;
  const isTold = why.cause.toLowerCase().includes(explanation.toLowerCase());
  return (
    <section className="why-box" aria-label="Why not?">
      <header>
        <strong>✕ {kind}</strong>
        <h3>{why.title}</h3>
      </header>
      <p>{why.cause}</p>
      <Named why={why} />
      <Fixes failure={failure} />
      {why.evidence && (
        <div className="evidence">
          <p className="muted">
            The {why.evidence.what} that decided{why.evidence.node && `, on ${why.evidence.node}`}
          </p>
          <pre>{why.evidence.text}</pre>
        </div>
      )}
      <Looks why={why} />
      <p className="muted codes">
        <code>{why.code}</code>
        {why.place && <> at {placeText(why.place)}</>}
        {reason && reason !== why.code && <> · {reason}</>}
        {!isTold && <>: {explanation}</>}
      </p>
    </section>
  );
}

function Named({ why: { objects } }: { why: WhyNot }) {
  if (objects.length === 0) return null;
  return (
    <p className="named">
      {objects.slice(0, 6).map((key) => (
        <button
          key={key}
          type="button"
          className="link"
          onClick={() => useSelection.getState().select(key)}
        >
          {keyText(key)}
        </button>
      ))}
    </p>
  );
}

function Fixes({ failure }: { failure: Failure }) {
  const { fix } = failure.why;
  const taken = useFixes((state) => takenOf(state, failure));
  return (
    <div className="fixes">
      {fix.map((one) => (
        <FixButton key={one.title} failure={failure} fix={one} taken={taken.has(one.title)} />
      ))}
      <ActionButton action={againAction(failure)} className="button small">
        Send again
      </ActionButton>
      {taken.size > 0 && <p role="status">Done. The cluster needs a moment; then send again.</p>}
    </div>
  );
}

interface FixButtonProps {
  readonly failure: Failure;
  readonly fix: Fix;
  readonly taken: boolean;
}

function FixButton({ failure, fix, taken }: FixButtonProps) {
  const lines = fixLines(fix);
  return (
    <ActionButton
      action={fixAction(failure, fix)}
      className={`button small${taken ? "" : " primary"}`}
      hint={lines.length > 0 ? lines.join("\n") : fix.title}
    >
      <Icon name={fix.edits ? "edit" : "play"} size={11} /> {taken ? "✓ " : ""}
      {fix.title}
    </ActionButton>
  );
}

function Looks({ why: { look } }: { why: WhyNot }) {
  if (look.length === 0) return null;
  return (
    <div className="looks">
      <h4>Look</h4>
      <ul>
        {look.map(({ command, shows }) => (
          <li key={command} title={shows === "" ? undefined : `What matters there: ${shows}`}>
            <CommandLine command={command} />
          </li>
        ))}
      </ul>
    </div>
  );
}
