import type { ClusterConfig } from "../core/api/cluster-config";
import type { Store } from "../core/api/store";
import type { KubeObject, Node } from "../core/api/types";
import { formatManifest } from "./format-manifest";
import { formatManifests, type LastApplied } from "./format-manifests";
import { scenarioOf, withoutVersion } from "./format-scenario";

/** What of a scenario's spec can be chosen for a cluster that is there. */
export interface ScenarioSettings
  extends Pick<
    ClusterConfig,
    | "title"
    | "seed"
    | "clusterCIDR"
    | "serviceCIDR"
    | "cni"
    | "multus"
    | "podRoutes"
    | "cloud"
    | "addons"
  > {
  /** "" for none. */
  readonly natGateway: string;
  readonly masqueradeAll: boolean;
  readonly localhostNodePorts: boolean;
}

export function settingsOf({
  natGateway = "",
  kubeProxy: { iptables },
  ...config
}: ClusterConfig): ScenarioSettings {
  const { title, seed, clusterCIDR, serviceCIDR, cni, multus, podRoutes, cloud, addons } = config;
  const { masqueradeAll, localhostNodePorts } = iptables;
  return {
    ...{ title, seed, clusterCIDR, serviceCIDR, cni, multus, podRoutes, cloud, addons },
    ...{ natGateway, masqueradeAll, localhostNodePorts },
  };
}

/** The machines and the user's objects in a cluster that is set up otherwise: pods start anew, and get their addresses
 *  from it. Whether the settings are right is found out by whoever reads the file. */
export function rebuildScenario(
  config: ClusterConfig,
  store: Store,
  lastApplied: LastApplied,
  settings: ScenarioSettings,
): string {
  const { masqueradeAll, localhostNodePorts, natGateway, ...chosen } = settings;
  const { natGateway: _, ...kept } = config;
  const { iptables } = config.kubeProxy;
  const changed: ClusterConfig = {
    ...kept,
    ...chosen,
    ...(natGateway !== "" && { natGateway }),
    kubeProxy: {
      ...config.kubeProxy,
      iptables: { ...iptables, masqueradeAll, localhostNodePorts },
    },
    options: { ...config.options, sourceDestCheck: checksAddresses(config, settings) },
  };
  const keepsRange = settings.clusterCIDR === config.clusterCIDR;
  const machines = MACHINES.flatMap((kind) =>
    [...store.list(kind)].filter((object) => !isAddons(object)).map(withoutVersion),
  );
  const nodes = [...store.list("Node")].map((node) => nodeOf(node, keepsRange));
  const text = [scenarioOf(changed, settings.addons), ...machines, ...nodes]
    .map(formatManifest)
    .join("---\n");
  const objects = formatManifests(store, lastApplied);
  return objects === "" ? text : `${text}---\n${objects}`;
}

const MACHINES = ["Host", "SecurityGroup"] as const;

/** The cloud's check goes with the pod network: another one has its own default. */
function checksAddresses({ cni, options }: ClusterConfig, settings: ScenarioSettings): boolean {
  if (settings.cni === cni) return options.sourceDestCheck;
  return settings.cni === "vxlan" || settings.cni === "aws-vpc";
}

/** Machines that addons bring along come with them again. */
function isAddons({ kind, metadata }: KubeObject): boolean {
  return kind === "Host" && ["apiserver", "resolver"].includes(metadata.name);
}

/** Its name, labels, addresses and what keeps pods away; the rest the cluster finds out again. */
function nodeOf({ apiVersion, kind, metadata, spec, status }: Node, keepsRange: boolean): object {
  const { podCIDR, podCIDRs, ...own } = spec;
  const { name, labels } = metadata;
  return {
    ...{ apiVersion, kind },
    metadata: { name, ...(labels && { labels }) },
    spec: { ...own, ...(keepsRange && podCIDR && { podCIDR, podCIDRs }) },
    status: { addresses: status.addresses },
  };
}
