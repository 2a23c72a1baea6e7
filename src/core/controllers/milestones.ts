import type { StoreChange } from "../api/store";
import { type EndpointSlice, objectKey, type Pod, type SliceEndpoint } from "../api/types";
import type { Milestone } from "./context";
import { HEADLESS_LABEL } from "./endpoint-slices";
import { SERVICE_NAME_LABEL } from "./indexing";
import { isPodReady, isTerminating } from "./pod-facts";

/** What a change in the store means to those who watch traffic; undefined: nothing. */
export function milestoneOf({ type, object, previous }: StoreChange): Milestone | undefined {
  if (object.kind === "Pod")
    return type === "MODIFIED" && previous?.kind === "Pod" ? ofPod(object, previous) : undefined;
  // kube-proxy writes no rules for headless Services.
  if (object.kind !== "EndpointSlice" || object.metadata.labels?.[HEADLESS_LABEL] !== undefined)
    return undefined;
  const before = previous?.kind === "EndpointSlice" ? previous : undefined;
  const after = type === "DELETED" ? undefined : object;
  if (usableOf(before) === usableOf(after)) return undefined;
  const detail = endpointsChanged(before, after);
  const { namespace, labels } = object.metadata;
  const service = `${namespace}/${labels?.[SERVICE_NAME_LABEL] ?? ""}`;
  return { kind: "sliceChanged", object: objectKey(object), detail, services: [service] };
}

function ofPod(pod: Pod, before: Pod): Milestone | undefined {
  const object = objectKey(pod);
  const { podIP } = pod.status;
  const about = { object, ...(podIP && { detail: podIP }) };
  if (isTerminating(pod) && !isTerminating(before)) return { kind: "deleted", ...about };
  if (isPodReady(pod) === isPodReady(before) || isTerminating(pod)) return undefined;
  return { kind: isPodReady(pod) ? "ready" : "notReady", ...about };
}

/** Addresses that new connections may go to: ready ones; where there is none, those that still serve.
 *  Simplified: each slice by itself, where kube-proxy takes a Service's slices together. */
function usableOf(slice: EndpointSlice | undefined): string {
  const endpoints = slice?.endpoints ?? [];
  const ready = endpoints.filter((one) => stateOf(one) === "ready");
  const usable = ready.length > 0 ? ready : endpoints.filter((one) => stateOf(one) === SERVING);
  return usable.map(({ addresses }) => addresses[0]).join();
}

const SERVING = "terminating, serving";

/** `10.244.1.3 terminating, was ready; 10.244.2.4 added (not ready)`. */
function endpointsChanged(
  before: EndpointSlice | undefined,
  after: EndpointSlice | undefined,
): string {
  const was = byAddress(before);
  const is = byAddress(after);
  const words: string[] = [];
  for (const [address, state] of is) {
    const old = was.get(address);
    if (old === undefined) words.push(`${address} added (${state})`);
    else if (old !== state) words.push(`${address} ${state}, was ${old}`);
  }
  for (const address of was.keys()) if (!is.has(address)) words.push(`${address} removed`);
  return words.join("; ");
}

function byAddress(slice: EndpointSlice | undefined): ReadonlyMap<string, string> {
  return new Map(slice?.endpoints.map((one) => [one.addresses[0] ?? "", stateOf(one)]));
}

function stateOf({ conditions }: SliceEndpoint): string {
  const { ready = true, serving = ready, terminating = false } = conditions ?? {};
  if (terminating) return serving ? SERVING : "terminating, not serving";
  return ready ? "ready" : "not ready";
}
