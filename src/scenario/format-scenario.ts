import type { ClusterConfig, KubeProxyConfig } from "../core/api/cluster-config";
import { compact } from "../core/api/json";
import type { Store } from "../core/api/store";
import { type Kind, type KubeObject, keyOf } from "../core/api/types";
import { SKIP_MIRROR_LABEL } from "../core/controllers/endpoints";
import { formatManifest } from "./format-manifest";
import { SCENARIO_API_VERSION } from "./kinds";
import { lagsSpec } from "./lags";

/** Machines first, as people read a cluster; Events are the past. */
const ORDER: readonly Kind[] = [
  "Host",
  "SecurityGroup",
  "Node",
  "Namespace",
  "NetworkAttachmentDefinition",
  "DaemonSet",
  "Deployment",
  "ReplicaSet",
  "Pod",
  "Service",
  "Ingress",
  "Endpoints",
  "EndpointSlice",
];

/** Every cluster has them. */
export const SYSTEM_NAMESPACES: readonly string[] = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
];

/** The present objects as a scenario file that opens as the same cluster: the same pods at the same addresses. What no
 *  object says is not in it: machines that are switched off, proxies that were stopped, probes made to fail. */
export function formatScenario(config: ClusterConfig, store: Store): string {
  const objects = ORDER.flatMap((kind) =>
    [...store.list(kind)].filter((object) => isKept(object, store)).map(withoutVersion),
  );
  return [scenarioOf(config, addonsLeft(config.addons, store)), ...objects]
    .map(formatManifest)
    .join("---\n");
}

/** What is on its way out stays out, and what controllers make again in no time is left to them. */
function isKept(object: KubeObject, store: Store): boolean {
  const { deletionTimestamp, name } = object.metadata;
  if (deletionTimestamp) return false;
  if (object.kind === "Namespace") return !SYSTEM_NAMESPACES.includes(name);
  return object.kind !== "Endpoints" || isHandMade(object, store);
}

/** Endpoints of a Service with a selector are its controller's, those of the API server its own. */
export function isHandMade({ metadata }: KubeObject, store: Store): boolean {
  if (metadata.labels?.[SKIP_MIRROR_LABEL] === "true" && metadata.name === "kubernetes")
    return false;
  const service = store.find("Service", metadata.namespace, metadata.name);
  return service?.spec.selector === undefined;
}

export function withoutVersion(object: KubeObject): object {
  const { resourceVersion: _, generation: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The document that sets a cluster up. */
export function scenarioOf(config: ClusterConfig, addons: ClusterConfig["addons"]): object {
  const { name, options, kubeProxy, lags, clusterDNS: _, addons: __, ...rest } = config;
  return {
    apiVersion: SCENARIO_API_VERSION,
    kind: "Scenario",
    metadata: { name },
    spec: compact({
      ...rest,
      addons,
      kubeProxy: kubeProxySpec(kubeProxy),
      lags: lagsSpec(lags),
      nodeOptions: options,
    }),
  };
}

/** An addon that was deleted must not come back. */
function addonsLeft(addons: ClusterConfig["addons"], store: Store): ClusterConfig["addons"] {
  const keys = {
    kubernetes: keyOf("Service", "default", "kubernetes"),
    coredns: keyOf("Deployment", "kube-system", "coredns"),
  };
  return addons.filter((addon) => store.findByKey(keys[addon]) !== undefined);
}

function kubeProxySpec({ iptables, ...rest }: KubeProxyConfig): object {
  const { minSyncPeriodUs, ...others } = iptables;
  return { ...rest, iptables: { ...others, minSyncPeriod: `${minSyncPeriodUs / 1_000}ms` } };
}
