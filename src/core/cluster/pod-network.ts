import {
  type CniFile,
  cniFiles,
  cniPrograms,
  networksOf,
  podAddresses,
} from "../kubelet/cni/calls/cni-files";
import { type SandboxCalls, sandboxCalls } from "../kubelet/cni/calls/sandbox-calls";
import { EMPTY_IPAM } from "../kubelet/cni/host-local";
import { type CniNode, cniNode } from "../kubelet/cni/node";
import type { SandboxRecord } from "../kubelet/cni/sandbox-record";
import type { World } from "./world";

/** A pod's network, and all that was done to make it or to take it away. */
export interface PodSandbox extends SandboxCalls {
  readonly record: SandboxRecord;
}

/** Of a pod that is there; undefined before its sandbox was tried, and with hostNetwork. */
export function podSandbox(world: World, namespace: string, name: string): PodSandbox | undefined {
  const record = world.kubelets.sandboxes.get(`${namespace}/${name}`);
  const node = record && nodeOf(world, record.node);
  return record && node ? tell(world, record, node) : undefined;
}

/** Of the pod that had this name last, as long as its node remembers it. */
export function goneSandbox(world: World, namespace: string, name: string): PodSandbox | undefined {
  let latest: SandboxRecord | undefined;
  for (const records of world.kubelets.removedSandboxes.values())
    for (const record of records) {
      const isIt = record.pod.namespace === namespace && record.pod.name === name;
      if (isIt && (record.removedAtUs ?? 0) >= (latest?.removedAtUs ?? 0)) latest = record;
    }
  const node = latest && nodeOf(world, latest.node);
  return latest && node ? tell(world, latest, node) : undefined;
}

/** What a node's pod network is made of. */
export interface NodePodNetwork {
  readonly files: readonly CniFile[];
  /** /opt/cni/bin */
  readonly programs: readonly string[];
  /** Addresses of its pod CIDR, or of its cards. */
  readonly addresses: { readonly taken: number; readonly total: number };
  /** Of pods that are there, by name; then of those that are gone, the latest first. */
  readonly sandboxes: readonly SandboxRecord[];
}

export function nodePodNetwork(world: World, name: string): NodePodNetwork | undefined {
  const node = nodeOf(world, name);
  if (!node) return undefined;
  const { config, kubelets } = world;
  const present = [...kubelets.sandboxes.values()].filter((one) => one.node === name);
  const ipam = kubelets.ipam.get(name) ?? EMPTY_IPAM;
  const ipams = new Map(networksOf(config, ipam));
  for (const [key, further] of kubelets.furtherIpam.entries())
    if (key.startsWith(`${name}/`)) ipams.set(key.slice(name.length + 1), further);
  const cards = (ipam.enis ?? []).reduce((sum, { addresses }) => sum + addresses.length - 1, 0);
  return {
    files: cniFiles(config, node, ipams, present),
    programs: cniPrograms(config),
    addresses: {
      taken: ipam.used.size,
      total: config.cni === "aws-vpc" ? cards : podAddresses(node),
    },
    sandboxes: [
      ...present.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
      ...[...(kubelets.removedSandboxes.get(name) ?? [])].reverse(),
    ],
  };
}

/** Every run of a plugin for one of a node's pods, there or gone. */
export function sandboxOf(world: World, node: string, id: string): PodSandbox | undefined {
  const machine = nodeOf(world, node);
  const { sandboxes, removedSandboxes } = world.kubelets;
  const record = [...sandboxes.values(), ...(removedSandboxes.get(node) ?? [])].find(
    (one) => one.node === node && one.id === id,
  );
  return machine && record ? tell(world, record, machine) : undefined;
}

function tell({ config, kubelets }: World, record: SandboxRecord, node: CniNode): PodSandbox {
  const cards = kubelets.ipam.get(node.name)?.enis ?? [];
  return { record, ...sandboxCalls({ config, node, record, cards }) };
}

function nodeOf({ store }: World, name: string): CniNode | undefined {
  const node = store.find("Node", "", name);
  return node && cniNode(node);
}

function nameOf({ pod }: SandboxRecord): string {
  return `${pod.namespace}/${pod.name}`;
}
