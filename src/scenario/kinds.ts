import { findResource } from "../core/api/resources";

export const SCENARIO_API_VERSION = "kubehop.dev/v1alpha1";

export type Classified = "scenario" | "object" | "ignored" | "unknown";

/** Kinds of groups that we know whole: what is not among them does not exist. */
const IGNORED: Readonly<Record<string, readonly string[]>> = {
  v1: [
    "ConfigMap",
    "Event",
    "LimitRange",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Secret",
    "ServiceAccount",
  ],
  "apps/v1": ["ControllerRevision", "StatefulSet"],
  "batch/v1": ["CronJob", "Job"],
  "discovery.k8s.io/v1": [],
  [SCENARIO_API_VERSION]: [],
};

/** They would make pods; here they make none. */
const NOT_MODELLED = ["StatefulSet", "Job", "CronJob", "ReplicationController"];

/** Custom resources and groups without meaning for the network are ignored; a kind that a known group does not have
 *  is a mistake, as is an old version of a kind that we model. */
export function classify(apiVersion: string, kind: string): Classified {
  if (apiVersion === SCENARIO_API_VERSION && kind === "Scenario") return "scenario";
  const known = Object.hasOwn(IGNORED, apiVersion) ? IGNORED[apiVersion] : undefined;
  if (known?.includes(kind)) return "ignored";
  if (findResource(apiVersion, kind)) return "object";
  return known || OLD_VERSIONS.includes(`${apiVersion} ${kind}`) ? "unknown" : "ignored";
}

/** Gone from Kubernetes 1.32. */
const OLD_VERSIONS = [
  "extensions/v1beta1 Deployment",
  "extensions/v1beta1 DaemonSet",
  "extensions/v1beta1 ReplicaSet",
  "apps/v1beta1 Deployment",
  "apps/v1beta2 Deployment",
  "apps/v1beta2 DaemonSet",
  "apps/v1beta2 ReplicaSet",
  "discovery.k8s.io/v1beta1 EndpointSlice",
];

export function noteOf(kind: string): string {
  return NOT_MODELLED.includes(kind) ? " (not modelled)" : "";
}
