import { type FormEvent, useState } from "react";
import { objectsOf, useMirror } from "../../stores/mirror";
import { control } from "../../stores/session";
import type { LagKey, LagSettings } from "../../worker/check-protocol";
import { Dialog } from "../parts/Dialog";
import "./checks.css";

interface LagRow {
  readonly key: LagKey;
  readonly label: string;
  readonly usual: string;
  readonly hint: string;
}

const ROWS: readonly LagRow[] = [
  {
    key: "kubeletStatus",
    label: "Kubelet: status",
    usual: "0.01",
    hint: "from a probe’s result to the pod’s status in the API server",
  },
  {
    key: "endpointSlices",
    label: "EndpointSlice controller",
    usual: "0.1",
    hint: "from there to the Service’s slices",
  },
  {
    key: "proxyWatch",
    label: "kube-proxy: watch",
    usual: "0.02–0.08",
    hint: "from there to the kube-proxies’ hearing of it",
  },
  {
    key: "proxySync",
    label: "kube-proxy: minSyncPeriod",
    usual: "1",
    hint: "between two syncs of one kube-proxy",
  },
  {
    key: "dnsWatch",
    label: "CoreDNS: watch",
    usual: "0.02–0.08",
    hint: "from the API server to CoreDNS’ hearing of it",
  },
  {
    key: "gatewayWatch",
    label: "Gateways: watch",
    usual: "0.1–0.3",
    hint: "from the API server to a route’s being in force",
  },
  {
    key: "cloudController",
    label: "Cloud controller",
    usual: "0.05",
    hint: "until it looks at a Service of type LoadBalancer",
  },
  {
    key: "healthCheck",
    label: "Health check interval",
    usual: "10",
    hint: "between a load balancer’s checks of one node; at least 5",
  },
];

/** How long each takes to hear of a change and act. What is set is part of the run: links keep it, undo takes it back. */
export default function LagsDialog({ onClose }: { readonly onClose: () => void }) {
  const records = useMirror((state) => state.records);
  const record = records.get("lags");
  const lags = record?.type === "lags" ? record.value : {};
  const nodes = objectsOf(records, "Node").map(({ metadata }) => metadata.name);
  const ofNodes = nodes.map(
    (node): LagRow => ({
      key: `proxyWatch/${node}`,
      label: `kube-proxy on ${node}: watch`,
      usual: lags.proxyWatch === undefined ? "0.02–0.08" : String(lags.proxyWatch / SECOND),
      hint: "this node’s alone",
    }),
  );
  return (
    <Dialog title="Lags" onClose={onClose} className="lags">
      <div className="dialog-body">
        <p>
          Between a probe’s failing and the last rule’s being gone, each of these takes its time.
          How often a probe asks is the pod’s own. Seconds; empty: as usual.
        </p>
        <ul className="lag-rows">
          {ROWS.map((row) => (
            <Row key={row.key} row={row} lags={lags} />
          ))}
        </ul>
        <details open={nodes.some((node) => lags[`proxyWatch/${node}`] !== undefined)}>
          <summary>One node’s kube-proxy alone</summary>
          <ul className="lag-rows">
            {ofNodes.map((row) => (
              <Row key={row.key} row={row} lags={lags} />
            ))}
          </ul>
        </details>
      </div>
    </Dialog>
  );
}

const SECOND = 1_000_000;

function Row({ row, lags }: { readonly row: LagRow; readonly lags: LagSettings }) {
  const { key, label, usual, hint } = row;
  const set = lags[key];
  const shown = set === undefined ? "" : String(set / SECOND);
  const [typed, setTyped] = useState<string>();
  const text = typed ?? shown;
  const isWrong = text.trim() !== "" && !/^\d+(\.\d+)?$/.test(text.trim());

  function save(event?: FormEvent) {
    event?.preventDefault();
    // What is wrong stays, to be put right.
    if (isWrong) return;
    setTyped(undefined);
    if (text === shown) return;
    const us = text.trim() === "" ? null : Math.round(Number(text) * SECOND);
    void control({ type: "setLag", lag: key, us });
  }

  return (
    <li>
      <form onSubmit={save}>
        <label>
          <span>{label}</span>
          <input
            data-edit
            inputMode="decimal"
            value={text}
            placeholder={usual}
            aria-invalid={isWrong}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => save()}
          />
          <span className="unit">s</span>
        </label>
        {isWrong ? (
          <span className="lag-error" role="alert">
            {label}: "{text.trim()}" is not a number of seconds, such as 0.5
          </span>
        ) : (
          <span className="muted">{hint}</span>
        )}
        {set !== undefined && (
          <button
            type="button"
            className="button small"
            data-edit
            aria-label={`${label}: as usual`}
            onClick={() => void control({ type: "setLag", lag: key, us: null })}
          >
            As usual
          </button>
        )}
      </form>
    </li>
  );
}
