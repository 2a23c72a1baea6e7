import { resourceOf } from "../../core/api/resources";
import { KINDS, type Kind } from "../../core/api/types";

/** A resource type as kubectl knows it from discovery. */
export interface ResourceType {
  readonly plural: string;
  readonly singular: string;
  readonly short: readonly string[];
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  readonly kind: string;
  /** Part of `kubectl get all`. */
  readonly all: boolean;
  /** Absent where it is not modelled: a real cluster has it, and here there are none. */
  readonly modelled?: Kind;
}

const MODELLED_NAMES: Readonly<Record<string, { short?: string; all?: boolean }>> = {
  Deployment: { short: "deploy", all: true },
  DaemonSet: { short: "ds", all: true },
  Endpoints: { short: "ep" },
  Event: { short: "ev" },
  Ingress: { short: "ing" },
  Namespace: { short: "ns" },
  NetworkAttachmentDefinition: { short: "net-attach-def" },
  Node: { short: "no" },
  Pod: { short: "po", all: true },
  ReplicaSet: { short: "rs", all: true },
  Service: { short: "svc", all: true },
};

/** What every cluster serves beside: plural, short names, group/version, kind; a star for what is cluster-scoped. */
const OTHERS = `
configmaps cm v1 ConfigMap
limitranges limits v1 LimitRange
persistentvolumeclaims pvc v1 PersistentVolumeClaim
*persistentvolumes pv v1 PersistentVolume
replicationcontrollers rc v1 ReplicationController
resourcequotas quota v1 ResourceQuota
secrets - v1 Secret
serviceaccounts sa v1 ServiceAccount
*mutatingwebhookconfigurations - admissionregistration.k8s.io/v1 MutatingWebhookConfiguration
*validatingwebhookconfigurations - admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration
*customresourcedefinitions crd,crds apiextensions.k8s.io/v1 CustomResourceDefinition
controllerrevisions - apps/v1 ControllerRevision
statefulsets sts apps/v1 StatefulSet
horizontalpodautoscalers hpa autoscaling/v2 HorizontalPodAutoscaler
cronjobs cj batch/v1 CronJob
jobs - batch/v1 Job
leases - coordination.k8s.io/v1 Lease
*ingressclasses - networking.k8s.io/v1 IngressClass
networkpolicies netpol networking.k8s.io/v1 NetworkPolicy
poddisruptionbudgets pdb policy/v1 PodDisruptionBudget
*clusterrolebindings - rbac.authorization.k8s.io/v1 ClusterRoleBinding
*clusterroles - rbac.authorization.k8s.io/v1 ClusterRole
rolebindings - rbac.authorization.k8s.io/v1 RoleBinding
roles - rbac.authorization.k8s.io/v1 Role
*priorityclasses pc scheduling.k8s.io/v1 PriorityClass
*storageclasses sc storage.k8s.io/v1 StorageClass
`;

const IN_ALL = [
  "replicationcontrollers",
  "statefulsets",
  "horizontalpodautoscalers",
  "cronjobs",
  "jobs",
];

function modelled(kind: Kind): ResourceType {
  const { plural, namespaced, apiVersion, group } = resourceOf(kind);
  const { short, all = false } = MODELLED_NAMES[kind] ?? {};
  return {
    plural,
    singular: kind.toLowerCase(),
    short: short === undefined ? [] : [short],
    group,
    version: apiVersion.slice(apiVersion.indexOf("/") + 1),
    namespaced,
    kind,
    all,
    modelled: kind,
  };
}

function other(line: string): ResourceType {
  const [first = "", short = "", apiVersion = "", kind = ""] = line.split(" ");
  const plural = first.replace("*", "");
  const slash = apiVersion.indexOf("/");
  return {
    plural,
    singular: kind.toLowerCase(),
    short: short === "-" ? [] : short.split(","),
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    namespaced: !first.startsWith("*"),
    kind,
    all: IN_ALL.includes(plural),
  };
}

/** Groups in the order in which a server's discovery lists them. */
const GROUP_ORDER = [
  "",
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
];

const groupRank = (group: string) => {
  const rank = GROUP_ORDER.indexOf(group);
  return rank < 0 ? GROUP_ORDER.length : rank;
};

export const RESOURCE_TYPES: readonly ResourceType[] = (() => {
  const known = KINDS.map(modelled);
  const kinds = new Set(known.map(({ kind }) => kind));
  const others = OTHERS.trim().split("\n").map(other);
  return [...known, ...others.filter(({ kind }) => !kinds.has(kind))].sort(
    (a, b) => groupRank(a.group) - groupRank(b.group) || (a.plural < b.plural ? -1 : 1),
  );
})();

/** `pods`, `po`, `pod`, `deployments.apps`, `deploy.v1.apps`; letter case says nothing. */
export function findResourceType(given: string): ResourceType | undefined {
  const [name = "", ...qualifiers] = given.toLowerCase().split(".");
  const qualified = qualifiers.join(".");
  const candidates = RESOURCE_TYPES.filter(
    ({ plural, singular, short }) => plural === name || singular === name || short.includes(name),
  );
  if (qualified === "") return candidates[0];
  return candidates.find(({ group, version }) => {
    return group === qualified || `${version}.${group}` === qualified;
  });
}

export function typeOfKind(kind: Kind): ResourceType {
  const found = RESOURCE_TYPES.find((type) => type.modelled === kind);
  if (!found) throw new Error(`no resource type for ${kind}`);
  return found;
}

/** `deployments.apps` */
export function groupResource({ plural, group }: ResourceType): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** `deployment.apps`, as before a slash and a name. */
export function groupSingular({ singular, group }: ResourceType): string {
  return group === "" ? singular : `${singular}.${group}`;
}

export function apiVersionOf({ group, version }: ResourceType): string {
  return group === "" ? version : `${group}/${version}`;
}
