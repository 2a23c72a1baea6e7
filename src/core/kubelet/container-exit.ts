import { objectKey, type Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findByShortKey, shortKey } from "../controllers/objects";
import { MS } from "../sim/time";
import { endContainer } from "./container-end";
import { closePorts } from "./container-ports";
import type { ControlState } from "./control";
import type { ExitSeen } from "./events";
import { setContainer } from "./set-container";

/** The kubelet looks at its containers once a second. Source: kubelet, genericPlegRelistPeriod. */
const RELIST_US = { min: 50 * MS, max: 1_000 * MS } as const;

/** SIGKILL: 128 + 9. */
const KILLED = { exitCode: 137, reason: "Error", output: [] } as const;

/** A process dies by itself: its sockets are closed, and nobody knows yet. */
export function crashContainer(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  index: number,
): void {
  const container = pod.spec.containers[index];
  if (!container) return;
  closePorts(ctx, pod, [container]);
  ctx.mark({ kind: "exited", object: objectKey(pod), detail: container.name });
  const runtime = setContainer(state, pod, index, (one) => ({ ...one, dead: true }));
  const { uid } = pod.metadata;
  const random = ctx.random(`relist/${uid}/${runtime?.containers[index]?.restarts ?? 0}`);
  ctx.schedule(random.int(RELIST_US.min, RELIST_US.max), {
    type: "containerExitSeen",
    pod: shortKey(pod),
    uid,
    container: index,
  } satisfies ExitSeen);
}

/** Now the kubelet knows: the pod is not ready any more, and the container is started again. */
export function seeExit(ctx: ControlContext, state: ControlState, due: ExitSeen): void {
  const runtime = state.kubelets.pods.get(due.pod);
  const pod = findByShortKey(ctx.store, "Pod", due.pod);
  if (!pod || runtime?.uid !== due.uid || pod.metadata.uid !== due.uid) return;
  if (runtime.stage !== "running" || !runtime.containers[due.container]?.dead) return;
  if (isNodeUp(ctx, runtime.node)) endContainer(ctx, state, pod, due.container, KILLED);
}
