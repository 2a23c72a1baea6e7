import type { Store } from "../api/store";
import { type EndpointSlice, keyOf, type ObjectKey, objectKey } from "../api/types";
import { shortChain } from "../dataplane/describe";
import { type Origin, parseOrigin } from "../kubeproxy/origin";

/** A link in the chain of causes: label → selector → EndpointSlice → rule. */
export interface Cause {
  readonly kind: "label" | "selector" | "Service" | "EndpointSlice" | "Pod" | "rule" | "node";
  readonly text: string;
  /** Object to select when it is clicked. */
  readonly object?: ObjectKey;
  /** Rule to show when it is clicked. */
  readonly rule?: { readonly node: string; readonly table: string; readonly chain: string };
}

export interface RulePlace {
  readonly node: string;
  readonly table: string;
  readonly chain: string;
}

/** Why a rule exists, in reading order: the pod's label, the selector that it meets, the slice that lists it, the rule. */
export function causesOf(
  store: Store,
  origin: string | undefined,
  place: RulePlace,
): readonly Cause[] {
  const parsed = origin === undefined ? undefined : parseOrigin(origin);
  if (!parsed) return [];
  const rule: Cause = {
    kind: "rule",
    text: `${place.table} ${shortChain(place.chain)}`,
    rule: place,
  };
  if (parsed.by === "cni" && parsed.pod !== undefined) {
    const [namespace = "", name = ""] = parsed.pod.split("/");
    const object = keyOf("Pod", namespace, name);
    return [
      { kind: "Pod", text: `pod ${name}`, object },
      { kind: "node", text: `${writer(parsed)}, for this pod`, object },
      rule,
    ];
  }
  if (parsed.by !== "service") {
    const text = `${writer(parsed)}, once per node`;
    return [{ kind: "node", text, object: keyOf("Node", "", place.node) }, rule];
  }
  const [namespace = "", name = ""] = parsed.service.split("/");
  const service = store.find("Service", namespace, name);
  const causes: Cause[] = [];
  const slice =
    parsed.endpoint === undefined ? undefined : findSlice(store, namespace, name, parsed.endpoint);
  const selector = service?.spec.selector;
  if (slice?.pod) {
    const pod = store.find("Pod", namespace, slice.pod);
    const labels = pod?.metadata.labels ?? {};
    const shown = Object.keys(selector ?? {}).map((key) => `${key}=${labels[key] ?? ""}`);
    causes.push({
      kind: "Pod",
      text: `pod ${slice.pod}`,
      object: keyOf("Pod", namespace, slice.pod),
    });
    if (shown.length > 0)
      causes.push({
        kind: "label",
        text: `label ${shown.join(",")}`,
        object: keyOf("Pod", namespace, slice.pod),
      });
  }
  if (service && selector && Object.keys(selector).length > 0) {
    const text = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
    causes.push({
      kind: "selector",
      text: `selector ${text.join(",")}`,
      object: objectKey(service),
    });
  }
  causes.push({
    kind: "Service",
    text: `Service ${name}${parsed.port ? `:${parsed.port}` : ""}`,
    object: keyOf("Service", namespace, name),
  });
  if (slice)
    causes.push({
      kind: "EndpointSlice",
      text: `EndpointSlice ${slice.name}`,
      object: keyOf("EndpointSlice", namespace, slice.name),
    });
  return [...causes, rule];
}

const CNI_WRITERS: Readonly<Record<string, string>> = {
  bridge: "the CNI plugin",
  flannel: "flanneld, the agent of the pod network",
  calico: "Felix, Calico's agent",
  "aws-vpc": "aws-node, the agent of the VPC CNI",
  portmap: "the CNI plugin portmap",
};

function writer(origin: Exclude<Origin, { by: "service" }>): string {
  switch (origin.by) {
    case "cni":
      return CNI_WRITERS[origin.plugin] ?? `the CNI plugin ${origin.plugin}`;
    case "kubelet":
      return "the kubelet";
    case "kube-proxy":
      return "kube-proxy";
  }
}

function findSlice(
  store: Store,
  namespace: string,
  service: string,
  endpoint: string,
): { name: string; pod?: string } | undefined {
  const ip = endpoint.slice(0, endpoint.lastIndexOf(":"));
  for (const slice of store.list("EndpointSlice")) {
    if (!belongsTo(slice, namespace, service)) continue;
    const found = slice.endpoints.find(({ addresses }) => addresses[0] === ip);
    if (!found) continue;
    return {
      name: slice.metadata.name,
      ...(found.targetRef?.kind === "Pod" && { pod: found.targetRef.name }),
    };
  }
  return undefined;
}

function belongsTo(slice: EndpointSlice, namespace: string, service: string): boolean {
  return (
    slice.metadata.namespace === namespace &&
    slice.metadata.labels?.["kubernetes.io/service-name"] === service
  );
}
