import { FlagField, NumberField, SelectField, TextField, WordsField } from "../fields";
import { useForm, useValue } from "../form-context";
import { isJson, type Json, setAt } from "../manifest";
import { Section } from "../Section";
import type { ServiceTypeChoice } from "../service-type";

const POLICIES = [
  ["", "Cluster (default)"],
  ["Cluster", "Cluster"],
  ["Local", "Local"],
] as const;
const AFFINITIES = [
  ["", "None (default)"],
  ["None", "None"],
  ["ClientIP", "ClientIP"],
] as const;
const DISTRIBUTIONS = [
  ["", "none (default)"],
  ["PreferClose", "PreferClose"],
] as const;

interface ServiceFieldsProps {
  readonly type: ServiceTypeChoice;
}

/** Which endpoints a packet may go to. */
export function ServiceTraffic({ type }: ServiceFieldsProps) {
  const { manifest, set } = useForm();
  const isSticky = useValue(["spec", "sessionAffinity"]) === "ClientIP";
  const externalIPs = useValue(["spec", "externalIPs"]);
  const isExternal = type === "NodePort" || type === "LoadBalancer" || externalIPs !== undefined;
  return (
    <>
      <div className="form-grid">
        {isExternal && (
          <SelectField
            label="externalTrafficPolicy"
            path={["spec", "externalTrafficPolicy"]}
            options={POLICIES}
          />
        )}
        <SelectField
          label="internalTrafficPolicy"
          path={["spec", "internalTrafficPolicy"]}
          options={POLICIES}
        />
        <SelectField
          label="trafficDistribution"
          path={["spec", "trafficDistribution"]}
          options={DISTRIBUTIONS}
        />
      </div>
      <div className="form-grid">
        <SelectField
          label="sessionAffinity"
          path={["spec", "sessionAffinity"]}
          options={AFFINITIES}
          onChange={(value) => set([], withAffinity(manifest, value))}
        />
        {isSticky && (
          <NumberField
            label="Affinity timeout (s)"
            path={["spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"]}
            placeholder="10800"
          />
        )}
      </div>
    </>
  );
}

function withAffinity(manifest: Json, value: string): unknown {
  const chosen = setAt(manifest, ["spec", "sessionAffinity"], value || undefined);
  return value === "ClientIP"
    ? chosen
    : setAt(chosen, ["spec", "sessionAffinityConfig"], undefined);
}

/** Addresses that lead to it, who may use them, and what DNS tells of it. */
export function ServiceAddresses({ type }: ServiceFieldsProps) {
  const { manifest, set } = useForm();
  const isLocal = useValue(["spec", "externalTrafficPolicy"]) === "Local";
  const isBalanced = type === "LoadBalancer";
  return (
    <Section
      title="Addresses and discovery"
      paths={[
        ["spec", "externalIPs"],
        ["spec", "loadBalancerSourceRanges"],
        ["spec", "publishNotReadyAddresses"],
        ["spec", "loadBalancerClass"],
        ["spec", "healthCheckNodePort"],
        ["metadata", "annotations", TYPE_ANNOTATION],
      ]}
    >
      {type !== "Headless" && (
        <TextField
          label="clusterIP"
          path={["spec", "clusterIP"]}
          also={["spec.clusterIPs"]}
          placeholder="any free one"
          onSet={(value) => set([], withClusterIp(manifest, value))}
        />
      )}
      <WordsField label="externalIPs" path={["spec", "externalIPs"]} placeholder="198.51.100.7" />
      {isBalanced && (
        <>
          <BalancerKind />
          <WordsField
            label="loadBalancerSourceRanges"
            path={["spec", "loadBalancerSourceRanges"]}
            placeholder="203.0.113.0/24"
          />
          <FlagField
            label="allocateLoadBalancerNodePorts"
            path={["spec", "allocateLoadBalancerNodePorts"]}
            unset="true (default)"
          />
          <TextField
            label="loadBalancerClass"
            path={["spec", "loadBalancerClass"]}
            placeholder="the cloud's own"
          />
        </>
      )}
      {isBalanced && isLocal && (
        <NumberField
          label="healthCheckNodePort"
          path={["spec", "healthCheckNodePort"]}
          placeholder="any free one"
        />
      )}
      <FlagField
        label="publishNotReadyAddresses"
        path={["spec", "publishNotReadyAddresses"]}
        unset="false (default)"
      />
    </Section>
  );
}

const TYPE_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-type";
const KINDS = [
  ["", "classic ELB (default)"],
  ["nlb", "nlb: Network Load Balancer"],
] as const;

/** What AWS is to make of it. */
function BalancerKind() {
  const { manifest, set } = useForm();
  const annotations = useValue(["metadata", "annotations"]);
  return (
    <SelectField
      label="aws-load-balancer-type"
      path={["metadata", "annotations", TYPE_ANNOTATION]}
      options={KINDS}
      onChange={(value) => {
        const { [TYPE_ANNOTATION]: _, ...others } = isJson(annotations) ? annotations : {};
        const next = value === "" ? others : { ...others, [TYPE_ANNOTATION]: value };
        const path = ["metadata", "annotations"];
        set([], setAt(manifest, path, Object.keys(next).length > 0 ? next : undefined));
      }}
    />
  );
}

/** The list that repeats the address follows it. */
function withClusterIp(manifest: Json, value: unknown): unknown {
  return setAt(setAt(manifest, ["spec", "clusterIP"], value), ["spec", "clusterIPs"], undefined);
}
