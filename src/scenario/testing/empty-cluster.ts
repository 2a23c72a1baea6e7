import { execFile, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The kinds that `kubectl` must know to read our manifests. */
const RESOURCES: Readonly<Record<string, readonly (readonly [plural: string, kind: string])[]>> = {
  "/api/v1": [
    ["namespaces", "Namespace"],
    ["pods", "Pod"],
    ["services", "Service"],
    ["endpoints", "Endpoints"],
  ],
  "/apis/apps/v1": [
    ["deployments", "Deployment"],
    ["daemonsets", "DaemonSet"],
    ["replicasets", "ReplicaSet"],
  ],
  "/apis/discovery.k8s.io/v1": [["endpointslices", "EndpointSlice"]],
};

export function hasKubectl(): boolean {
  return spawnSync("kubectl", ["version", "--client"]).status === 0;
}

/** Just enough of an API server for `kubectl apply --dry-run=client`: it knows the kinds, and has no object. */
export async function startEmptyCluster() {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const body = answerTo(path);
    response.writeHead(body ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? notFound()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  function kubectl(args: readonly string[], manifests: string): Promise<{ stdout: string }> {
    const all = [...args, "--server", `http://127.0.0.1:${port}`, "--cache-dir", "", "-f", "-"];
    return new Promise((resolve, reject) => {
      const child = execFile("kubectl", all, (error, stdout, stderr) =>
        error ? reject(new Error(stderr)) : resolve({ stdout }),
      );
      child.stdin?.end(manifests);
    });
  }
  return { kubectl, close: () => server.close() };
}

function answerTo(path: string): object | undefined {
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: groups() };
  const resources = RESOURCES[path];
  return (
    resources && {
      kind: "APIResourceList",
      apiVersion: "v1",
      groupVersion: path.replace(/^\/apis?\//, ""),
      resources: resources.map(([name, kind]) => ({
        name,
        singularName: "",
        namespaced: kind !== "Namespace",
        kind,
        verbs: ["create", "get", "patch"],
      })),
    }
  );
}

function groups(): readonly object[] {
  return Object.keys(RESOURCES)
    .filter((path) => path.startsWith("/apis/"))
    .map((path) => {
      const groupVersion = path.slice("/apis/".length);
      const version = { groupVersion, version: "v1" };
      const name = groupVersion.slice(0, -"/v1".length);
      return { name, versions: [version], preferredVersion: version };
    });
}

function notFound(): object {
  return { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
}
