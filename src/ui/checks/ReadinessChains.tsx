import type { KubeObject } from "../../core/api/types";
import { useMirror } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import type { ReadinessChain } from "../../worker/check-protocol";
import { ActionButton } from "../actions/ActionButton";
import { openLags } from "../actions/checks";
import { clockText } from "../parts/describe";
import "./checks.css";

const SHOWN = 3;

const BECAME: Readonly<Record<ReadinessChain["became"], string>> = {
  ready: "became ready",
  notReady: "became unready",
  deleted: "was deleted",
};

/** How the news about a pod went through the cluster: the latest first. */
export function ReadinessChains({ object }: { readonly object: KubeObject }) {
  const chains = useMirror(({ records }) => {
    const record = records.get("readiness");
    return record?.type === "readiness" ? record.value : NONE;
  });
  if (object.kind !== "Pod" && object.kind !== "Service") return null;
  const key = keyOf(object);
  const about = chains
    .filter(({ pod, services }) => pod === key || services.some((service) => service === key))
    .slice(0, SHOWN);
  return (
    <section className="chains" aria-label="Readiness, step by step">
      <h3>Readiness, step by step</h3>
      {about.length === 0 && (
        <p className="muted">
          Nothing yet. When a pod becomes ready or unready, or goes, who hears of it when stands
          here.
        </p>
      )}
      {about.map((chain, index) => (
        <Chain key={`${chain.pod} ${chain.startedAtUs}`} chain={chain} open={index === 0} />
      ))}
      <ActionButton action={openLags} className="button small">
        Lags …
      </ActionButton>
    </section>
  );
}

const NONE: readonly ReadinessChain[] = [];

function Chain({ chain, open }: { readonly chain: ReadinessChain; readonly open: boolean }) {
  const { pod, became, startedAtUs, steps } = chain;
  return (
    <details open={open}>
      <summary>
        <span className="mono">{clockText(startedAtUs)}</span> {nameOf(pod)} {BECAME[became]}
      </summary>
      <ol>
        {steps.map(({ atUs, text, object }) => (
          <li key={`${object} ${text}`} className={atUs === undefined ? "waiting" : ""}>
            <span className="mono">{atUs === undefined ? "…" : afterText(atUs - startedAtUs)}</span>{" "}
            <button
              type="button"
              className="link"
              onClick={() => useSelection.getState().select(object)}
            >
              {text}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}

function nameOf(key: string): string {
  return key.split("/").at(-1) ?? key;
}

function afterText(us: number): string {
  const ms = us / 1_000;
  return ms < 1_000 ? `+${Math.round(ms)} ms` : `+${(ms / 1_000).toFixed(2)} s`;
}
