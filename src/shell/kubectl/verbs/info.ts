import type { Service } from "../../../core/api/types";
import { failure } from "../failure";
import { alignColumns } from "../output/columns";
import { formatJson, formatYaml } from "../output/yaml";
import { SERVER_VERSION } from "../present";
import { apiVersionOf, RESOURCE_TYPES } from "../resources";
import type { Kubectl, Verb } from "../verb";

/** Where the laptop reaches the API server. Its certificate and user are not modelled. */
function serverUrl({ api }: Kubectl): string {
  const { store } = api.cluster.world;
  const slice = store.find("EndpointSlice", "default", "kubernetes");
  const ip = slice?.endpoints[0]?.addresses[0];
  const port = slice?.ports[0]?.port ?? 6443;
  return ip === undefined ? "https://kubehop:6443" : `https://${ip}:${port}`;
}

export const version: Verb = {
  name: "version",
  flags: { client: {}, output: { short: "o", value: true }, short: {} },
  run: async (kubectl) => {
    const { flags } = kubectl;
    const info = { gitVersion: SERVER_VERSION, major: "1", minor: "32", platform: "linux/amd64" };
    const all = {
      clientVersion: info,
      kustomizeVersion: "v5.5.0",
      ...(!flags.on("client") && { serverVersion: info }),
    };
    switch (flags.text("output")) {
      case "yaml":
        await kubectl.write(formatYaml(all));
        return 0;
      case "json":
        await kubectl.print(formatJson(all, 2));
        return 0;
      case undefined:
        break;
      default:
        throw failure("--output must be 'yaml' or 'json'");
    }
    await kubectl.print(`Client Version: ${SERVER_VERSION}`);
    await kubectl.print("Kustomize Version: v5.5.0");
    if (!flags.on("client")) await kubectl.print(`Server Version: ${SERVER_VERSION}`);
    return 0;
  },
};

export const clusterInfo: Verb = {
  name: "cluster-info",
  flags: {},
  run: async (kubectl) => {
    if (kubectl.args[0] === "dump") {
      await kubectl.hint("cluster-info dump is not modelled here: kubectl get all -A -o json");
      return 1;
    }
    const url = serverUrl(kubectl);
    await kubectl.print(`Kubernetes control plane is running at ${url}`);
    const dns = kubectl.api.cluster.world.store.find("Service", "kube-system", "kube-dns");
    if (isClusterService(dns))
      await kubectl.print(
        `CoreDNS is running at ${url}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy`,
      );
    await kubectl.print(
      "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
    );
    return 0;
  },
};

function isClusterService(service: Service | undefined): boolean {
  return service?.metadata.labels?.["kubernetes.io/cluster-service"] === "true";
}

/** What every resource here can be asked. */
const VERBS_OF_ALL = "create,delete,deletecollection,get,list,patch,update,watch";

export const apiResources: Verb = {
  name: "api-resources",
  flags: {
    "api-group": { value: true },
    namespaced: { value: "optional", bare: "true" },
    "no-headers": {},
    output: { short: "o", value: true },
    verbs: { value: true },
    "sort-by": { value: true },
    cached: {},
    categories: { value: true },
  },
  run: async (kubectl) => {
    const { flags } = kubectl;
    const group = flags.text("api-group");
    const types = RESOURCE_TYPES.filter((type) => group === undefined || type.group === group)
      .filter((type) => !flags.has("namespaced") || type.namespaced === flags.on("namespaced"))
      .filter(
        (type) => !flags.has("categories") || (flags.text("categories") === "all" && type.all),
      );
    const by = flags.text("sort-by");
    if (by !== undefined && by !== "name" && by !== "kind")
      throw failure("--sort-by accepts only name or kind");
    const sorted = [...types].sort((a, b) => {
      if (by === "kind") return compare(a.kind, b.kind);
      return (by === undefined ? compare(a.group, b.group) : 0) || compare(a.plural, b.plural);
    });
    if (flags.text("output") === "name") {
      for (const { plural, group: home } of sorted)
        await kubectl.print(home === "" ? plural : `${plural}.${home}`);
      return 0;
    }
    const wide = flags.text("output") === "wide";
    const rows = sorted.map((type) => [
      type.plural,
      type.short.join(","),
      apiVersionOf(type),
      String(type.namespaced),
      type.kind,
      ...(wide ? [VERBS_OF_ALL, type.all ? "all" : ""] : []),
    ]);
    const header = [
      ...["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"],
      ...(wide ? ["VERBS", "CATEGORIES"] : []),
    ];
    await kubectl.write(alignColumns(flags.on("no-headers") ? rows : [header, ...rows]));
    const unmodelled = sorted.filter(({ modelled }) => !modelled).length;
    await kubectl.hint(
      `${sorted.length - unmodelled} of these are modelled, the others are always empty`,
    );
    return 0;
  },
};

export const apiVersions: Verb = {
  name: "api-versions",
  flags: {},
  run: async (kubectl) => {
    const versions = new Set(RESOURCE_TYPES.map(apiVersionOf));
    for (const one of [...versions].sort()) await kubectl.print(one);
    return 0;
  },
};

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const top = (what: string): Verb => ({
  name: `top ${what}`,
  flags: {
    selector: { short: "l", value: true },
    "all-namespaces": { short: "A" },
    containers: {},
    "no-headers": {},
    "sort-by": { value: true },
  },
  run: async () => {
    throw failure("Metrics API not available");
  },
});

export const INFO_VERBS: readonly Verb[] = [
  version,
  clusterInfo,
  apiResources,
  apiVersions,
  ...["pod", "pods", "po", "node", "nodes", "no"].map(top),
];
