import type { KubeObject } from "../../core/api/types";
import { findNodeRuntime, type MirrorRecords } from "../../stores/mirror";
import { type ControlCommand, control } from "../../stores/session";
import { isReady } from "../objects/object-status";

interface ControlsProps {
  readonly object: KubeObject;
  readonly records: MirrorRecords;
}

/** What can be broken and mended by hand, to see what then becomes of a packet. */
export function Controls({ object, records }: ControlsProps) {
  const orders = ordersFor(object, records);
  if (orders.length === 0) return null;
  return (
    <div className="actions">
      {orders.map(({ label, order }) => (
        <button key={label} type="button" className="button small" onClick={() => control(order)}>
          {label}
        </button>
      ))}
    </div>
  );
}

interface LabelledOrder {
  readonly label: string;
  readonly order: ControlCommand;
}

function ordersFor(object: KubeObject, records: MirrorRecords): readonly LabelledOrder[] {
  const { namespace, name } = object.metadata;
  if (object.kind === "Pod") {
    const ready = !isReady(object);
    const label = ready ? "Let its probes pass" : "Fail its readiness probe";
    return [{ label, order: { type: "setReadiness", namespace, pod: name, ready } }];
  }
  const runtime = object.kind === "Node" ? findNodeRuntime(records, name) : undefined;
  if (!runtime) return [];
  const running = runtime.proxyHalted;
  const on = !runtime.up;
  return [
    {
      label: running ? "Start kube-proxy" : "Stop kube-proxy",
      order: { type: "setProxy", node: name, running },
    },
    { label: on ? "Power on" : "Power off", order: { type: "setPower", node: name, on } },
  ];
}
