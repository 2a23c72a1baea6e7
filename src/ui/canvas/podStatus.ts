import type { Pod } from "../../core/api/types";

export type PodTone = "ok" | "warn" | "wait" | "bad";

/** A status is a symbol and a word; its colour only repeats them. */
export interface PodStatus {
  readonly symbol: "●" | "○" | "◌" | "✕" | "✓";
  readonly word: string;
  readonly tone: PodTone;
}

/** What `kubectl get pods` would say, in as few words as fit. */
export function podStatus(pod: Pod): PodStatus {
  if (pod.metadata.deletionTimestamp) return { symbol: "✕", word: "Terminating", tone: "bad" };
  const { phase, reason } = pod.status;
  if (phase === "Failed") return { symbol: "✕", word: reason ?? "Failed", tone: "bad" };
  if (phase === "Succeeded") return { symbol: "✓", word: "Completed", tone: "wait" };
  if (phase === "Unknown") return { symbol: "✕", word: "Unknown", tone: "bad" };
  const stuck = stuckReason(pod);
  if (stuck) return { symbol: "✕", word: stuck, tone: "bad" };
  if (phase === "Pending") {
    const word = pod.spec.nodeName ? "ContainerCreating" : "Pending";
    return { symbol: "◌", word, tone: "wait" };
  }
  return isReady(pod)
    ? { symbol: "●", word: "Ready", tone: "ok" }
    : { symbol: "○", word: "NotReady", tone: "warn" };
}

export function isReady(pod: Pod): boolean {
  return (
    pod.status.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false
  );
}

const NORMAL_WAITS = new Set(["ContainerCreating", "PodInitializing"]);

function stuckReason(pod: Pod): string | undefined {
  const waits = pod.status.containerStatuses?.map((one) => one.state.waiting?.reason) ?? [];
  return waits.find((reason) => reason !== undefined && !NORMAL_WAITS.has(reason));
}
