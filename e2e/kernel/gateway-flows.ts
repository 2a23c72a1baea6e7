import type { Topology } from "../../src/core/cluster/topology";
import type { Flow } from "./flows";

const NO_HOST = "nobody.example.net";

/** For each gateway's pod, asked by its address and by what leads to it (`fronts`): every host and path that has a route,
 *  and one that has none. */
export function gatewayFlows(
  { gateways, pods }: Topology,
  fronts: (pod: string) => readonly Flow["to"][],
): readonly Flow[] {
  return gateways.flatMap(({ pod, ports, routes }) => {
    const ip = pods.find(({ namespace, name }) => `pod/${namespace}/${name}` === pod)?.ip ?? "";
    const own = ports.slice(0, 1).map((port) => ({ ip, port, protocol: "tcp" as const }));
    const asked = [
      ...routes.map(({ host, path }) => ({ host: hostFor(host), path })),
      ...routes.map(({ host, path }) => ({ host: hostFor(host), path: `${path}x` })),
      { host: NO_HOST, path: "/" },
    ];
    return sourcesOf(pods, pod).flatMap((from) =>
      [...own, ...fronts(pod)].flatMap((to) =>
        asked.map((http) => ({
          id: `${from} > ${to.ip}:${to.port} ${http.host}${http.path}`,
          from,
          to,
          http,
        })),
      ),
    );
  });
}

function sourcesOf(pods: Topology["pods"], gateway: string): readonly string[] {
  const others = pods
    .filter(({ hostNetwork }) => !hostNetwork)
    .map(({ namespace, name }) => `pod/${namespace}/${name}`)
    .filter((pod) => pod !== gateway && !pod.startsWith("pod/kube-system/"));
  return [...others.slice(0, 2), "node/node-1", "host/user"];
}

/** A host that a rule's is for. */
function hostFor(host: string): string {
  return host === "" ? NO_HOST : host.replace(/^\*/, "some");
}
