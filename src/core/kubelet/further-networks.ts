import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import type { NetnsId } from "../dataplane/netns";
import type { Ipv4 } from "../net/ipv4";
import { allocateFrom, EMPTY_IPAM, releaseIp } from "./cni/host-local";
import { furtherInterface } from "./cni/multus/attach-further";
import { type FurtherNetwork, MAX_NAME, readNetwork } from "./cni/multus/further-network";
import { selectionsOf } from "./cni/multus/selections";
import { podRef } from "./cni/pod-ref";
import type { FurtherInterface } from "./cni/sandbox-record";
import type { ControlState } from "./control";

/** A network that a pod asks for, and the interface's name in the pod. */
export interface Wanted {
  readonly network: FurtherNetwork;
  readonly interfaceName: string;
}

export type WantedNetworks =
  | { readonly ok: true; readonly wanted: readonly Wanted[] }
  | { readonly ok: false; readonly error: string; readonly missing?: string };

/** What Multus finds for a pod's annotation before it calls any plugin.
 *  Source: multus-cni, pkg/k8sclient, TryLoadPodDelegates. */
export function wantedNetworks(
  { store, config, plane }: ControlContext,
  pod: Pod,
  node: NetnsId,
): WantedNetworks {
  if (!config.multus) return { ok: true, wanted: [] };
  const asked = selectionsOf(pod);
  if (!asked.ok) return { ok: false, error: loading(pod, asked.error) };
  const wanted: Wanted[] = [];
  const names = new Set(["eth0", "lo"]);
  const devices = plane.find(node)?.interfaces ?? [];
  for (const { namespace, name, interfaceName } of asked.selections) {
    const definition = store.find("NetworkAttachmentDefinition", namespace, name);
    if (!definition) {
      const missing = `cannot find a network-attachment-definition (${name}) in namespace (${namespace}): network-attachment-definitions.k8s.cni.cncf.io "${name}" not found`;
      return {
        ok: false,
        error: loading(pod, delegate(`getKubernetesDelegate: ${missing}`)),
        missing,
      };
    }
    const read = readNetwork(definition);
    if (!read.ok) return { ok: false, error: loading(pod, delegate(read.error)) };
    const { bridge } = read.network;
    const inTheWay = devices.some(
      ({ name: device, kind }) => device === bridge && kind !== "bridge",
    );
    if (inTheWay)
      return {
        ok: false,
        error: adding(pod, name, `"${bridge}" already exists but is not a bridge`),
      };
    if (names.has(interfaceName) || interfaceName.length > MAX_NAME) {
      const error = `failed to make "${interfaceName}": the name is taken or too long`;
      return { ok: false, error: adding(pod, name, error) };
    }
    names.add(interfaceName);
    wanted.push({ network: read.network, interfaceName });
  }
  return { ok: true, wanted };
}

/** Source: multus-cni, pkg/multus, CmdAdd. */
export function adding({ metadata }: Pod, network: string, error: string): string {
  const { namespace, name, uid } = metadata;
  return `[${namespace}/${name}/${uid}:${network}]: error adding container to network "${network}": ${error}`;
}

function delegate(error: string): string {
  return `GetNetworkDelegates: failed getting the delegate: ${error}`;
}

function loading({ metadata }: Pod, error: string): string {
  const { namespace, name, uid } = metadata;
  return `Multus: [${namespace}/${name}/${uid}]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: ${error}`;
}

export type Taken =
  | { readonly ok: true; readonly further: readonly FurtherInterface[] }
  | { readonly ok: false; readonly network: string; readonly message: string };

/** An address in each network, or in none. */
export function takeAddresses(
  { kubelets }: ControlState,
  pod: Pod,
  node: string,
  wanted: readonly Wanted[],
): Taken {
  const further: FurtherInterface[] = [];
  for (const { network, interfaceName } of wanted) {
    const key = ipamKey(node, network);
    const allocation = allocateFrom(kubelets.furtherIpam.get(key) ?? EMPTY_IPAM, network.range);
    if (!allocation.ok) {
      giveBack({ kubelets }, node, further);
      return { ok: false, network: network.name, message: allocation.message };
    }
    kubelets.furtherIpam.set(key, allocation.ipam);
    further.push(furtherInterface(podRef(pod), network, interfaceName, allocation.ip));
  }
  return { ok: true, further };
}

export function giveBack(
  { kubelets }: Pick<ControlState, "kubelets">,
  node: string,
  further: readonly { readonly network: FurtherNetwork; readonly ip: Ipv4 }[],
): void {
  for (const { network, ip } of further) {
    const key = ipamKey(node, network);
    const ipam = kubelets.furtherIpam.get(key);
    if (ipam) kubelets.furtherIpam.set(key, releaseIp(ipam, ip));
  }
}

function ipamKey(node: string, { name }: FurtherNetwork): string {
  return `${node}/${name}`;
}
