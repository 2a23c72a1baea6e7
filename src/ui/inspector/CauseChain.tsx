import { Fragment } from "react";
import { useSelection } from "../../stores/selection";
import { showRules } from "../../stores/view";
import type { Cause } from "../../worker/protocol";

/** label → selector → EndpointSlice → rule, each part one click away. */
export function CauseChain({ causes }: { causes: readonly Cause[] }) {
  if (causes.length === 0) return null;
  return (
    <section className="causes">
      <h3>Why this rule exists</h3>
      <Causes causes={causes} />
    </section>
  );
}

export function Causes({ causes }: { causes: readonly Cause[] }) {
  return (
    <p>
      {causes.map((cause, position) => (
        <Fragment key={`${cause.kind} ${cause.text}`}>
          {position > 0 && <span className="muted"> → </span>}
          <CausePart cause={cause} />
        </Fragment>
      ))}
    </p>
  );
}

function CausePart({ cause: { text, object, rule } }: { cause: Cause }) {
  if (object) {
    return (
      <button type="button" className="link" onClick={() => useSelection.getState().select(object)}>
        {text}
      </button>
    );
  }
  if (rule) {
    return (
      <button type="button" className="link mono" onClick={() => showRules(rule.node, rule)}>
        {text}
      </button>
    );
  }
  return <span>{text}</span>;
}
