import type { EndpointSlice, SliceEndpoint } from "../core/api/types";
import type { LoadBalancerView, NodeRuntimeView } from "../worker/protocol";
import {
  findObject,
  loadBalancersOf,
  type MirrorRecords,
  nodeRuntimesOf,
  objectsOf,
} from "./mirror";
import { keyFor, keyOf } from "./related";

/** A step on a change's way from the API to the rules and the load balancer, as nobody's Event tells it. */
export interface NetworkChange {
  readonly atUs: number;
  /** Whose state changed: to select. */
  readonly object: string;
  readonly reason:
    | "Endpoints"
    | "RulesPending"
    | "RulesSynced"
    | "RulesRestored"
    | "EntriesDeleted"
    | "ProxyStopped"
    | "Target";
  readonly message: string;
}

const SERVICE_LABEL = "kubernetes.io/service-name";

/** What changed in the network between two moments, causes before effects. */
export function changesBetween(
  before: MirrorRecords,
  now: MirrorRecords,
  nowUs: number,
): readonly NetworkChange[] {
  if (before === now) return [];
  return [
    ...objectsOf(now, "EndpointSlice").flatMap((slice) =>
      sliceChanges(findObject<"EndpointSlice">(before, keyOf(slice)), slice, nowUs),
    ),
    ...objectsOf(before, "EndpointSlice")
      .filter((slice) => !now.has(keyOf(slice)))
      .map((slice): NetworkChange => {
        const message = `${slice.metadata.name} deleted`;
        return { atUs: nowUs, object: keyOf(slice), reason: "Endpoints", message };
      }),
    ...nodeRuntimesOf(now).flatMap((runtime) => proxyChanges(before, runtime, nowUs)),
    ...loadBalancersOf(now).flatMap((balancer) => targetChanges(before, balancer, nowUs)),
  ];
}

function sliceChanges(
  before: EndpointSlice | undefined,
  slice: EndpointSlice,
  atUs: number,
): readonly NetworkChange[] {
  if (before?.endpoints === slice.endpoints) return [];
  const was = new Map((before?.endpoints ?? []).map((one) => [one.addresses[0] ?? "", one]));
  const is = new Map(slice.endpoints.map((one) => [one.addresses[0] ?? "", one]));
  const words: string[] = [];
  for (const [address, endpoint] of is) {
    const [old, state] = [was.get(address), stateOf(endpoint)];
    if (!old) words.push(`${address} added (${state})`);
    else if (stateOf(old) !== state) words.push(`${address} ${state}, was ${stateOf(old)}`);
  }
  for (const address of was.keys()) if (!is.has(address)) words.push(`${address} removed`);
  if (words.length === 0) return [];
  const service = slice.metadata.labels?.[SERVICE_LABEL] ?? slice.metadata.name;
  const message = `Service ${service}: ${words.join("; ")}`;
  return [{ atUs, object: keyOf(slice), reason: "Endpoints", message }];
}

function stateOf({ conditions }: SliceEndpoint): string {
  if (conditions?.terminating) return "terminating";
  return conditions?.ready === false ? "not ready" : "ready";
}

function proxyChanges(
  before: MirrorRecords,
  runtime: NodeRuntimeView,
  atUs: number,
): readonly NetworkChange[] {
  const old = nodeRuntimesOf(before).find(({ node }) => node === runtime.node);
  if (!old) return [];
  const { node, rules, proxyRunning, proxyPending, proxySyncedAtUs } = runtime;
  const object = keyFor("Node", "", node);
  const changes: NetworkChange[] = [];
  if (old.proxyRunning && !proxyRunning) {
    const message = "kube-proxy stopped: the rules stay as they are";
    changes.push({ atUs, object, reason: "ProxyStopped", message });
  }
  if (proxySyncedAtUs > old.proxySyncedAtUs) {
    const count = rules === old.rules ? `${rules} rules` : `${rules} rules, before ${old.rules}`;
    const message = `kube-proxy wrote its rules: ${count}`;
    changes.push({ atUs: proxySyncedAtUs, object, reason: "RulesSynced", message });
  }
  changes.push(...byHand(old, runtime), ...deletions(old, runtime));
  if (proxyPending && !old.proxyPending) {
    const message = "a change is on its way to kube-proxy: the rules do not show it yet";
    changes.push({ atUs, object, reason: "RulesPending", message });
  }
  return changes;
}

function byHand(old: NodeRuntimeView, { node, restored }: NodeRuntimeView): NetworkChange[] {
  if (!restored || restored.atUs <= (old.restored?.atUs ?? -1)) return [];
  const { tables, atUs } = restored;
  const message = `rules restored by hand: ${tables.join(", ")}`;
  return [{ atUs, object: keyFor("Node", "", node), reason: "RulesRestored", message }];
}

function deletions(
  old: NodeRuntimeView,
  { node, deletedEntries }: NodeRuntimeView,
): NetworkChange[] {
  if (!deletedEntries || deletedEntries.atUs <= (old.deletedEntries?.atUs ?? -1)) return [];
  const { count, atUs, why } = deletedEntries;
  const entries = count === 1 ? "a UDP entry of conntrack" : `${count} UDP entries of conntrack`;
  const message = `${entries} gone: ${why}`;
  return [{ atUs, object: keyFor("Node", "", node), reason: "EntriesDeleted", message }];
}

function targetChanges(
  before: MirrorRecords,
  { service, targets }: LoadBalancerView,
  atUs: number,
): readonly NetworkChange[] {
  const [namespace = "", name = ""] = service.split("/");
  const old = loadBalancersOf(before).find((balancer) => balancer.service === service);
  return targets.flatMap(({ node, healthy, reason }) => {
    const known = old?.targets.find((target) => target.node === node);
    if (!known || known.healthy === healthy) return [];
    const message = `load balancer: target ${node} ${healthy ? "healthy" : `unhealthy: ${reason}`}`;
    return [{ atUs, object: keyFor("Service", namespace, name), reason: "Target", message }];
  });
}
