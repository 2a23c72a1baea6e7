import type { StoreChange } from "../api/store";
import type { EndpointSlice, Node, Service } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { EMPTY_RULESET } from "../dataplane/netfilter/rules";
import { nodeBaseRuleset } from "../kubelet/node-rules";
import type { SimEvent } from "../sim/event-queue";
import { MS, SECOND } from "../sim/time";
import { syncHealthzListeners } from "./healthz";
import { PROXY_CANARY } from "./node-chains";
import type { NodeProxy, ProxierState } from "./proxier-state";
import { isForeign, isSkipped } from "./service-ports";
import { nodeView, sameView } from "./settings";

export interface ProxySyncEvent extends SimEvent {
  readonly type: "proxySync";
  readonly node: string;
}

/** kube-proxy looks whether its canary chains are still there. */
export interface ProxyCanaryEvent extends SimEvent {
  readonly type: "proxyCanary";
  readonly node: string;
}

/** Source: kube-proxy, the default of iptables.syncPeriod. */
const CANARY_PERIOD_US = 30 * SECOND;

/** From the API server's write to the proxy's knowing of it. Nodes differ a little. */
const WATCH_LAG_US = { min: 20 * MS, max: 80 * MS } as const;
/** From the beginning of a sync to the rules' being in force: what iptables-restore takes in a small cluster.
 *  Source: kube-proxy's log in kubernetes/kubernetes#111219: 48 ms of 176 ms, with 117 Services. */
const SYNC_US = { min: 30 * MS, max: 100 * MS } as const;

const SERVICE_NAME_LABEL = "kubernetes.io/service-name";

/** A node joined. Its proxy does not run until `setRunning`. */
export function nodeAdded(ctx: ControlContext, state: ProxierState, node: Node): void {
  const { name } = node.metadata;
  if (state.nodes.has(name)) return;
  if (ctx.plane.ruleset(`node/${name}`) === EMPTY_RULESET) {
    ctx.plane.setRuleset(`node/${name}`, nodeBaseRuleset(ctx.config, node));
  }
  state.nodes.set(name, {
    running: false,
    view: nodeView(node),
    fullSyncDue: true,
    syncedChange: 0,
    services: new Map(),
  });
}

export function nodeRemoved(state: ProxierState, node: string): void {
  state.nodes.delete(node);
}

/** Starts or stops a node's kube-proxy. Stopped, it leaves its rules as they are; started, it writes all of them. */
export function setRunning(
  ctx: ControlContext,
  state: ProxierState,
  node: string,
  running: boolean,
): void {
  const proxy = state.nodes.get(node);
  if (!proxy || proxy.running === running) return;
  const { lastSyncUs: _, syncAtUs: __, ...rest } = proxy;
  const changed: NodeProxy = { ...rest, running, fullSyncDue: true };
  state.nodes.set(node, changed);
  if (running) scheduleSync(ctx, state, node, changed);
  else syncHealthzListeners(ctx.plane, node, new Map());
}

/** Somebody else wrote the node's rules. Nobody tells its kube-proxy: what it syncs next, for whatever reason, is all that
 *  is its own, and when it looks for its canary and does not find it, it syncs.
 *  Simplified: a real one writes only what changed, fails where its own chains are missing, and then writes all. */
export function rulesReplaced(ctx: ControlContext, state: ProxierState, node: string): void {
  const proxy = state.nodes.get(node);
  if (!proxy) return;
  state.nodes.set(node, { ...proxy, fullSyncDue: true });
  const offsetUs = ctx.random(`kube-proxy canary ${node}`).int(0, CANARY_PERIOD_US - 1);
  const sinceUs = (ctx.nowUs - offsetUs + CANARY_PERIOD_US) % CANARY_PERIOD_US;
  const event: ProxyCanaryEvent = { type: "proxyCanary", node };
  ctx.schedule(CANARY_PERIOD_US - sinceUs, event);
}

/** Syncs when a canary is gone: somebody has flushed the rules. Source: kubernetes pkg/util/iptables, Monitor. */
export function checkCanary(ctx: ControlContext, state: ProxierState, node: string): void {
  const proxy = state.nodes.get(node);
  if (!proxy?.running) return;
  const ruleset = ctx.plane.ruleset(`node/${node}`);
  const isThere = (["mangle", "nat", "filter"] as const).every((table) =>
    ruleset[table]?.chains.has(PROXY_CANARY.name),
  );
  if (isThere) return;
  const changed = { ...proxy, fullSyncDue: true };
  state.nodes.set(node, changed);
  scheduleSync(ctx, state, node, changed);
}

/** A sync of this node is still to come. */
export function isPending(state: ProxierState, node: string): boolean {
  return state.nodes.get(node)?.syncAtUs !== undefined;
}

export function onChange(ctx: ControlContext, state: ProxierState, change: StoreChange): void {
  const { object, previous } = change;
  if (object.kind === "Service") {
    onServiceChange(ctx, state, change, object, previous as Service | undefined);
  } else if (object.kind === "EndpointSlice") {
    onSliceChange(ctx, state, change, object, previous as EndpointSlice | undefined);
  } else if (object.kind === "Node") {
    onNodeChange(ctx, state, change, object);
  }
}

function onServiceChange(
  ctx: ControlContext,
  state: ProxierState,
  { type }: StoreChange,
  service: Service,
  previous: Service | undefined,
): void {
  const key = `${service.metadata.namespace}/${service.metadata.name}`;
  state.readings.delete(key);
  if (isSkipped(service) && (!previous || isSkipped(previous))) return;
  const isSame =
    type === "MODIFIED" &&
    previous?.spec === service.spec &&
    previous.status === service.status &&
    previous.metadata.labels === service.metadata.labels;
  if (!isSame) markDirty(ctx, state, key);
}

function onSliceChange(
  ctx: ControlContext,
  state: ProxierState,
  { type }: StoreChange,
  slice: EndpointSlice,
  previous: EndpointSlice | undefined,
): void {
  const owner = type === "DELETED" ? undefined : ownerOfSlice(slice);
  const formerOwner = previous && ownerOfSlice(previous);
  if (owner) state.readings.delete(owner);
  if (formerOwner) state.readings.delete(formerOwner);
  if (owner !== formerOwner) {
    const { name } = slice.metadata;
    if (formerOwner)
      setSlices(state, formerOwner, (names) => names.filter((other) => other !== name));
    if (owner) setSlices(state, owner, (names) => [...names, name]);
  }
  if (previous && owner === formerOwner && sameContent(previous, slice)) return;
  for (const key of new Set([owner, formerOwner])) if (key) markDirty(ctx, state, key);
}

/** `namespace/name` of the Service; undefined for slices that are not for kube-proxy. */
function ownerOfSlice(slice: EndpointSlice): string | undefined {
  const service = slice.metadata.labels?.[SERVICE_NAME_LABEL];
  return service === undefined || isForeign(slice)
    ? undefined
    : `${slice.metadata.namespace}/${service}`;
}

function setSlices(
  state: ProxierState,
  service: string,
  change: (names: readonly string[]) => readonly string[],
): void {
  const names = change(state.slices.get(service) ?? []);
  if (names.length > 0) state.slices.set(service, names);
  else state.slices.delete(service);
}

function sameContent(a: EndpointSlice, b: EndpointSlice): boolean {
  return a.endpoints === b.endpoints && a.ports === b.ports && a.addressType === b.addressType;
}

function onNodeChange(
  ctx: ControlContext,
  state: ProxierState,
  { type }: StoreChange,
  node: Node,
): void {
  const { name } = node.metadata;
  const proxy = state.nodes.get(name);
  if (!proxy || type === "DELETED") return;
  const view = nodeView(node);
  if (sameView(view, proxy.view)) return;
  const changed = { ...proxy, view, fullSyncDue: true };
  state.nodes.set(name, changed);
  if (proxy.running) scheduleSync(ctx, state, name, changed);
}

function markDirty(ctx: ControlContext, state: ProxierState, service: string): void {
  state.changes.set(service, ++state.lastChange);
  for (const proxy of state.nodes.values()) {
    if (proxy.running && proxy.syncAtUs === undefined)
      scheduleSync(ctx, state, proxy.view.name, proxy);
  }
}

/** Bursts merge: a sync that is already due will see what changes until then. */
function scheduleSync(
  ctx: ControlContext,
  state: ProxierState,
  node: string,
  proxy: NodeProxy,
): void {
  if (proxy.syncAtUs !== undefined) return;
  const minSyncPeriodUs = ctx.lagUs("proxySync") ?? ctx.config.kubeProxy.iptables.minSyncPeriodUs;
  const random = ctx.random(`kube-proxy watch lag ${node}`);
  const usualUs = random.int(WATCH_LAG_US.min, WATCH_LAG_US.max);
  const heardAtUs = ctx.nowUs + (ctx.lagUs("proxyWatch", node) ?? usualUs);
  const beginAtUs = Math.max(heardAtUs, (proxy.lastSyncUs ?? -minSyncPeriodUs) + minSyncPeriodUs);
  const syncAtUs = beginAtUs + random.int(SYNC_US.min, SYNC_US.max);
  state.nodes.set(node, { ...proxy, syncAtUs });
  const event: ProxySyncEvent = { type: "proxySync", node };
  ctx.schedule(syncAtUs - ctx.nowUs, event);
}
