import { fieldOf, isList } from "../../../core/api/json";
import { matchesSelector } from "../../../core/api/labels";
import type { DaemonSet, Deployment, KubeObject, Pod, ReplicaSet } from "../../../core/api/types";
import type { KubeApi } from "../api";
import { typeOfKind } from "../resources";
import { formatSelector } from "../selectors";
import { formatLongTime } from "../time";
import { describeEvents } from "./events";
import { describePodTemplate } from "./pod-template";
import { DescribeWriter } from "./writer";

const REVISION = "deployment.kubernetes.io/revision";

/** Source: kubectl/pkg/describe/describe.go, describeDeployment. */
export function describeDeployment(deployment: Deployment, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, spec, status = {} } = deployment;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Namespace:\t${metadata.namespace}`);
  writer.line(0, `CreationTimestamp:\t${formatLongTime(metadata.creationTimestamp ?? "")}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  writer.line(0, `Selector:\t${formatSelector(spec.selector)}`);
  const {
    updatedReplicas = 0,
    replicas = 0,
    availableReplicas = 0,
    unavailableReplicas = 0,
  } = status;
  writer.line(
    0,
    `Replicas:\t${spec.replicas} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  );
  const type = spec.strategy?.type ?? "RollingUpdate";
  writer.line(0, `StrategyType:\t${type}`);
  writer.line(0, `MinReadySeconds:\t${String(fieldOf(spec, "minReadySeconds") ?? 0)}`);
  if (type === "RollingUpdate") {
    const { maxUnavailable = "25%", maxSurge = "25%" } = spec.strategy?.rollingUpdate ?? {};
    writer.line(
      0,
      `RollingUpdateStrategy:\t${maxUnavailable} max unavailable, ${maxSurge} max surge`,
    );
  }
  writer.raw(describePodTemplate(spec.template));
  describeConditions(writer, deployment);
  const sets = setsOf(deployment, api);
  const revision = metadata.annotations?.[REVISION];
  const current = sets.find((set) => set.metadata.annotations?.[REVISION] === revision);
  writer.line(0, `OldReplicaSets:\t${setList(sets.filter((set) => set !== current))}`);
  writer.line(0, `NewReplicaSet:\t${setList(current ? [current] : [])}`);
  describeEvents(writer, api, deployment);
  return writer.text;
}

function describeConditions(writer: DescribeWriter, object: KubeObject): void {
  const conditions = fieldOf(fieldOf(object, "status"), "conditions");
  if (!isList(conditions) || conditions.length === 0) return;
  writer.line(0, "Conditions:");
  writer.line(1, "Type\tStatus\tReason");
  writer.line(1, "----\t------\t------");
  for (const one of conditions)
    writer.line(
      1,
      `${String(fieldOf(one, "type"))} \t${String(fieldOf(one, "status"))}\t${String(fieldOf(one, "reason") ?? "")}`,
    );
}

function setsOf({ metadata }: Deployment, api: KubeApi): readonly ReplicaSet[] {
  const sets = api.list(typeOfKind("ReplicaSet"), { namespace: metadata.namespace });
  const own = (sets as readonly ReplicaSet[]).filter((set) =>
    set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid),
  );
  const created = (set: ReplicaSet) => set.metadata.creationTimestamp ?? "";
  return own.sort((a, b) => (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0));
}

function setList(sets: readonly ReplicaSet[]): string {
  const list = sets.map(
    ({ metadata, spec, status }) =>
      `${metadata.name} (${status?.replicas ?? 0}/${spec.replicas} replicas created)`,
  );
  return list.join(", ") || "<none>";
}

export function describeReplicaSet(set: ReplicaSet, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, spec, status } = set;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Namespace:\t${metadata.namespace}`);
  writer.line(0, `Selector:\t${formatSelector(spec.selector)}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) writer.line(0, `Controlled By:\t${owner.kind}/${owner.name}`);
  writer.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec.replicas} desired`);
  writer.line(0, `Pods Status:\t${podCounts(set, api)}`);
  writer.raw(describePodTemplate(spec.template));
  describeConditions(writer, set);
  describeEvents(writer, api, set);
  return writer.text;
}

export function describeDaemonSet(daemons: DaemonSet, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, spec, status = {} } = daemons;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Selector:\t${formatSelector(spec.selector)}`);
  const nodes = Object.entries(spec.template.spec.nodeSelector ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  writer.line(0, `Node-Selector:\t${nodes.sort().join(",") || "<none>"}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  writer.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`);
  writer.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`);
  writer.line(
    0,
    `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`,
  );
  writer.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`);
  writer.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`);
  writer.line(0, `Pods Status:\t${podCounts(daemons, api)}`);
  writer.raw(describePodTemplate(spec.template));
  describeEvents(writer, api, daemons);
  return writer.text;
}

function podCounts({ metadata, spec }: ReplicaSet | DaemonSet, api: KubeApi): string {
  const pods = (api.list(typeOfKind("Pod"), { namespace: metadata.namespace }) as readonly Pod[])
    .filter((pod) => matchesSelector(spec.selector, pod.metadata.labels))
    .filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
  const count = (phase: string) => pods.filter(({ status }) => status.phase === phase).length;
  return `${count("Running")} Running / ${count("Pending")} Waiting / ${count("Succeeded")} Succeeded / ${count("Failed")} Failed`;
}
