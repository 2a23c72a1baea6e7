import type { Container, DaemonSet, Deployment, ReplicaSet } from "../../../core/api/types";
import { formatSelector } from "../selectors";
import { formatAge } from "../time";
import { columns, formatLabels, type TableOf } from "./table";

const TEMPLATE = "*Containers|*Images|*Selector";

export const deploymentTable: TableOf<Deployment> = {
  columns: columns(`Name|Ready|Up-to-date|Available|Age|${TEMPLATE}`),
  row: ({ metadata, spec, status }, { nowUs }) => [
    metadata.name,
    `${status?.readyReplicas ?? 0}/${spec.replicas}`,
    status?.updatedReplicas ?? 0,
    status?.availableReplicas ?? 0,
    formatAge(metadata.creationTimestamp, nowUs),
    ...template(spec.template.spec.containers),
    formatSelector(spec.selector),
  ],
};

export const replicaSetTable: TableOf<ReplicaSet> = {
  columns: columns(`Name|Desired|Current|Ready|Age|${TEMPLATE}`),
  row: ({ metadata, spec, status }, { nowUs }) => [
    metadata.name,
    spec.replicas,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    formatAge(metadata.creationTimestamp, nowUs),
    ...template(spec.template.spec.containers),
    formatSelector(spec.selector),
  ],
};

export const daemonSetTable: TableOf<DaemonSet> = {
  columns: columns(`Name|Desired|Current|Ready|Up-to-date|Available|Node Selector|Age|${TEMPLATE}`),
  row: ({ metadata, spec, status }, { nowUs }) => [
    metadata.name,
    status?.desiredNumberScheduled ?? 0,
    status?.currentNumberScheduled ?? 0,
    status?.numberReady ?? 0,
    status?.updatedNumberScheduled ?? 0,
    status?.numberAvailable ?? 0,
    formatLabels(spec.template.spec.nodeSelector),
    formatAge(metadata.creationTimestamp, nowUs),
    ...template(spec.template.spec.containers),
    formatSelector(spec.selector),
  ],
};

function template(containers: readonly Container[]): readonly [string, string] {
  return [
    containers.map(({ name }) => name).join(","),
    containers.map(({ image }) => image).join(","),
  ];
}
