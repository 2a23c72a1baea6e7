import type { Pod } from "../../core/api/types";
import { resolvConfOf } from "../../core/cluster/names";
import type { World } from "../../core/cluster/world";
import type { NetnsId } from "../../core/dataplane/netns";
import { readSysctl, sysctlNames } from "../../core/dataplane/sysctl";
import { CLUSTER_DOMAIN } from "../../core/dns/records";
import { formatResolvConf } from "../../core/dns/resolv";
import type { ComputedFiles } from "../files";
import { procConntrack } from "./conntrack-text";
import { kernelFiles } from "./kernel-files";

/** Files of a machine or a container that say how its network is now.
 *  @param resolver whose resolv.conf it has: a pod's own, even in its node's network */
export function networkFiles(
  world: World,
  netns: NetnsId,
  resolver: NetnsId,
  hosts: () => string,
): ComputedFiles {
  const files: Record<string, () => string> = {
    "/etc/hosts": hosts,
    "/etc/resolv.conf": () =>
      isOnInternet(world, resolver)
        ? `nameserver ${LOCAL_RESOLVER}\noptions edns0 trust-ad\n`
        : formatResolvConf(resolvConfOf(world.store, world.config, resolver)),
    "/proc/net/nf_conntrack": () => procConntrack(world, netns),
    ...kernelFiles(world, netns),
  };
  const found = world.plane.find(netns);
  for (const name of found ? sysctlNames(found) : [])
    files[`/proc/sys/${name.replaceAll(".", "/")}`] = () => {
      const now = world.plane.find(netns);
      return `${(now && readSysctl(now, name)) ?? 0}\n`;
    };
  return files;
}

/** systemd-resolved's own address: what it asks is not modelled. */
export const LOCAL_RESOLVER = "127.0.0.53";

function isOnInternet({ store }: World, netns: NetnsId): boolean {
  const [kind, name = ""] = netns.split("/");
  return kind === "host" && store.find("Host", "", name)?.spec.zone === "internet";
}

export function machineHosts(name: string): string {
  return `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n\n::1\tlocalhost ip6-localhost ip6-loopback\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n`;
}

/** As the kubelet writes it. Source: kubelet_pods.go, managedHostsFileContent. */
export function podHosts(pod: Pod, hostname: string, node: string): string {
  if (pod.spec.hostNetwork)
    return `# Kubernetes-managed hosts file (host network).\n${machineHosts(node)}`;
  const { podIP = "" } = pod.status;
  const { subdomain } = pod.spec as { readonly subdomain?: string };
  const names =
    subdomain === undefined
      ? hostname
      : `${hostname}.${subdomain}.${pod.metadata.namespace}.svc.${CLUSTER_DOMAIN}\t${hostname}`;
  return `${KUBELET_HOSTS}${podIP}\t${names}\n`;
}

const KUBELET_HOSTS = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;
