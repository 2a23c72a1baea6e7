import type { Pod } from "../../core/api/types";
import type { World } from "../../core/cluster/world";

/** What the kubelet puts into a container's environment for Services that were there before its pod: those of its
 *  namespace, and default/kubernetes. Source: kubernetes pkg/kubelet/envvars. */
export function serviceEnvironment(world: World, pod: Pod): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  const { namespace, creationTimestamp = "" } = pod.metadata;
  const { enableServiceLinks = true } = pod.spec as { readonly enableServiceLinks?: boolean };
  for (const { metadata, spec } of world.store.list("Service")) {
    const isApi = metadata.namespace === "default" && metadata.name === "kubernetes";
    const isOwn = enableServiceLinks && metadata.namespace === namespace;
    const { clusterIP = "None", ports = [] } = spec;
    const [first] = ports;
    if (!(isApi || isOwn) || clusterIP === "None" || clusterIP === "" || !first) continue;
    if ((metadata.creationTimestamp ?? "") > creationTimestamp) continue;
    const prefix = constant(metadata.name);
    env[`${prefix}_SERVICE_HOST`] = clusterIP;
    env[`${prefix}_SERVICE_PORT`] = String(first.port);
    for (const { name, port } of ports)
      if (name) env[`${prefix}_SERVICE_PORT_${constant(name)}`] = String(port);
    ports.forEach(({ port, protocol }, index) => {
      const lower = protocol.toLowerCase();
      const own = `${prefix}_PORT_${port}_${protocol}`;
      if (index === 0) env[`${prefix}_PORT`] = `${lower}://${clusterIP}:${port}`;
      env[own] = `${lower}://${clusterIP}:${port}`;
      env[`${own}_PROTO`] = lower;
      env[`${own}_PORT`] = String(port);
      env[`${own}_ADDR`] = clusterIP;
    });
  }
  return env;
}

function constant(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}
