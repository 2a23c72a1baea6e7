import { findObject, useMirror } from "../../../stores/mirror";
import { CheckField, NumberField, SelectField, TextField, WordsField } from "../fields";
import { useForm, useValue } from "../form-context";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { MetaFields } from "./meta";
import { EFFECTS } from "./PodSpecFields";
import { PROTOCOLS } from "./protocols";

export function NamespaceForm() {
  return <MetaFields namespaced={false} />;
}

const ADDRESS_TYPES = [
  ["InternalIP", "InternalIP"],
  ["ExternalIP", "ExternalIP"],
  ["Hostname", "Hostname"],
] as const;
const READY = [
  ["True", "True"],
  ["False", "False"],
  ["Unknown", "Unknown"],
] as const;

export function NodeForm() {
  const { exists } = useForm();
  return (
    <>
      <MetaFields namespaced={false} />
      <TextField
        label="Pod CIDR"
        path={["spec", "podCIDR"]}
        also={["spec.podCIDRs"]}
        placeholder="the next one that is free"
        fixed
      />
      <CheckField
        label="Cordoned"
        path={["spec", "unschedulable"]}
        on={true}
        hint="Nothing new is scheduled here."
      />
      <Rows
        title="Taints"
        one="Taint"
        path={["spec", "taints"]}
        fresh={() => ({ key: "dedicated", value: "infra", effect: "NoSchedule" })}
      >
        {(row) => (
          <>
            <TextField label="Key" path={[...row, "key"]} />
            <TextField label="Value" path={[...row, "value"]} placeholder="none" />
            <SelectField label="Effect" path={[...row, "effect"]} options={EFFECTS} />
          </>
        )}
      </Rows>
      {exists ? <NodeConditions /> : <NewNodeStatus />}
    </>
  );
}

/** Its kubelet and the node controller write them: nobody else's word counts. */
function NodeConditions() {
  const name = String(useValue(["metadata", "name"]));
  const node = useMirror((state) => findObject<"Node">(state.records, `Node/${name}`));
  return (
    <section className="form-rows" aria-label="Conditions">
      <strong>Conditions</strong>
      <ul className="conditions">
        {(node?.status.conditions ?? []).map(({ type, status, reason, message }) => (
          <li key={type}>
            <strong>{type}</strong>: {status}{" "}
            <span className="muted">{[reason, message].filter(Boolean).join(": ")}</span>
          </li>
        ))}
      </ul>
      <p className="muted">
        The kubelet and the node controller write these. Power the machine off, and see them change.
      </p>
    </section>
  );
}

/** What a kubelet would bring along. Only a Node that is new may say it. */
function NewNodeStatus() {
  return (
    <>
      <p className="muted">The machine gets the next free address of the VPC, and kube-proxy.</p>
      <Section title="Addresses and conditions" paths={[["status"]]}>
        <Rows
          title="Addresses"
          one="Address"
          path={["status", "addresses"]}
          fresh={(count) => ({
            type: count === 0 ? "InternalIP" : "ExternalIP",
            address: count === 0 ? "10.0.1.50" : "203.0.113.150",
          })}
        >
          {(row) => (
            <>
              <SelectField label="Address type" path={[...row, "type"]} options={ADDRESS_TYPES} />
              <TextField label="Address" path={[...row, "address"]} />
            </>
          )}
        </Rows>
        <Rows
          title="Conditions"
          one="Condition"
          path={["status", "conditions"]}
          fresh={() => ({ type: "Ready", status: "False", reason: "KubeletNotReady" })}
        >
          {(row) => (
            <>
              <TextField label="Condition" path={[...row, "type"]} />
              <SelectField label="Status" path={[...row, "status"]} options={READY} />
              <TextField label="Reason" path={[...row, "reason"]} placeholder="none" />
            </>
          )}
        </Rows>
      </Section>
    </>
  );
}

const ZONES = [
  ["internet", "internet"],
  ["vpc", "VPC"],
] as const;

export function HostForm() {
  const inVpc = useValue(["spec", "zone"]) === "vpc";
  return (
    <>
      <MetaFields namespaced={false} />
      <div className="form-grid">
        <SelectField label="Where" path={["spec", "zone"]} options={ZONES} />
        <TextField label="Address" path={["spec", "ip"]} placeholder="198.51.100.30" />
      </div>
      {inVpc && (
        <CheckField
          label="Takes part in the pod network"
          path={["spec", "podNetwork"]}
          on={true}
          hint="It learns the way to the pods as nodes do, and runs none itself."
        />
      )}
      <WordsField label="Host names" path={["spec", "hostnames"]} placeholder="db.example.com" />
      <Rows
        title="Listens on"
        one="Port"
        path={["spec", "listens"]}
        fresh={(count) => ({ protocol: "TCP", port: 80 + count })}
      >
        {(row) => (
          <>
            <NumberField label="Port" path={[...row, "port"]} />
            <SelectField label="Protocol" path={[...row, "protocol"]} options={PROTOCOLS} />
          </>
        )}
      </Rows>
    </>
  );
}
