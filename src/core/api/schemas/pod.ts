import {
  bool,
  type Fields,
  int32,
  int64,
  intOrString,
  list,
  named,
  openStruct,
  string,
  stringMap,
  strings,
} from "../schema";
import { OBJECT_META, TYPE_META } from "./meta";

/** Only what we model is listed, so these structs are open.
 *  Simplified: an unknown field of a pod is kept, where the API server refuses it. */

const PROBE = openStruct("v1.Probe", {
  httpGet: openStruct("v1.HTTPGetAction", {
    path: string,
    port: intOrString,
    host: string,
    scheme: named("v1.URIScheme"),
  }),
  tcpSocket: openStruct("v1.TCPSocketAction", { port: intOrString, host: string }),
  grpc: openStruct("v1.GRPCAction", { port: int32, service: string }),
  exec: openStruct("v1.ExecAction", { command: strings }),
  initialDelaySeconds: int32,
  periodSeconds: int32,
  timeoutSeconds: int32,
  successThreshold: int32,
  failureThreshold: int32,
});

const CONTAINER = openStruct("v1.Container", {
  name: string,
  image: string,
  command: strings,
  args: strings,
  ports: list(
    openStruct("v1.ContainerPort", {
      name: string,
      hostPort: int32,
      containerPort: int32,
      protocol: named("v1.Protocol"),
      hostIP: string,
    }),
  ),
  env: list(openStruct("v1.EnvVar", { name: string, value: string })),
  readinessProbe: PROBE,
  livenessProbe: PROBE,
  startupProbe: PROBE,
  lifecycle: openStruct("v1.Lifecycle", {
    preStop: openStruct("v1.LifecycleHandler", {
      exec: openStruct("v1.ExecAction", { command: strings }),
      sleep: openStruct("v1.SleepAction", { seconds: int64 }),
    }),
  }),
});

const POD_SPEC = openStruct("v1.PodSpec", {
  containers: list(CONTAINER),
  initContainers: list(CONTAINER),
  restartPolicy: named("v1.RestartPolicy"),
  terminationGracePeriodSeconds: int64,
  dnsPolicy: named("v1.DNSPolicy"),
  nodeSelector: stringMap,
  nodeName: string,
  hostNetwork: bool,
  hostname: string,
  subdomain: string,
  readinessGates: list(openStruct("v1.PodReadinessGate", { conditionType: string })),
  tolerations: list(
    openStruct("v1.Toleration", {
      key: string,
      operator: named("v1.TolerationOperator"),
      value: string,
      effect: named("v1.TaintEffect"),
      tolerationSeconds: int64,
    }),
  ),
});

export const POD_TEMPLATE = openStruct("v1.PodTemplateSpec", {
  metadata: OBJECT_META,
  spec: POD_SPEC,
});

export const CONDITIONS = (go: string) =>
  list(
    openStruct(go, {
      type: named(`${go}Type`),
      status: named("v1.ConditionStatus"),
      reason: string,
      message: string,
      lastTransitionTime: string,
    }),
  );

const CONTAINER_STATE: Fields = {
  waiting: openStruct("v1.ContainerStateWaiting", { reason: string, message: string }),
  running: openStruct("v1.ContainerStateRunning", { startedAt: string }),
  terminated: openStruct("v1.ContainerStateTerminated", { reason: string, exitCode: int32 }),
};

export const POD = openStruct("v1.Pod", {
  ...TYPE_META,
  spec: POD_SPEC,
  status: openStruct("v1.PodStatus", {
    phase: named("v1.PodPhase"),
    podIP: string,
    podIPs: list(openStruct("v1.PodIP", { ip: string })),
    hostIP: string,
    startTime: string,
    reason: string,
    message: string,
    conditions: CONDITIONS("v1.PodCondition"),
    containerStatuses: list(
      openStruct("v1.ContainerStatus", {
        name: string,
        image: string,
        ready: bool,
        started: bool,
        restartCount: int32,
        state: openStruct("v1.ContainerState", CONTAINER_STATE),
      }),
    ),
  }),
});
