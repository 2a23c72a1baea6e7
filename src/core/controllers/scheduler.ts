import type { Node, Pod, Taint } from "../api/types";
import { formatTimestamp } from "../sim/time";
import type { ControlContext } from "./context";
import { findPortHolder, NO_FREE_PORTS } from "./host-ports";
import { findByShortKey } from "./objects";
import { controllerRef, findCondition, isTerminating, withCondition } from "./pod-facts";
import type { ControllerState } from "./state";
import { findUntolerated, matchesNodeSelector } from "./tolerations";

const COMPONENT = "default-scheduler";

/** Pods that a node takes. Source: kubelet --max-pods. */
const MAX_PODS_PER_NODE = 110;

/** What a cordoned node is tainted with. */
const CORDON: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

const REFUSING: readonly Taint["effect"][] = ["NoSchedule", "NoExecute"];

const TOO_MANY_PODS = "Too many pods";

/** What would be otherwise if other pods were not there. */
const PODS_IN_THE_WAY: readonly string[] = [TOO_MANY_PODS, NO_FREE_PORTS];

/** Binds a pod to the node with the fewest pods of its owner, then the fewest pods, then the oldest.
 *  Simplified: requests, affinity and topology spread are not weighed. */
export function schedulePod(ctx: ControlContext, state: ControllerState, key: string): void {
  const pod = findByShortKey(ctx.store, "Pod", key);
  if (!pod || pod.spec.nodeName || isTerminating(pod)) return;
  const refusals = new Map<string, number>();
  let best: Node | undefined;
  let fewestOfOwner = Number.POSITIVE_INFINITY;
  let fewestPods = Number.POSITIVE_INFINITY;
  const spread = state.podSpread.get(controllerRef(pod)?.uid ?? "");
  for (const node of ctx.store.list("Node")) {
    const { name } = node.metadata;
    const ofOwner = spread?.get(name) ?? 0;
    if (ofOwner > fewestOfOwner) continue;
    const pods = state.podsByNode.size(name);
    if (ofOwner === fewestOfOwner && pods >= fewestPods) continue;
    const refusal =
      refuse(pod, node) ??
      (findPortHolder(ctx, state, pod, name) ? NO_FREE_PORTS : undefined) ??
      (pods >= MAX_PODS_PER_NODE ? TOO_MANY_PODS : undefined);
    if (refusal) {
      refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
      continue;
    }
    best = node;
    fewestOfOwner = ofOwner;
    fewestPods = pods;
  }
  if (best) bind(ctx, state, pod, best);
  else leavePending(ctx, state, pod, refusals);
}

function refuse(pod: Pod, node: Node): string | undefined {
  const { tolerations } = pod.spec;
  if (node.spec.unschedulable && findUntolerated([CORDON], tolerations, REFUSING)) {
    return "node(s) were unschedulable";
  }
  const taint = node.spec.taints && findUntolerated(node.spec.taints, tolerations, REFUSING);
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
  return matchesNodeSelector(pod.spec, node)
    ? undefined
    : "node(s) didn't match Pod's node affinity/selector";
}

function bind(ctx: ControlContext, state: ControllerState, pod: Pod, node: Node): void {
  const { namespace, name } = pod.metadata;
  state.unschedulable.remove("", `${namespace}/${name}`);
  const nodeName = node.metadata.name;
  const bound = ctx.store.put<Pod>({
    ...pod,
    spec: { ...pod.spec, nodeName },
    status: {
      ...pod.status,
      conditions: withCondition(pod.status.conditions, {
        type: "PodScheduled",
        status: "True",
        lastTransitionTime: formatTimestamp(ctx.nowUs),
      }),
    },
  });
  const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
  ctx.recordEvent(bound, "Normal", "Scheduled", message, COMPONENT);
}

function leavePending(
  ctx: ControlContext,
  state: ControllerState,
  pod: Pod,
  refusals: ReadonlyMap<string, number>,
): void {
  state.unschedulable.add("", `${pod.metadata.namespace}/${pod.metadata.name}`);
  const message = formatRefusals(ctx.store.count("Node"), refusals);
  if (findCondition(pod.status.conditions, "PodScheduled")?.message === message) return;
  const refused = ctx.store.put<Pod>({
    ...pod,
    status: {
      ...pod.status,
      conditions: withCondition(pod.status.conditions, {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message,
        lastTransitionTime: formatTimestamp(ctx.nowUs),
      }),
    },
  });
  ctx.recordEvent(refused, "Warning", "FailedScheduling", message, COMPONENT);
}

/** Source: kubernetes scheduler framework, FitError.Error and the default preemption plugin's answer. */
function formatRefusals(nodes: number, refusals: ReadonlyMap<string, number>): string {
  if (nodes === 0) return "no nodes available to schedule pods";
  const reasons = [...refusals].map(([reason, count]) => `${count} ${reason}`).sort();
  const full = PODS_IN_THE_WAY.reduce((sum, reason) => sum + (refusals.get(reason) ?? 0), 0);
  const preemption: string[] = [];
  if (full > 0) preemption.push(`${full} No preemption victims found for incoming pod`);
  if (full < nodes) preemption.push(`${nodes - full} Preemption is not helpful for scheduling`);
  preemption.sort();
  const available = `0/${nodes} nodes are available: `;
  return `${available}${reasons.join(", ")}. preemption: ${available}${preemption.join(", ")}.`;
}
