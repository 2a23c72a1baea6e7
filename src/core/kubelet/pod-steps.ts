import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findByShortKey, shortKey } from "../controllers/objects";
import { MS } from "../sim/time";
import { restartStopped } from "./container-start";
import type { ControlState } from "./control";
import type { PodStep, PodStepType } from "./events";
import type { PodRuntime, PodStage } from "./state";
import { exitTimeUs, preStopUs } from "./stop-times";

/** From seeing the pod to a sandbox: a namespace, and the pause container in it. Typical, not measured. */
const SANDBOX_MS = { from: 180, to: 680 } as const;
/** Runs of the CNI plugins, ADD of each. */
const NETWORK_US = 120 * MS;
/** From the sandbox to running processes: image is present, containers are created and started. */
const CONTAINERS_MS = { from: 400, to: 600 } as const;
/** Each init container runs this long. Simplified: init containers always succeed. */
const INIT_CONTAINER_US = 500 * MS;
/** From the API server's write to the kubelet's stopping of containers: a watch, a pod worker, a call to the runtime.
 *  Source: kubelet and containerd logs in kubernetes/kubernetes#21367 (40 ms), containerd/containerd#8303 (under 1 ms). */
const STOP_HEARD_MS = { from: 5, to: 40 } as const;
/** From SIGTERM to the end of a process that does not catch it, or leaves at once. */
const EXIT_MS = { from: 2, to: 15 } as const;
/** From the last process' exit to CNI DEL. Source: containerd/containerd#8303, 50 ms to the shim's end alone. */
const SANDBOX_STOP_US = 150 * MS;
const OBJECT_REMOVAL_US = 50 * MS;
/** An imported pod is running already; this is only the order of things. */
const IMPORTED_US = 1 * MS;

interface RangeMs {
  readonly from: number;
  readonly to: number;
}

/** Schedules the next step of a pod by its stage. */
export function continuePod(ctx: ControlContext, state: ControlState, pod: Pod): void {
  const key = shortKey(pod);
  const runtime = state.kubelets.pods.get(key);
  if (!runtime) return;
  if (runtime.stage === "running") {
    restartStopped(ctx, state, pod);
    return;
  }
  const { type, delayUs } = nextStep(ctx, pod, runtime, runtime.stage);
  const ticket = state.kubelets.newTicket();
  state.kubelets.pods.set(key, { ...runtime, ticket });
  ctx.schedule(delayUs, { type, pod: key, ticket } satisfies PodStep);
}

interface NextStep {
  readonly type: PodStepType;
  readonly delayUs: number;
}

function nextStep(
  ctx: ControlContext,
  pod: Pod,
  { imported, containers }: PodRuntime,
  stage: Exclude<PodStage, "running">,
): NextStep {
  const random = ctx.random(`kubelet/${pod.metadata.uid}/${stage}`);
  const pick = ({ from, to }: RangeMs) => random.int(from * MS, to * MS);
  const start = (range: RangeMs) =>
    imported ? IMPORTED_US : random.int(range.from, range.to) * MS;
  const hasRun = containers.length > 0;
  switch (stage) {
    case "waiting":
    case "noAddress":
      return { type: "podSandboxDue", delayUs: start(SANDBOX_MS) };
    case "networking":
      return { type: "podNetworkDue", delayUs: imported ? IMPORTED_US : NETWORK_US };
    case "sandboxed": {
      const inits = imported ? 0 : (pod.spec.initContainers?.length ?? 0);
      return {
        type: "podContainersDue",
        delayUs: start(CONTAINERS_MS) + inits * INIT_CONTAINER_US,
      };
    }
    case "leaving":
      return { type: "podStopDue", delayUs: pick(STOP_HEARD_MS) };
    case "stopping":
      return { type: "podSignalDue", delayUs: hasRun ? preStopUs(pod) : 0 };
    case "signalled": {
      const drainUs = hasRun ? exitTimeUs(ctx, pod) : 0;
      return { type: "podProcessesStopped", delayUs: drainUs + pick(EXIT_MS) };
    }
    case "stopped":
      return { type: "podSandboxStopped", delayUs: SANDBOX_STOP_US };
    case "unplugged":
      return { type: "podRemovalDue", delayUs: OBJECT_REMOVAL_US };
  }
}

/** The pod and its runtime if this step is still the one that is due, on a machine that is on. */
export function findDue(
  ctx: ControlContext,
  state: ControlState,
  due: PodStep,
): { readonly pod: Pod; readonly runtime: PodRuntime } | undefined {
  const runtime = state.kubelets.pods.get(due.pod);
  const pod = findByShortKey(ctx.store, "Pod", due.pod);
  if (!runtime || runtime.ticket !== due.ticket || pod?.metadata.uid !== runtime.uid)
    return undefined;
  return isNodeUp(ctx, runtime.node) ? { pod, runtime } : undefined;
}

/** On to the next stage, and to the step that follows it. */
export function advance(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  stage: PodStage,
  change: Partial<PodRuntime> = {},
): void {
  const key = shortKey(pod);
  const runtime = state.kubelets.pods.get(key);
  if (!runtime) return;
  state.kubelets.pods.set(key, { ...runtime, ...change, stage });
  continuePod(ctx, state, pod);
}
