import { SERVER_VERSION } from "../../src/shell/kubectl/present";
import { RESOURCE_TYPES } from "../../src/shell/kubectl/resources";

const SCALED = ["deployments", "replicasets", "statefulsets", "replicationcontrollers"];

/** What kubectl asks before anything else: which kinds there are. */
export function discovery(path: string): unknown {
  const groups = [...new Set(RESOURCE_TYPES.map(({ group }) => group))].filter(
    (group) => group !== "",
  );
  if (path === "/version")
    return { major: "1", minor: "32", gitVersion: SERVER_VERSION, platform: "linux/amd64" };
  if (path === "/api")
    return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (path === "/apis")
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: groups.map((name) => {
        const version = RESOURCE_TYPES.find(({ group }) => group === name)?.version;
        const preferred = { groupVersion: `${name}/${version}`, version };
        return { name, versions: [preferred], preferredVersion: preferred };
      }),
    };
  const match = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  if (!match) return undefined;
  const types = RESOURCE_TYPES.filter(
    ({ group, version }) => group === (match[1] ?? "") && version === match[2],
  );
  if (types.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    groupVersion: match[1] === undefined ? match[2] : `${match[1]}/${match[2]}`,
    resources: types.flatMap((type) => [
      {
        name: type.plural,
        singularName: type.singular,
        shortNames: type.short,
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        ...(type.all && { categories: ["all"] }),
      },
      ...(SCALED.includes(type.plural)
        ? [
            {
              name: `${type.plural}/scale`,
              singularName: "",
              namespaced: true,
              group: "autoscaling",
              version: "v1",
              kind: "Scale",
              verbs: ["get", "patch", "update"],
            },
          ]
        : []),
      ...(type.plural === "pods"
        ? [
            {
              name: "pods/eviction",
              singularName: "",
              namespaced: true,
              group: "policy",
              version: "v1",
              kind: "Eviction",
              verbs: ["create"],
            },
          ]
        : []),
    ]),
  };
}
