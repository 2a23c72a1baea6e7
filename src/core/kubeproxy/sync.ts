import type { Store } from "../api/store";
import type { ControlContext } from "../controllers/context";
import { contains } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import { syncHealthzListeners } from "./healthz";
import type { NodeProxy, ProxierState } from "./proxier-state";
import { sameShape } from "./rule-shape";
import { syncRuleset } from "./ruleset";
import { isSkipped } from "./service-ports";
import type { ServiceReading, ServiceRules } from "./service-rules";
import { type NodeView, type ProxySettings, proxySettings } from "./settings";
import { deleteStaleUdpEntries } from "./stale-udp";

/** Above this many, rules about endpoints lose their comments. Source: kube-proxy, largeClusterEndpointsThreshold. */
const LARGE_CLUSTER_ENDPOINTS = 1_000;

/** The event is due: rewrite the node's rules. Simplified: the proxy reads the store as it is at this moment. */
export function syncProxyRules(ctx: ControlContext, state: ProxierState, node: string): void {
  const proxy = state.nodes.get(node);
  if (!proxy?.running || proxy.syncAtUs !== ctx.nowUs) return;
  const settings = proxySettings(ctx.config);
  const { services, rewritten } = writeServices(ctx.store, state, proxy, settings);
  const changed = !sameShape(proxy.services, services);
  const id = `node/${node}`;
  ctx.plane.setRuleset(
    id,
    syncRuleset({
      previous: ctx.plane.ruleset(id),
      services,
      settings,
      nodePortAddresses: nodePortAddresses(ctx, id, proxy.view, settings),
      cache: state.cache,
    }),
  );
  deleteStaleUdpEntries(ctx.plane, id, rewritten, ctx.nowUs);
  syncHealthzListeners(ctx.plane, node, services);
  if (changed) {
    const names = proxy.fullSyncDue ? undefined : rewritten.map(({ view }) => view.key);
    ctx.mark({ kind: "rulesChanged", object: `Node/${node}`, ...(names && { services: names }) });
  }
  const { syncAtUs: _, ...rest } = proxy;
  state.nodes.set(node, {
    ...rest,
    fullSyncDue: false,
    lastSyncUs: ctx.nowUs,
    syncedChange: state.lastChange,
    services,
  });
}

interface WrittenServices {
  /** All that the node's rules are made of. */
  readonly services: ReadonlyMap<string, ServiceRules>;
  /** Those written by this sync. */
  readonly rewritten: readonly ServiceRules[];
}

/** A full sync writes every Service; a partial one keeps the former ones and puts the changed ones in their places. */
function writeServices(
  store: Store,
  state: ProxierState,
  proxy: NodeProxy,
  settings: ProxySettings,
): WrittenServices {
  const cache = state.cache.services;
  const dirty = proxy.fullSyncDue ? liveServices(store) : changedServices(state, proxy);
  const services = new Map(proxy.fullSyncDue ? [] : proxy.services);
  let endpointCount = 0;
  for (const { view } of services.values()) endpointCount += view.endpointCount;
  const present = dirty.flatMap((key) => {
    endpointCount -= services.get(key)?.view.endpointCount ?? 0;
    const reading = state.readings.get(key) ?? read(store, state, key);
    if (!reading) {
      services.delete(key);
      return [];
    }
    endpointCount += reading.view.endpointCount;
    return [{ key, reading }];
  });
  const largeCluster = endpointCount > LARGE_CLUSTER_ENDPOINTS;
  const rewritten = present.map(({ key, reading }) => {
    const rules = cache.rules(reading, proxy.view, settings, largeCluster);
    services.set(key, rules);
    return rules;
  });
  return { services, rewritten };
}

function liveServices(store: Store): readonly string[] {
  return [...store.list("Service")]
    .filter((service) => !isSkipped(service))
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

function changedServices(state: ProxierState, proxy: NodeProxy): readonly string[] {
  const dirty: string[] = [];
  for (const [key, change] of state.changes) if (change > proxy.syncedChange) dirty.push(key);
  return dirty;
}

/** Undefined: the Service is gone, or none of kube-proxy's any more. */
function read(store: Store, state: ProxierState, key: string): ServiceReading | undefined {
  const [namespace = "", name = ""] = key.split("/");
  const service = store.find("Service", namespace, name);
  if (!service || isSkipped(service)) return undefined;
  const names = state.slices.get(key) ?? [];
  const slices = names.flatMap((slice) => store.find("EndpointSlice", namespace, slice) ?? []);
  const reading = state.cache.services.read(service, slices);
  state.readings.set(key, reading);
  return reading;
}

/** With `nodePortAddresses`: the node's own addresses in those ranges; absent: NodePorts answer on all. */
function nodePortAddresses(
  ctx: ControlContext,
  netns: string,
  view: NodeView,
  { nodePortRanges, localhostNodePorts }: ProxySettings,
): readonly Ipv4[] | undefined {
  if (!nodePortRanges) return undefined;
  const own = (ctx.plane.find(netns)?.interfaces ?? []).flatMap((device) =>
    device.addresses.map(({ ip }) => ip),
  );
  const matching = nodePortRanges.flatMap((range) =>
    range === "primary" ? (view.ip ?? []) : own.filter((ip) => contains(range, ip)),
  );
  return [...new Set(matching)].filter((ip) => localhostNodePorts || ip >>> 24 !== 127);
}
