import type { DragEvent } from "react";
import { LOCKED_TEXT, useAccess } from "../../stores/access";
import { FORM_KINDS, type FormKind } from "../../stores/edit";
import { perform } from "../actions/action";
import { addActions, addYaml } from "../actions/edits";
import { Icon } from "../parts/Icon";
import { DRAGGED_KIND } from "./dragging";
import "./edit.css";

const WORDS: Readonly<Record<FormKind, string>> = {
  Service: "ClusterIP, headless, NodePort, LoadBalancer or ExternalName",
  Ingress: "which host and path lead to which Service, for a gateway",
  Deployment: "pods that are kept at a number, and replaced",
  Pod: "one pod; dropped on a node it goes there",
  ReplicaSet: "pods that are kept at a number, and never replaced",
  DaemonSet: "one pod on every node",
  EndpointSlice: "endpoints by hand, for a Service without selector",
  Node: "one more machine with kubelet and kube-proxy",
  Namespace: "a place for names of its own",
  Host: "a machine outside of the cluster",
  SecurityGroup: "a firewall at the network cards of nodes, machines and load balancers",
};

/** Everything that can be added, to press or to drag onto the canvas. */
export default function AddPanel() {
  const locked = useAccess((state) => state.locked);
  if (locked) return <p className="empty">{LOCKED_TEXT}</p>;
  return (
    <section className="add-panel" aria-label="Add">
      <p className="muted">Press one, or drag it onto the canvas.</p>
      <ul>
        {FORM_KINDS.map((kind) => (
          <li key={kind}>
            <button
              type="button"
              className="add-kind"
              data-action={addActions[kind].id}
              draggable
              onDragStart={(event) => startDrag(event, kind)}
              onClick={() => perform(addActions[kind])}
            >
              <strong>
                <Icon name="plus" size={12} /> {kind}
              </strong>
              <small className="muted">{WORDS[kind]}</small>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            className="add-kind"
            data-action={addYaml.id}
            onClick={() => perform(addYaml)}
          >
            <strong>
              <Icon name="edit" size={12} /> Write YAML
            </strong>
            <small className="muted">any objects, one or more documents</small>
          </button>
        </li>
      </ul>
    </section>
  );
}

function startDrag({ dataTransfer }: DragEvent, kind: FormKind): void {
  dataTransfer.effectAllowed = "copy";
  dataTransfer.setData(DRAGGED_KIND, kind);
  dataTransfer.setData("text/plain", kind);
}
