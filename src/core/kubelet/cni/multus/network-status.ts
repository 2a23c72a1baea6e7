import type { Pod } from "../../../api/types";
import { formatIpv4 } from "../../../net/ipv4";
import { podMac } from "../routed-pod";
import type { SandboxRecord } from "../sandbox-record";
import { furtherMac } from "./attach-further";

const ANNOTATION = "k8s.v1.cni.cncf.io/network-status";

/** The pod with what Multus writes about its interfaces. */
export function withNetworkStatus(pod: Pod, record: SandboxRecord, podNetwork: string): Pod {
  const status = [
    { ...entry(podNetwork, "eth0", record.ip, podMac(record.pod)), default: true, dns: {} },
    ...record.further.map(({ network, name, ip }) => ({
      ...entry(network.definition, name, ip, furtherMac(record.pod, name)),
      dns: {},
    })),
  ];
  // Source: network-attachment-definition-client, pkg/utils, SetNetworkStatus.
  const text = `[${status.map((one) => JSON.stringify(one, null, 4)).join(",")}]`;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: text };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

function entry(name: string, device: string, ip: number | undefined, mac: string) {
  return { name, interface: device, ips: ip === undefined ? [] : [formatIpv4(ip)], mac };
}

/** What Multus' events say of each interface. */
export function addedInterfaces(
  { ip = 0, prefix, further }: SandboxRecord,
  podNetwork: string,
): readonly string[] {
  return [
    { name: "eth0", address: ip, bits: prefix, from: podNetwork },
    ...further.map(({ name, ip: address, network }) => ({
      name,
      address,
      bits: network.subnet.prefix,
      from: network.definition,
    })),
  ].map(
    ({ name, address, bits, from }) => `Add ${name} [${formatIpv4(address)}/${bits}] from ${from}`,
  );
}
