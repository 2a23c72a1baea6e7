import { objectsOf, useMirror } from "../../../stores/mirror";
import { FlagField, NumberField, PairsField, SelectField, TextField } from "../fields";
import { useValue } from "../form-context";
import { isJson, type Path } from "../manifest";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { ContainerFields } from "./ContainerFields";

const DNS_POLICIES = [
  ["", "ClusterFirst (default)"],
  ["ClusterFirst", "ClusterFirst"],
  ["ClusterFirstWithHostNet", "ClusterFirstWithHostNet"],
  ["Default", "Default"],
  ["None", "None"],
] as const;
const RESTART_POLICIES = [
  ["", "Always (default)"],
  ["Always", "Always"],
  ["OnFailure", "OnFailure"],
  ["Never", "Never"],
] as const;
const OPERATORS = [
  ["", "Equal (default)"],
  ["Equal", "Equal"],
  ["Exists", "Exists"],
] as const;
export const EFFECTS = [
  ["NoSchedule", "NoSchedule"],
  ["PreferNoSchedule", "PreferNoSchedule"],
  ["NoExecute", "NoExecute"],
] as const;
const ANY_EFFECT = [["", "any"], ...EFFECTS] as const;

/** What is inside a pod, and where it may go; `path` leads to its spec. Init containers stay as they are. */
export function PodSpecFields({ path }: { readonly path: Path }) {
  const at = (...rest: Path): Path => [...path, ...rest];
  return (
    <>
      <Rows
        title="Containers"
        one="Container"
        path={at("containers")}
        fresh={(count) => ({ name: `container-${count + 1}`, image: "nginx" })}
        isDeep
      >
        {(row) => <ContainerFields path={row} />}
      </Rows>
      <Section
        title="Where it may run"
        paths={[at("nodeSelector"), at("tolerations"), at("hostNetwork")]}
      >
        <PairsField
          label="nodeSelector"
          path={at("nodeSelector")}
          placeholder="disk=ssd"
          hint={<MatchingNodes path={at("nodeSelector")} />}
        />
        <FlagField label="hostNetwork" path={at("hostNetwork")} unset="false (default)" />
        <Rows
          title="Tolerations"
          one="Toleration"
          path={at("tolerations")}
          fresh={() => ({ key: "dedicated", operator: "Exists" })}
        >
          {(row) => (
            <>
              <TextField label="Key" path={[...row, "key"]} placeholder="any" />
              <SelectField label="Operator" path={[...row, "operator"]} options={OPERATORS} />
              <TextField label="Value" path={[...row, "value"]} />
              <SelectField label="Effect" path={[...row, "effect"]} options={ANY_EFFECT} />
            </>
          )}
        </Rows>
      </Section>
      <Section
        title="Names, DNS and its end"
        paths={["hostname", "subdomain", "readinessGates"].map((field) => at(field))}
      >
        <div className="form-grid">
          <TextField label="hostname" path={at("hostname")} />
          <TextField label="subdomain" path={at("subdomain")} />
          <SelectField label="dnsPolicy" path={at("dnsPolicy")} options={DNS_POLICIES} />
          <SelectField
            label="restartPolicy"
            path={at("restartPolicy")}
            options={RESTART_POLICIES}
          />
          <NumberField
            label="Grace period (s)"
            path={at("terminationGracePeriodSeconds")}
            placeholder="30"
          />
        </div>
        <Rows
          title="Readiness gates"
          one="Gate"
          path={at("readinessGates")}
          fresh={() => ({ conditionType: "example.com/ready" })}
        >
          {(row) => <TextField label="Condition" path={[...row, "conditionType"]} />}
        </Rows>
      </Section>
    </>
  );
}

/** Which nodes a nodeSelector leaves. */
function MatchingNodes({ path }: { readonly path: Path }) {
  const selector = useValue(path);
  const nodes = useMirror((state) => objectsOf(state.records, "Node"));
  const pairs = Object.entries(isJson(selector) ? selector : {});
  if (pairs.length === 0) return "any node";
  const names = nodes
    .filter(({ metadata: { labels = {} } }) => pairs.every(([key, value]) => labels[key] === value))
    .map(({ metadata }) => metadata.name);
  return (
    <output className={names.length > 0 ? "match" : "no-match"}>
      {names.length > 0 ? `matches ${names.join(", ")}` : "matches no node now"}
    </output>
  );
}
