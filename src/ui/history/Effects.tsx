import type { ObjectKey } from "../../core/api/types";
import { useSelection } from "../../stores/selection";
import { showRules } from "../../stores/view";
import type { Effect } from "../../worker/what-if-protocol";
import { useAsked } from "../dock/use-asked";
import { keyText } from "../parts/describe";
import "./history.css";

interface EffectsProps {
  /** Virtual microseconds: what was then is what it is compared with. */
  readonly sinceUs: number;
  /** Only what has to do with this object. */
  readonly about?: ObjectKey;
}

/** More than these nobody reads. */
const SHOWN = 60;

/** What has come and gone since a moment, as far as time has got: changes take their time to reach every node. */
export function Effects({ sinceUs, about }: EffectsProps) {
  const effects = useAsked(`effects ${sinceUs}`, (simulation) => simulation.effects(sinceUs));
  if (!effects) return <p className="muted">Comparing with the moment before …</p>;
  const found = effects.filter((one) => about === undefined || one.about.includes(about));
  if (found.length === 0)
    return <p className="muted">Nothing has come or gone yet: let time pass.</p>;
  return (
    <ul className="effects" aria-label="What came and went">
      {found.slice(0, SHOWN).map((effect) => (
        <li key={keyOfEffect(effect)} className={effect.change}>
          <span aria-hidden="true">{MARKS[effect.change]}</span>
          <EffectWords effect={effect} />
        </li>
      ))}
      {found.length > SHOWN && <li className="muted">and {found.length - SHOWN} more</li>}
    </ul>
  );
}

const MARKS: Readonly<Record<Effect["change"], string>> = {
  added: "+",
  removed: "−",
  changed: "≠",
};

function keyOfEffect({ change, what, about, name, node }: Effect): string {
  return [change, what, node, name, about[0]].join(" ");
}

function EffectWords({ effect }: { readonly effect: Effect }) {
  const { change, what, about, name, before, after, count = 0, node = "" } = effect;
  const [key = ""] = about;
  const verb = change === "added" ? "came" : "went";
  switch (what) {
    case "object":
      return (
        <span>
          <KeyLink objectKey={key} /> {verb}
        </span>
      );
    case "field":
      return (
        <span>
          <KeyLink objectKey={key} />: <code>{name}</code>{" "}
          {change === "changed" ? `is ${after}, was ${before}` : `${after ?? before} ${verb}`}
        </span>
      );
    case "load balancer":
      return (
        <span>
          the load balancer of <KeyLink objectKey={key} /> {verb}
        </span>
      );
    case "rules":
      return (
        <span>
          {count === 1 ? "1 rule" : `${count} rules`} on{" "}
          <button type="button" className="link" onClick={() => showRules(node, null)}>
            {node}
          </button>{" "}
          {verb}
        </span>
      );
    case "DNS record":
      return (
        <span>
          <code>{name}</code> {verb}
        </span>
      );
  }
}

function KeyLink({ objectKey }: { readonly objectKey: ObjectKey }) {
  return (
    <button
      type="button"
      className="link"
      onClick={() => useSelection.getState().select(objectKey)}
    >
      {keyText(objectKey)}
    </button>
  );
}
