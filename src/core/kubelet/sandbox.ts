import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { findAll, shortKey } from "../controllers/objects";
import { isTerminating } from "../controllers/pod-facts";
import { editTable } from "../dataplane/netfilter/edit-chains";
import type { Chain, TableName } from "../dataplane/netfilter/rules";
import type { Netns } from "../dataplane/netns";
import type { Ipv4 } from "../net/ipv4";
import { confNameOf, pluginTypeOf } from "./cni/conf-names";
import { EMPTY_IPAM, releaseIp } from "./cni/host-local";
import { addHostPorts, hostPortsOf, type PortMapping, removeHostPorts } from "./cni/host-ports";
import { type CniNode, cniNode } from "./cni/node";
import type { CniPlugin, PodPort } from "./cni/plugin";
import { pluginOf } from "./cni/plugins";
import { netnsOfPod, podRef } from "./cni/pod-ref";
import type { SandboxRecord } from "./cni/sandbox-record";
import type { ControlState } from "./control";
import { isPodEnd, podNetworkOf, withTables } from "./node-network";
import { readSwitch } from "./node-settings";
import { continuePod } from "./pod-steps";
import { scheduleRoutes } from "./routes";
import type { PodRuntime } from "./state";

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
  const allocated = node
    ? addressOf(ctx, state, node, runtime)
    : { ok: false as const, message: "no pod CIDR is assigned to this node" };
  if (!allocated.ok || !node) {
    const error = allocated.ok ? "" : allocated.message;
    note(state, pod, { ...record, error });
    return { ok: false, message: refusal(ctx, record.id, error) };
  }
  const { ip } = allocated;
  const plugin = pluginOf(ctx.config);
  const ref = podRef(pod);
  const hairpin = readSwitch(ctx, state, node.name, "hairpin_mode");
  const ipam = state.kubelets.ipam.get(node.name) ?? EMPTY_IPAM;
  const { host, pod: netns } = plugin.attach(ctx.plane.get(node.id), {
    pod: ref,
    node,
    ip,
    hairpin,
    ipam,
  });
  const end = netns.interfaces.find(({ name }) => name === "eth0");
  const made: SandboxRecord = {
    ...record,
    ip,
    prefix: end?.addresses[0]?.prefix ?? 32,
    hostDevice: end?.peer?.name ?? "",
    hostPorts: hostPortsOf(pod),
  };
  ctx.plane.put(netns);
  ctx.plane.put(made.hostPorts.length > 0 ? routingLocalnet(host, made) : host);
  if (made.hostPorts.length > 0) {
    const ruleset = addHostPorts(ctx.plane.ruleset(node.id), mappingOf(ctx, made));
    ctx.plane.setRuleset(node.id, ruleset);
  }
  note(state, pod, made);
  writePodChains(ctx, plugin, node.id);
  return { ok: true, ip };
}

/** The address that the pod came with, or the next one of its node. */
function addressOf(
  ctx: ControlContext,
  state: ControlState,
  node: CniNode,
  { ip }: PodRuntime,
): { readonly ok: true; readonly ip: Ipv4 } | { readonly ok: false; readonly message: string } {
  const { kubelets } = state;
  const plugin = pluginOf(ctx.config);
  const before = kubelets.ipam.get(node.name) ?? EMPTY_IPAM;
  if (ip !== undefined) {
    if (!plugin.owns(node, before, ip)) {
      kubelets.foreignIps.set(ip, node.name);
      scheduleRoutes(ctx, state);
    }
    return { ok: true, ip };
  }
  const allocation = plugin.allocate(before, node, () => podNetworkOf(ctx, state));
  if (!allocation.ok) return allocation;
  kubelets.ipam.set(node.name, allocation.ipam);
  if (plugin.isNetworkChange?.(before, allocation.ipam, node)) {
    growNode(ctx, state, node);
    scheduleRoutes(ctx, state);
  }
  return allocation;
}

/** The node's agent has taken more for it: further cards, another block. */
function growNode(ctx: ControlContext, state: ControlState, node: CniNode): void {
  const host = ctx.plane.get(node.id);
  const plugin = pluginOf(ctx.config);
  const ipam = state.kubelets.ipam.get(node.name) ?? EMPTY_IPAM;
  const present = new Set(host.interfaces.map(({ name }) => name));
  const added = plugin
    .devices(node, ctx.config, ipam)
    .filter(({ name }) => !present.has(name))
    .map((device, offset) => ({ ...device, index: host.interfaces.length + 1 + offset }));
  const grown = { ...host, interfaces: [...host.interfaces, ...added] };
  ctx.plane.put(withTables(grown, plugin.tables(node, podNetworkOf(ctx, state))));
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
    ctx.plane.put(plugin.detach(host, podRef(pod)));
    if (record && record.hostPorts.length > 0) {
      const ruleset = removeHostPorts(ctx.plane.ruleset(id), mappingOf(ctx, record));
      ctx.plane.setRuleset(id, ruleset);
    }
    writePodChains(ctx, plugin, id);
  }
  if (record) noteRemoval(ctx, state, pod, record);
  if (runtime.ip === undefined) return;
  const ipam = kubelets.ipam.get(runtime.node);
  if (ipam) kubelets.ipam.set(runtime.node, releaseIp(ipam, runtime.ip));
  if (kubelets.foreignIps.delete(runtime.ip)) scheduleRoutes(ctx, state);
  retryWithoutAddress(ctx, state, runtime.node);
}

/** An address came free: pods that wait for one try again.
 *  Simplified: a kubelet retries by its own clock; here nothing is tried while it must fail. */
function retryWithoutAddress(ctx: ControlContext, state: ControlState, node: string): void {
  for (const pod of findAll(ctx.store, "Pod", state.controllers.podsByNode.keys(node))) {
    const waits = state.kubelets.pods.get(shortKey(pod))?.stage === "noAddress";
    if (waits && !isTerminating(pod)) continuePod(ctx, state, pod);
  }
}

/** Chains of which a plugin keeps one or more for each pod of a node. */
function writePodChains(ctx: ControlContext, plugin: CniPlugin, id: string): void {
  const host = ctx.plane.find(id);
  if (!plugin.podChains || !host) return;
  let ruleset = ctx.plane.ruleset(id);
  for (const [table, chains] of Object.entries(plugin.podChains(podPorts(ctx, host)))) {
    const name = table as TableName;
    const changes = new Map<string, Chain | undefined>();
    for (const chain of ruleset[name]?.chains.keys() ?? [])
      if (plugin.isPodChain?.(chain)) changes.set(chain, undefined);
    for (const chain of chains) changes.set(chain.name, chain);
    ruleset = editTable(ruleset, name, changes);
  }
  ctx.plane.setRuleset(id, ruleset);
}

function podPorts({ store }: ControlContext, host: Netns): readonly PodPort[] {
  return host.interfaces.filter(isPodEnd).flatMap(({ name: dev, peer }) => {
    const [, namespace = "", name = ""] = peer?.netns.split("/") ?? [];
    const pod = store.find("Pod", namespace, name);
    return pod ? [{ pod: podRef(pod), dev }] : [];
  });
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

function newRecord(ctx: ControlContext, pod: Pod, node: string): SandboxRecord {
  const random = ctx.random(`sandbox/${pod.metadata.uid}`);
  const digits = (count: number) =>
    Array.from({ length: count }, () => random.int(0, 15).toString(16)).join("");
  const { annotations = {} } = pod.metadata;
  const ingress = annotations["kubernetes.io/ingress-bandwidth"];
  const egress = annotations["kubernetes.io/egress-bandwidth"];
  const id = digits(64);
  const uuid = [8, 4, 4, 4, 12].map(digits).join("-");
  return {
    pod: podRef(pod),
    node,
    id,
    netnsPath: `/var/run/netns/cni-${uuid}`,
    addedAtUs: ctx.nowUs,
    prefix: 32,
    hostPorts: [],
    bandwidth: { ...(ingress && { ingress }), ...(egress && { egress }) },
    hostDevice: "",
    extra: [],
  };
}

function refusal({ config }: ControlContext, id: string, error: string): string {
  return (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox " +
    `"${id}": plugin ${pluginTypeOf(config)} failed (add): ${error}`
  );
}

/** Of those that are gone, a node remembers this many. */
const REMEMBERED = 12;

function note(state: ControlState, pod: Pod, record: SandboxRecord): void {
  state.kubelets.sandboxes.set(shortKey(pod), record);
}

function noteRemoval(
  ctx: ControlContext,
  { kubelets }: ControlState,
  pod: Pod,
  record: SandboxRecord,
): void {
  kubelets.sandboxes.delete(shortKey(pod));
  const gone = kubelets.removedSandboxes.get(record.node) ?? [];
  const latest = [...gone, { ...record, removedAtUs: ctx.nowUs }].slice(-REMEMBERED);
  kubelets.removedSandboxes.set(record.node, latest);
}
