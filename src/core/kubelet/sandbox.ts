import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { hostPortsOf } from "../controllers/host-ports";
import { findAll, shortKey } from "../controllers/objects";
import { isTerminating } from "../controllers/pod-facts";
import { LOOPBACK } from "../dataplane/loopback";
import { HOST_SYSCTLS, type Netns } from "../dataplane/netns";
import type { Ipv4 } from "../net/ipv4";
import { confNameOf, pluginTypeOf } from "./cni/conf-names";
import { EMPTY_IPAM } from "./cni/host-local";
import { addHostPorts, type PortMapping, removeHostPorts } from "./cni/host-ports";
import { attachFurther, detachFurther } from "./cni/multus/attach-further";
import { addedInterfaces, withNetworkStatus } from "./cni/multus/network-status";
import { type CniNode, cniNode } from "./cni/node";
import { pluginOf } from "./cni/plugins";
import { netnsOfPod, podRef } from "./cni/pod-ref";
import type { FurtherInterface, SandboxRecord } from "./cni/sandbox-record";
import type { ControlState } from "./control";
import { adding, giveBack, takeAddresses as takeFurther, wantedNetworks } from "./further-networks";
import { readSwitch } from "./node-settings";
import { releaseAddress, takeAddress } from "./pod-address";
import { writePodChains } from "./pod-chains";
import { continuePod } from "./pod-steps";
import { newRecord, note, noteRemoval } from "./sandbox-notes";
import type { PodRuntime } from "./state";

/** A network namespace with lo, before any plugin of the pod network. */
export function makeSandbox(ctx: ControlContext, pod: Pod, machine: string): void {
  const id = netnsOfPod(pod.metadata);
  const empty = { interfaces: [LOOPBACK], routes: [], listeners: [], sysctls: HOST_SYSCTLS };
  ctx.plane.put({ id, machine, label: pod.metadata.name, ...empty, up: true });
}

/** What the runtime gets from the plugins. */
export type PlugInResult =
  | { readonly ok: true; readonly ip: Ipv4 }
  /** What the kubelet says of it. */
  | { readonly ok: false; readonly message: string };

/** The runtime's part of RunPodSandbox: a network namespace, and ADD of every plugin in turn. */
export function plugIn(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  runtime: PodRuntime,
): PlugInResult {
  const object = ctx.store.find("Node", "", runtime.node);
  const node = object && cniNode(object);
  const record = newRecord(ctx, pod, runtime.node);
  const addresses = node
    ? takeAddresses(ctx, state, pod, node, runtime)
    : { ok: false as const, message: "no pod CIDR is assigned to this node" };
  if (!addresses.ok || !node) {
    const error = addresses.ok ? "" : addresses.message;
    // It is taken down again, with all that was begun.
    ctx.plane.remove(netnsOfPod(pod.metadata));
    note(state, pod, { ...record, error });
    return { ok: false, message: refusal(ctx, record, error) };
  }
  const { ip, further } = addresses;
  const plugin = pluginOf(ctx.config);
  const ref = podRef(pod);
  const hairpin = readSwitch(ctx, state, node.name, "hairpin_mode");
  const ipam = state.kubelets.ipam.get(node.name) ?? EMPTY_IPAM;
  const attachment = { pod: ref, node, ip, hairpin, ipam };
  let attached = plugin.attach(ctx.plane.get(node.id), attachment, ctx.config);
  const end = attached.pod.interfaces.find(({ name }) => name === "eth0");
  for (const one of further) attached = attachFurther(attached, ref, one, hairpin);
  const made: SandboxRecord = {
    ...record,
    ip,
    prefix: end?.addresses[0]?.prefix ?? 32,
    hostDevice: end?.peer?.name ?? "",
    hostPorts: hostPortsOf(pod),
    further,
  };
  ctx.plane.put(attached.pod);
  ctx.plane.put(made.hostPorts.length > 0 ? routingLocalnet(attached.host, made) : attached.host);
  if (made.hostPorts.length > 0) {
    const ruleset = addHostPorts(ctx.plane.ruleset(node.id), mappingOf(ctx, made));
    ctx.plane.setRuleset(node.id, ruleset);
  }
  note(state, pod, made);
  writePodChains(ctx, plugin, node.id);
  if (ctx.config.multus) reportInterfaces(ctx, pod, made);
  return { ok: true, ip };
}

type Addresses =
  | { readonly ok: true; readonly ip: Ipv4; readonly further: readonly FurtherInterface[] }
  | { readonly ok: false; readonly message: string };

/** All that the pod needs, or none. */
function takeAddresses(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  node: CniNode,
  runtime: PodRuntime,
): Addresses {
  const networks = wantedNetworks(ctx, pod, node.id);
  if (!networks.ok) {
    const { error, missing } = networks;
    if (missing) ctx.recordEvent(pod, "Warning", "NoNetworkFound", missing, "multus");
    return { ok: false, message: error };
  }
  const taken = takeAddress(ctx, state, node, runtime);
  if (!taken.ok) {
    return { ok: false, message: ofMultus(ctx, pod, confNameOf(ctx.config), taken.message) };
  }
  const more = takeFurther(state, pod, node.name, networks.wanted);
  if (more.ok) return { ok: true, ip: taken.ip, further: more.further };
  if (runtime.ip === undefined) releaseAddress(ctx, state, node.name, taken.ip);
  return { ok: false, message: ofMultus(ctx, pod, more.network, more.message) };
}

/** DEL of every plugin in reverse; succeeds also when things are gone. */
export function unplugPod(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  runtime: PodRuntime,
): void {
  const { kubelets } = state;
  if (pod.spec.hostNetwork) return;
  const plugin = pluginOf(ctx.config);
  const id = `node/${runtime.node}`;
  ctx.plane.remove(netnsOfPod(pod.metadata));
  const host = ctx.plane.find(id);
  const record = kubelets.sandboxes.get(shortKey(pod));
  if (host) {
    let left = plugin.detach(host, podRef(pod));
    for (const one of record?.further ?? []) left = detachFurther(left, one);
    ctx.plane.put(left);
    if (record && record.hostPorts.length > 0) {
      const ruleset = removeHostPorts(ctx.plane.ruleset(id), mappingOf(ctx, record));
      ctx.plane.setRuleset(id, ruleset);
    }
    writePodChains(ctx, plugin, id);
  }
  if (record) noteRemoval(ctx, state, pod, record);
  giveBack(state, runtime.node, record?.further ?? []);
  if (runtime.ip === undefined) return;
  releaseAddress(ctx, state, runtime.node, runtime.ip);
  retryWithoutAddress(ctx, state, runtime.node);
}

/** An address came free, or a network: pods that wait for one try again.
 *  Simplified: a kubelet retries by its own clock; here nothing is tried while it must fail. */
export function retryWithoutAddress(ctx: ControlContext, state: ControlState, node: string): void {
  for (const pod of findAll(ctx.store, "Pod", state.controllers.podsByNode.keys(node))) {
    const waits = state.kubelets.pods.get(shortKey(pod))?.stage === "noAddress";
    if (waits && !isTerminating(pod)) continuePod(ctx, state, pod);
  }
}

/** portmap lets 127.0.0.1 cross to the pods' side. */
function routingLocalnet(host: Netns, { hostDevice }: SandboxRecord): Netns {
  const port = host.interfaces.find(({ name }) => name === hostDevice);
  const dev = port?.master ?? hostDevice;
  const interfaces = host.interfaces.map((one) =>
    one.name === dev ? { ...one, conf: { ...one.conf, routeLocalnet: true } } : one,
  );
  return { ...host, interfaces };
}

function mappingOf({ config }: ControlContext, record: SandboxRecord): PortMapping {
  const { pod, id, ip = 0, prefix, hostPorts } = record;
  return { pod, network: confNameOf(config), sandboxId: id, ip, prefix, ports: hostPorts };
}

function refusal({ config }: ControlContext, { id }: SandboxRecord, error: string): string {
  return (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox " +
    `"${id}": plugin ${pluginTypeOf(config)} failed (add): ${error}`
  );
}

/** Where Multus calls the plugins, it says of which network it speaks. */
function ofMultus({ config }: ControlContext, pod: Pod, network: string, error: string): string {
  return config.multus ? adding(pod, network, error) : error;
}

/** Multus tells of the pod's interfaces, in an annotation and in events. */
function reportInterfaces(ctx: ControlContext, pod: Pod, record: SandboxRecord): void {
  const podNetwork = confNameOf(ctx.config);
  ctx.store.put(withNetworkStatus(pod, record, podNetwork));
  for (const message of addedInterfaces(record, podNetwork))
    ctx.recordEvent(pod, "Normal", "AddedInterface", message, "multus");
}
