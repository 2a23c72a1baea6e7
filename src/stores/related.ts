import type { Ingress, KubeObject, ObjectKey, SecurityGroup } from "../core/api/types";

const SERVICE_LABEL = "kubernetes.io/service-name";

/** `Kind/namespace/name`, as core/api spells keys (taken from there as a type only). */
export function keyOf(object: KubeObject): ObjectKey {
  return keyFor(object.kind, object.metadata.namespace, object.metadata.name);
}

export function keyFor(kind: string, namespace: string, name: string): ObjectKey {
  return namespace === "" ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

/** Which kinds one reaches in turn from a kind, step by step: a Service reaches its pods through its slices,
 *  and stops there, short of the pods' node and all that it carries. */
const REACHES: Record<string, readonly (readonly string[])[]> = {
  Service: [["EndpointSlice", "Endpoints", "elb", "Ingress"], ["Pod"]],
  Ingress: [["Service"], ["EndpointSlice"], ["Pod"]],
  EndpointSlice: [["Service", "Pod"], ["elb"]],
  Endpoints: [["Service"], ["EndpointSlice", "elb"], ["Pod"]],
  Pod: [
    ["EndpointSlice", "ReplicaSet", "DaemonSet", "Node"],
    ["Service", "Deployment"],
  ],
  Node: [["Pod"]],
  Deployment: [["ReplicaSet"], ["Pod"]],
  ReplicaSet: [["Deployment", "Pod"]],
  DaemonSet: [["Pod"]],
  SecurityGroup: [["Node", "Host", "Service", "elb"]],
};

/** Keys of the objects that one object has to do with, both ways: owners and owned, Service ↔ slices ↔ pods,
 *  pod ↔ node; for a Service with a load balancer also its place `elb/NAMESPACE/NAME`. */
export function relatedKeys(key: ObjectKey, objects: Iterable<KubeObject>): ReadonlySet<string> {
  const links = linksOf(objects);
  const related = new Set<string>();
  let from: readonly string[] = [key];
  for (const kinds of REACHES[kindOf(key)] ?? []) {
    const reached = from
      .flatMap((one) => [...(links.get(one) ?? [])])
      .filter((to) => to !== key && kinds.includes(kindOf(to)));
    for (const one of reached) related.add(one);
    from = reached;
  }
  return related;
}

function servicesOf({ spec: { defaultBackend, rules = [] } }: Ingress): readonly string[] {
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  const backends = [defaultBackend, ...paths.map(({ backend }) => backend)];
  return backends.flatMap((backend) => backend?.service?.name ?? []);
}

function kindOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

function linksOf(objects: Iterable<KubeObject>): ReadonlyMap<string, ReadonlySet<string>> {
  const links = new Map<string, Set<string>>();
  const add = (from: string, to: string) => {
    const known = links.get(from);
    if (known) known.add(to);
    else links.set(from, new Set([to]));
  };
  const link = (one: string, other: string) => {
    add(one, other);
    add(other, one);
  };
  const all = [...objects];
  for (const object of all) {
    const key = keyOf(object);
    const { namespace, name } = object.metadata;
    for (const owner of object.metadata.ownerReferences ?? []) {
      link(key, keyFor(owner.kind, owner.kind === "Node" ? "" : namespace, owner.name));
    }
    if (object.kind === "Pod" && object.spec.nodeName)
      link(key, keyFor("Node", "", object.spec.nodeName));
    if (object.kind === "Service" && object.spec.type === "LoadBalancer") {
      link(key, `elb/${namespace}/${name}`);
    }
    if (object.kind === "Ingress")
      for (const service of servicesOf(object)) link(key, keyFor("Service", namespace, service));
    if (object.kind === "SecurityGroup") {
      for (const machine of machinesOf(object, all)) link(key, machine);
    }
    if (object.kind === "Endpoints") link(key, keyFor("Service", namespace, name));
    if (object.kind !== "EndpointSlice") continue;
    const service = object.metadata.labels?.[SERVICE_LABEL];
    if (service) link(key, keyFor("Service", namespace, service));
    for (const { targetRef } of object.endpoints) {
      if (targetRef)
        link(key, keyFor(targetRef.kind, targetRef.namespace ?? namespace, targetRef.name));
    }
  }
  return links;
}

/** What a group is attached to: nodes, hosts, and load balancers by their Service and place. */
function* machinesOf({ spec }: SecurityGroup, objects: readonly KubeObject[]): Generator<string> {
  for (const name of spec.attachedTo ?? []) {
    const [kind, ...rest] = name.split("/");
    if (name === "node/*") {
      for (const one of objects) if (one.kind === "Node") yield keyOf(one);
    } else if (kind === "node") yield `Node/${rest.join("/")}`;
    else if (kind === "host") yield `Host/${rest.join("/")}`;
    else {
      yield `Service/${rest.join("/")}`;
      yield `elb/${rest.join("/")}`;
    }
  }
}
