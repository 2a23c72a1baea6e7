import { objectsOf, useMirror } from "../../../stores/mirror";
import { NumberField, SelectField, TextField, WordsField } from "../fields";
import { useForm, useValue } from "../form-context";
import { type Path, setAt } from "../manifest";
import { Rows } from "../Rows";
import { Section } from "../Section";

const PROTOCOLS = [
  ["all", "all"],
  ["TCP", "TCP"],
  ["UDP", "UDP"],
  ["ICMP", "ICMP"],
  ["SCTP", "SCTP"],
] as const;

/** A firewall at machines' network cards: what may come in, and what may go out. */
export function SecurityGroupForm() {
  return (
    <>
      <TextField label="Name" path={["metadata", "name"]} fixed />
      <TextField label="Description" path={["spec", "description"]} placeholder="none" />
      <WordsField
        label="Attached to"
        path={["spec", "attachedTo"]}
        placeholder="node/*, host/vm, lb/default/kuard"
        hint={<Attachable />}
      />
      <GroupRules title="May come in" path={["spec", "ingress"]} />
      <Section title="May go out" paths={[["spec", "egress"]]}>
        <p className="muted">Without any rule here everything may go out.</p>
        <GroupRules title="May go out" path={["spec", "egress"]} />
      </Section>
    </>
  );
}

/** Names that are there, to be written. */
function Attachable() {
  const nodes = useMirror((state) => objectsOf(state.records, "Node"));
  const [first] = nodes;
  return (
    <span className="muted">
      node/* is every node{first && `, node/${first.metadata.name} one of them`}; machines of the
      internet have no security groups.
    </span>
  );
}

function GroupRules({ title, path }: { readonly title: string; readonly path: Path }) {
  return (
    <Rows
      title={title}
      one="Rule"
      path={path}
      fresh={() => ({ protocol: "TCP", fromPort: 30_000, toPort: 32_767, cidr: "0.0.0.0/0" })}
    >
      {(row) => <Rule row={row} />}
    </Rows>
  );
}

function Rule({ row }: { readonly row: Path }) {
  const { manifest, set } = useForm();
  const protocol = useValue([...row, "protocol"]);
  const groups = useMirror((state) => objectsOf(state.records, "SecurityGroup"));
  const names = groups.map(({ metadata }) => ({ value: metadata.name }));
  const own = useValue(["metadata", "name"]);
  const isIcmp = protocol === "ICMP";
  return (
    <>
      <SelectField
        label="Protocol"
        path={[...row, "protocol"]}
        options={PROTOCOLS}
        onChange={(value) => {
          const chosen = setAt(manifest, [...row, "protocol"], value);
          // Types and codes are no ports.
          const isOther = value === "all" || value === "ICMP" || isIcmp;
          set([], isOther ? without(chosen, row, ["fromPort", "toPort"]) : chosen);
        }}
      />
      {protocol !== "all" && (
        <>
          <NumberField
            label={isIcmp ? "Type" : "From port"}
            path={[...row, "fromPort"]}
            placeholder="all"
          />
          <NumberField
            label={isIcmp ? "Code" : "To port"}
            path={[...row, "toPort"]}
            placeholder={isIcmp ? "all" : "the same"}
          />
        </>
      )}
      <TextField label="CIDR" path={[...row, "cidr"]} placeholder="0.0.0.0/0" />
      <TextField
        label="or group"
        path={[...row, "sourceGroup"]}
        placeholder="none"
        choices={typeof own === "string" && own !== "" ? [{ value: own }, ...names] : names}
        onSet={(value) => {
          const chosen = setAt(manifest, [...row, "sourceGroup"], value);
          set([], value === undefined ? chosen : without(chosen, row, ["cidr"]));
        }}
      />
    </>
  );
}

function without(manifest: unknown, row: Path, fields: readonly string[]): unknown {
  return fields.reduce((next, field) => setAt(next, [...row, field], undefined), manifest);
}
