import type { Condition, KubeObject, Node, Pod, Service } from "../../core/api/types";

export type Tone = "ok" | "warn" | "bad" | "plain";

export interface ObjectStatus {
  readonly text: string;
  readonly tone: Tone;
}

/** The word that `kubectl get` would put in its STATUS or READY column. */
export function statusOf(object: KubeObject): ObjectStatus {
  switch (object.kind) {
    case "Pod":
      return podStatus(object);
    case "Node":
      return nodeStatus(object);
    case "Deployment":
      return counted(object.status?.readyReplicas ?? 0, object.spec.replicas);
    case "ReplicaSet":
      return counted(object.status?.readyReplicas ?? 0, object.spec.replicas);
    case "DaemonSet":
      return counted(object.status?.numberReady ?? 0, object.status?.desiredNumberScheduled ?? 0);
    case "Service":
      return { text: object.spec.type, tone: "plain" };
    case "Ingress":
      return (object.status.loadBalancer.ingress ?? []).length > 0
        ? { text: object.spec.ingressClassName ?? "routes", tone: "ok" }
        : { text: "no address", tone: "warn" };
    case "EndpointSlice": {
      const ready = object.endpoints.filter((one) => one.conditions?.ready !== false).length;
      return counted(ready, object.endpoints.length);
    }
    case "Endpoints": {
      const ready = object.subsets?.flatMap((one) => one.addresses ?? []).length ?? 0;
      return { text: `${ready} ready`, tone: ready > 0 ? "ok" : "warn" };
    }
    case "Namespace":
      return { text: object.status?.phase ?? "Active", tone: "plain" };
    case "NetworkAttachmentDefinition":
      return { text: "network", tone: "plain" };
    case "Host":
      return { text: object.spec.zone, tone: "plain" };
    case "SecurityGroup": {
      const { ingress = [], egress } = object.spec;
      const out = egress ? `${egress.length} out` : "all out";
      return { text: `${ingress.length} in, ${out}`, tone: "plain" };
    }
    case "Event":
      return { text: object.reason, tone: object.type === "Warning" ? "warn" : "plain" };
  }
}

function isReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, "Ready")?.status === "True";
}

function podStatus(pod: Pod): ObjectStatus {
  if (pod.metadata.deletionTimestamp) return { text: "Terminating", tone: "warn" };
  const waiting = pod.status.containerStatuses?.find((one) => one.state.waiting)?.state.waiting;
  if (waiting) return { text: waiting.reason, tone: "warn" };
  if (pod.status.phase === "Running") {
    return isReady(pod) ? { text: "Ready", tone: "ok" } : { text: "Not ready", tone: "bad" };
  }
  return { text: pod.status.phase, tone: pod.status.phase === "Failed" ? "bad" : "warn" };
}

function nodeStatus(node: Node): ObjectStatus {
  const ready = conditionOf(node.status.conditions, "Ready")?.status === "True";
  if (!ready) return { text: "NotReady", tone: "bad" };
  return node.spec.unschedulable
    ? { text: "Ready, cordoned", tone: "warn" }
    : { text: "Ready", tone: "ok" };
}

function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((one) => one.type === type);
}

function counted(ready: number, wanted: number): ObjectStatus {
  return { text: `${ready}/${wanted}`, tone: ready >= wanted ? "ok" : "warn" };
}

/** PORT(S) as `kubectl get svc` prints them. */
export function portsText(service: Service): string {
  const ports = (service.spec.ports ?? []).map(
    ({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ""}/${protocol}`,
  );
  return ports.join(", ") || "<none>";
}

/** The address that tells an object from its neighbours. */
export function addressOf(object: KubeObject): string {
  switch (object.kind) {
    case "Pod":
      return object.status.podIP ?? "";
    case "Node":
      return object.status.addresses.find((one) => one.type === "InternalIP")?.address ?? "";
    case "Service":
      return object.spec.type === "ExternalName"
        ? (object.spec.externalName ?? "")
        : (object.spec.clusterIP ?? "");
    case "Host":
      return object.spec.ip;
    default:
      return "";
  }
}
