import {
  any,
  bool,
  type Fields,
  int32,
  int64,
  intOrString,
  named,
  openStruct,
  struct,
} from "../schema";
import { LABEL_SELECTOR, TYPE_META } from "./meta";
import { POD_TEMPLATE } from "./pod";

function workload(kind: string, spec: Fields, status: Fields) {
  return struct(`v1.${kind}`, {
    ...TYPE_META,
    spec: struct(`v1.${kind}Spec`, {
      selector: LABEL_SELECTOR,
      template: POD_TEMPLATE,
      minReadySeconds: int32,
      ...spec,
    }),
    status: openStruct(`v1.${kind}Status`, { observedGeneration: int64, ...status }),
  });
}

const ROLLING_UPDATE = { maxSurge: intOrString, maxUnavailable: intOrString };

export const DEPLOYMENT = workload(
  "Deployment",
  {
    replicas: int32,
    strategy: struct("v1.DeploymentStrategy", {
      type: named("v1.DeploymentStrategyType"),
      rollingUpdate: struct("v1.RollingUpdateDeployment", ROLLING_UPDATE),
    }),
    revisionHistoryLimit: int32,
    paused: bool,
    progressDeadlineSeconds: int32,
  },
  {
    replicas: int32,
    updatedReplicas: int32,
    readyReplicas: int32,
    availableReplicas: int32,
    unavailableReplicas: int32,
  },
);

export const REPLICA_SET = workload(
  "ReplicaSet",
  { replicas: int32 },
  { replicas: int32, readyReplicas: int32, availableReplicas: int32 },
);

export const DAEMON_SET = workload(
  "DaemonSet",
  {
    updateStrategy: struct("v1.DaemonSetUpdateStrategy", {
      type: named("v1.DaemonSetUpdateStrategyType"),
      rollingUpdate: any,
    }),
    revisionHistoryLimit: int32,
  },
  { desiredNumberScheduled: int32, currentNumberScheduled: int32, numberReady: int32 },
);
