import { CheckField, SelectField, TextField } from "../fields";
import { useForm } from "../form-context";
import { formatListens, formatWords, parseListens, parseWords } from "../text-values";
import { MetaFields } from "./meta";

export function NamespaceForm() {
  return <MetaFields namespaced={false} />;
}

export function NodeForm() {
  const { exists } = useForm();
  return (
    <>
      <MetaFields namespaced={false} />
      <TextField
        label="Pod CIDR"
        path={["spec", "podCIDR"]}
        placeholder="the next one that is free"
        fixed
      />
      <CheckField
        label="Cordoned"
        path={["spec", "unschedulable"]}
        on={true}
        hint="Nothing new is scheduled here."
      />
      {!exists && (
        <p className="muted">The machine gets the next free address of the VPC, and kube-proxy.</p>
      )}
    </>
  );
}

const ZONES = [
  ["internet", "internet"],
  ["vpc", "VPC"],
] as const;

export function HostForm() {
  return (
    <>
      <MetaFields namespaced={false} />
      <div className="form-grid">
        <SelectField label="Where" path={["spec", "zone"]} options={ZONES} />
        <TextField label="Address" path={["spec", "ip"]} placeholder="198.51.100.30" />
      </div>
      <TextField
        label="Host names"
        path={["spec", "hostnames"]}
        parse={parseWords}
        format={formatWords}
        placeholder="db.example.com"
      />
      <TextField
        label="Listens on"
        path={["spec", "listens"]}
        parse={parseListens}
        format={formatListens}
        placeholder="80, 53/udp"
      />
    </>
  );
}
