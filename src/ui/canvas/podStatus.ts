import type { Pod } from "../../core/api/types";
import type { PodRuntimeView } from "../../worker/pod-network-protocol";

export type PodTone = "ok" | "warn" | "wait" | "bad";

/** A status is a symbol and a word; its colour only repeats them. */
export interface PodStatus {
  readonly symbol: "●" | "○" | "◌" | "✕" | "✓";
  readonly word: string;
  readonly tone: PodTone;
}

/** What `kubectl get pods` would say, in as few words as fit; while a pod comes or goes, how far it is. */
export function podStatus(pod: Pod, runtime?: PodRuntimeView): PodStatus {
  const step = runtime && STEPS[runtime.stage];
  if (pod.metadata.deletionTimestamp)
    return { symbol: "✕", word: step?.going ?? "Terminating", tone: "bad" };
  const { phase, reason } = pod.status;
  if (phase === "Failed") return { symbol: "✕", word: reason ?? "Failed", tone: "bad" };
  if (phase === "Succeeded") return { symbol: "✓", word: "Completed", tone: "wait" };
  if (phase === "Unknown") return { symbol: "✕", word: "Unknown", tone: "bad" };
  const stuck = stuckReason(pod);
  if (stuck) return { symbol: "✕", word: stuck, tone: "bad" };
  if (phase === "Pending") {
    if (runtime?.stage === "noAddress") return { symbol: "✕", word: "no network", tone: "bad" };
    const word = pod.spec.nodeName ? (step?.coming ?? "ContainerCreating") : "Pending";
    return { symbol: "◌", word, tone: "wait" };
  }
  return isReady(pod)
    ? { symbol: "●", word: "Ready", tone: "ok" }
    : { symbol: "○", word: "NotReady", tone: "warn" };
}

/** A pod's life on its node, step by step. */
const STEPS: Readonly<
  Partial<Record<PodRuntimeView["stage"], { readonly coming?: string; readonly going?: string }>>
> = {
  networking: { coming: "sandbox, CNI ADD" },
  sandboxed: { coming: "containers start" },
  stopping: { going: "preStop" },
  signalled: { going: "SIGTERM" },
  stopped: { going: "exited, CNI DEL" },
  unplugged: { going: "network gone" },
};

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
