import type { Pod } from "../core/api/types";
import type { World } from "../core/cluster/world";
import type { Netns, NetworkInterface } from "../core/dataplane/netns";
import { formatIpv4 } from "../core/net/ipv4";
import type { NodeDeviceView, PodRuntimeView } from "./pod-network-protocol";
import type { MirrorRecord } from "./protocol";

type PodRuntimeRecord = Extract<MirrorRecord, { type: "podRuntime" }>;

/** By the namespace that a record was made of: as long as that is the same one, so is the record. */
const known = new WeakMap<Netns, Map<string, PodRuntimeRecord>>();

export function podRuntimeRecord(world: World, pod: Pod): PodRuntimeRecord | undefined {
  const { namespace, name } = pod.metadata;
  const runtime = world.kubelets.pods.get(`${namespace}/${name}`);
  if (!runtime) return undefined;
  const owner = `pod/${namespace}/${name}`;
  const id = `podRuntime/${namespace}/${name}`;
  const netns = world.plane.find(pod.spec.hostNetwork ? `node/${runtime.node}` : owner);
  const { stage } = runtime;
  if (!netns) return { id, type: "podRuntime", value: { stage, interfaces: [], listens: [] } };
  const records = known.get(netns) ?? new Map<string, PodRuntimeRecord>();
  known.set(netns, records);
  let record = records.get(id);
  if (record?.value.stage !== stage) {
    record = { id, type: "podRuntime", value: { stage, ...socketsOf(world, netns, owner) } };
    records.set(id, record);
  }
  return record;
}

function socketsOf(world: World, netns: Netns, owner: string): Omit<PodRuntimeView, "stage"> {
  const interfaces = netns.id === owner ? netns.interfaces.filter(isCable) : [];
  return {
    interfaces: interfaces.map(({ name, addresses, peer }) => {
      const host = peer && world.plane.find(peer.netns);
      const bridge = host?.interfaces.find((one) => one.name === peer?.name)?.master;
      const ip = addresses.map((one) => formatIpv4(one.ip)).join(", ");
      return { name, ip, ...(bridge && { bridge }) };
    }),
    listens: netns.listeners
      .filter((one) => one.owner === owner)
      .map(({ process = "", protocol, port, ip }) => ({
        ...{ container: process, protocol, port },
        ...(ip !== undefined && { ip: formatIpv4(ip) }),
      })),
  };
}

function isCable({ kind }: NetworkInterface): boolean {
  return kind === "veth";
}

/** A node's devices, pods' cables and lo aside. */
export function nodeDevices(netns: Netns | undefined): readonly NodeDeviceView[] {
  return (netns?.interfaces ?? []).flatMap(({ name, kind, addresses }) =>
    kind === "ethernet" || kind === "bridge" || kind === "vxlan"
      ? { name, kind, ips: addresses.map(({ ip }) => formatIpv4(ip)) }
      : [],
  );
}
