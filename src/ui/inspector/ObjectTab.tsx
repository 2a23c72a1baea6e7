import type { Condition, KubeObject } from "../../core/api/types";
import { useAccess } from "../../stores/access";
import { useEdit } from "../../stores/edit";
import {
  fabricOf,
  findLoadBalancer,
  findNodeRuntime,
  findObject,
  type MirrorRecords,
  objectsOf,
  useMirror,
} from "../../stores/mirror";
import { useSelection } from "../../stores/selection";
import { ReadinessChains } from "../checks/ReadinessChains";
import { FormPane } from "../edit/FormPane";
import { ObjectButton } from "../edit/ObjectButton";
import { actionsFor } from "../edit/object-actions";
import { QuickActions } from "../edit/QuickActions";
import { LastChange } from "../history/LastChange";
import { balancerFacts, conditionsOf, factsOf, runtimeFacts } from "../objects/object-facts";
import { statusOf } from "../objects/object-status";
import { StatusBadge } from "../objects/StatusBadge";
import { keyText } from "../parts/describe";
import { Icon } from "../parts/Icon";
import { GoneNetwork } from "../pod-network/GoneNetwork";
import { NetworkSetup } from "../pod-network/NetworkSetup";
import { NodeNetwork } from "../pod-network/NodeNetwork";
import { ClientsSeen } from "./ClientsSeen";
import { SecurityGroups } from "./SecurityGroups";
import "./object-tab.css";

/** The form that is open, or else the selected object. */
export default function ObjectTab() {
  const form = useEdit((state) => state.form);
  return form ? <FormPane request={form} /> : <SelectedObject />;
}

/** Facts, conditions, events, and what it has to do with. */
function SelectedObject() {
  const selected = useSelection((state) => state.selected);
  const related = useSelection((state) => state.related);
  // What can be done to it is another thing then.
  useAccess((state) => state.locked);
  const records = useMirror((state) => state.records);
  const object = selected ? findObject(records, selected) : undefined;
  if (!selected)
    return <p className="empty">Click an object on the canvas or in the list to see it here.</p>;
  if (!object) return <NotThere selected={selected} />;

  const actions = actionsFor(object, records);
  const find = (wanted: string) => actions.find(({ id }) => id === wanted);
  const facts = [...factsOf(object), ...liveFacts(object, records)];
  const links = [...related].filter((key) => records.has(key));
  return (
    <article className="object-tab">
      <p className="eyebrow">
        {object.kind}
        {object.metadata.namespace && ` in ${object.metadata.namespace}`}
      </p>
      <h2>{object.metadata.name}</h2>
      <div className="actions">
        <StatusBadge status={statusOf(object)} />
        <ObjectButton object={selected} action={find("edit")}>
          <Icon name="edit" size={12} /> Edit
        </ObjectButton>
        <ObjectButton object={selected} action={find("yaml")}>
          <Icon name="edit" size={12} /> Edit YAML
        </ObjectButton>
        <ObjectButton object={selected} action={find("rules")} hint={find("rules")?.label}>
          {object.kind === "Node" ? "iptables" : "Its rules"}
        </ObjectButton>
        <ObjectButton object={selected} action={find("delete")}>
          <Icon name="trash" size={12} /> Delete
        </ObjectButton>
      </div>
      <div className="actions">
        <ObjectButton object={selected} action={find("from")} />
        <ObjectButton object={selected} action={find("to")} />
        <ObjectButton object={selected} action={find("terminal")} />
        {actions
          .filter(({ id }) => id.startsWith("port-forward "))
          .map((action) => (
            <ObjectButton key={action.id} object={selected} action={action} />
          ))}
      </div>
      <QuickActions object={object} records={records} />
      <LastChange object={selected} />
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {object.kind === "Pod" && <NetworkSetup pod={object} />}
      {object.kind === "Node" && <NodeNetwork node={object} />}
      {object.kind === "Service" && <ClientsSeen service={object} />}
      <SecurityGroups object={object} records={records} />
      <ReadinessChains object={object} />
      <Conditions conditions={conditionsOf(object)} />
      {links.length > 0 && (
        <section>
          <h3>Has to do with</h3>
          <ul className="links">
            {links.map((key) => (
              <li key={key}>
                <button
                  type="button"
                  className="link"
                  onClick={() => useSelection.getState().select(key)}
                >
                  {keyText(key)}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ObjectEvents object={object} records={records} />
    </article>
  );
}

/** Of a pod that is gone its node remembers how its network was made and taken away. */
function NotThere({ selected }: { readonly selected: string }) {
  const [kind, namespace = "", name = ""] = selected.split("/");
  return (
    <>
      <p className="empty">{keyText(selected)} is not in the cluster at this moment.</p>
      {kind === "Pod" && <GoneNetwork namespace={namespace} name={name} />}
    </>
  );
}

function liveFacts(object: KubeObject, records: MirrorRecords) {
  const { namespace, name } = object.metadata;
  if (object.kind === "Node") {
    const runtime = findNodeRuntime(records, name);
    return runtime ? runtimeFacts(runtime) : [];
  }
  if (object.kind !== "Service") return [];
  const balancer = findLoadBalancer(records, namespace, name);
  const { cloud = "none", pending: all = {} } = fabricOf(records) ?? {};
  const pending = all[`${namespace}/${name}`];
  return [
    ...(pending ? [["Load balancer", pending] as const] : []),
    ...(balancer ? balancerFacts(balancer, cloud) : []),
  ];
}

function Conditions({ conditions }: { conditions: readonly Condition[] }) {
  if (conditions.length === 0) return null;
  return (
    <section>
      <h3>Conditions</h3>
      <ul className="conditions">
        {conditions.map(({ type, status, reason, message }) => (
          <li key={type}>
            <strong>{type}</strong>: {status}
            {(reason || message) && (
              <span className="muted"> {[reason, message].filter(Boolean).join(": ")}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const SHOWN_EVENTS = 12;

function ObjectEvents({ object, records }: { object: KubeObject; records: MirrorRecords }) {
  const { namespace, name } = object.metadata;
  const events = objectsOf(records, "Event")
    .filter(
      ({ involvedObject: about }) =>
        about.kind === object.kind &&
        about.name === name &&
        (about.namespace || namespace) === namespace,
    )
    .sort((a, b) => b.lastTimestamp.localeCompare(a.lastTimestamp))
    .slice(0, SHOWN_EVENTS);
  return (
    <section>
      <h3>Events</h3>
      {events.length === 0 && <p className="muted">None.</p>}
      <ul className="conditions">
        {events.map((event) => (
          <li key={event.metadata.name}>
            <span className={event.type === "Warning" ? "badge warn" : "badge"}>
              {event.type === "Warning" && "! "}
              {event.reason}
            </span>{" "}
            {event.message}
            {event.count > 1 && <span className="muted"> (×{event.count})</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
