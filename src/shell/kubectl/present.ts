import { sameJson } from "../../core/api/json";
import type { KubeObject, Node, Pod, Toleration } from "../../core/api/types";
import { KERNEL_VERSION, OS_NAME } from "../machine-facts";

/** The kubelets' version. */
export const SERVER_VERSION = "v1.32.4";

/** Objects as this cluster's API would answer: with the fields that every real one has and that decide nothing here. */
export function present<T extends KubeObject>(object: T): T {
  const known = presented.get(object);
  if (known) return known as T;
  const shown = withMeta(withDefaults(object)) as T;
  presented.set(object, shown);
  return shown;
}

const presented = new WeakMap<KubeObject, KubeObject>();

function withDefaults(object: KubeObject): KubeObject {
  switch (object.kind) {
    case "Node":
      return presentNode(object);
    case "Pod":
      return presentPod(object);
    case "Deployment":
    case "ReplicaSet":
    case "DaemonSet":
      return {
        ...object,
        status: withoutZeros(object.status, KEPT_COUNTS[object.kind]),
      } as KubeObject;
    case "Event": {
      const creationTimestamp = object.metadata.creationTimestamp ?? object.firstTimestamp;
      return { ...object, metadata: { ...object.metadata, creationTimestamp } };
    }
    default:
      return object;
  }
}

/** Counts that are told even when they are 0. */
const KEPT_COUNTS = {
  Deployment: [],
  ReplicaSet: ["replicas"],
  DaemonSet: [
    "currentNumberScheduled",
    "desiredNumberScheduled",
    "numberMisscheduled",
    "numberReady",
  ],
} as const;

/** Go leaves most counts out of an answer when they are 0. */
function withoutZeros(status: object | undefined, kept: readonly string[]) {
  const entries = Object.entries(status ?? {});
  return Object.fromEntries(entries.filter(([name, value]) => value !== 0 || kept.includes(name)));
}

/** Empty annotations, the namespace of what has none, and the version of what was never stored are not in an answer. */
function withMeta(object: KubeObject): KubeObject {
  const { annotations, namespace, resourceVersion, ...metadata } = object.metadata;
  const shown = {
    ...metadata,
    ...(resourceVersion !== "" && { resourceVersion }),
    ...(namespace !== "" && { namespace }),
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
  };
  return { ...object, metadata: shown } as KubeObject;
}

const NODE_INFO = {
  architecture: "amd64",
  bootID: "",
  containerRuntimeVersion: "containerd://1.7.24",
  kernelVersion: KERNEL_VERSION,
  kubeProxyVersion: SERVER_VERSION,
  kubeletVersion: SERVER_VERSION,
  machineID: "",
  operatingSystem: "linux",
  osImage: OS_NAME,
  systemUUID: "",
};

/** Simplified: every machine is as large as this; the scheduler heeds only the number of pods. */
const CAPACITY = { cpu: "2", "ephemeral-storage": "20959212Ki", memory: "3930984Ki", pods: "110" };

function presentNode(node: Node): Node {
  const { nodeInfo = NODE_INFO, capacity = CAPACITY, allocatable = CAPACITY } = node.status;
  const conditions = presentConditions(node.status.conditions ?? []);
  return { ...node, status: { ...node.status, conditions, nodeInfo, capacity, allocatable } };
}

type NodeCondition = NonNullable<Node["status"]["conditions"]>[number];

/** What a kubelet tells beside Ready. Source: kubernetes pkg/kubelet/nodestatus/setters.go. */
const PRESSURES = [
  ["MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
] as const;

/** Simplified: nothing on a machine runs short, and a condition's last heartbeat is its last change. */
function presentConditions(given: readonly NodeCondition[]): readonly NodeCondition[] {
  const ready = given.find(({ type }) => type === "Ready");
  if (!ready) return given;
  const missing = PRESSURES.filter(([name]) => given.every(({ type }) => type !== name));
  const others = missing.map(([type, reason, message]) =>
    ready.status === "Unknown"
      ? { ...ready, type }
      : { ...ready, type, status: "False" as const, reason, message },
  );
  return [...others, ...given].map((one) => ({
    lastHeartbeatTime: one.lastTransitionTime,
    ...one,
  }));
}

/** Source: kubernetes plugin/pkg/admission/defaulttolerationseconds. */
const DEFAULT_TOLERATIONS: readonly Toleration[] = ["not-ready", "unreachable"].map((what) => ({
  key: `node.kubernetes.io/${what}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

function presentPod(pod: Pod): Pod {
  const own = pod.spec.tolerations ?? [];
  const covers = (wanted: Toleration) =>
    own.some(
      (one) =>
        (one.key === wanted.key || (one.key === undefined && one.operator === "Exists")) &&
        (!one.effect || one.effect === wanted.effect),
    );
  const tolerations = [...own, ...DEFAULT_TOLERATIONS.filter((one) => !covers(one))];
  const { serviceAccountName = "default", priority = 0 } = pod.spec as {
    serviceAccountName?: string;
    priority?: number;
  };
  const spec = { ...pod.spec, serviceAccountName, priority, tolerations };
  return {
    ...pod,
    spec: { ...spec, enableServiceLinks: true, schedulerName: "default-scheduler" },
    status: { ...pod.status, qosClass: qosClass(pod) },
  } as Pod;
}

/** Source: kubernetes pkg/apis/core/v1/helper/qos. */
function qosClass({ spec }: Pod): string {
  const all = spec.containers.map(
    (container) =>
      (container as { resources?: { requests?: object; limits?: object } }).resources ?? {},
  );
  if (all.every(({ requests = {}, limits = {} }) => sameJson({ ...requests, ...limits }, {})))
    return "BestEffort";
  const guaranteed = all.every(
    ({ requests = {}, limits = {} }) =>
      "cpu" in limits && "memory" in limits && sameJson({ ...limits, ...requests }, limits),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
