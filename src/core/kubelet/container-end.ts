import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { shortKey } from "../controllers/objects";
import { MS, SECOND } from "../sim/time";
import { closePorts } from "./container-ports";
import type { ControlState } from "./control";
import type { KubeletEvent } from "./events";
import { writeStatus } from "./pod-status";
import { setContainer } from "./set-container";
import type { ContainerExit } from "./state";

/** Killing and starting a container again, before any back-off. */
const RESTART_US = 1_000 * MS;
/** Source: kubelet, MaxContainerBackOff and its initial back-off. */
const BACK_OFF_US = { initial: 10 * SECOND, max: 300 * SECOND } as const;

export type RestartDue = Extract<KubeletEvent, { type: "containerRestartDue" }>;

/** The process is gone, and its sockets with it; after a back-off it is started again.
 *  Simplified: restartPolicy is always Always. */
export function endContainer(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  index: number,
  exit: Pick<ContainerExit, "exitCode" | "reason" | "output">,
): void {
  const container = pod.spec.containers[index];
  if (!container) return;
  closePorts(ctx, pod, [container]);
  const next = setContainer(state, pod, index, (one) => {
    const restarts = one.restarts + 1;
    return {
      ...one,
      running: false,
      dead: false,
      ready: false,
      restarts,
      backOffUs: backOffUs(restarts),
      lastEnd: { ...exit, startedAtUs: one.startedAtUs, finishedAtUs: ctx.nowUs },
      probes: {},
    };
  });
  const restarts = next?.containers[index]?.restarts ?? 1;
  if (restarts > 1) {
    const { name, namespace, uid } = pod.metadata;
    const message = `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`;
    ctx.recordEvent(pod, "Warning", "BackOff", message, "kubelet");
  }
  writeStatus(ctx, state, pod);
  scheduleRestart(ctx, pod, index, restarts);
}

/** None for the first time: it is started again at once. */
function backOffUs(restarts: number): number {
  return restarts === 1
    ? RESTART_US
    : Math.min(BACK_OFF_US.initial * 2 ** (restarts - 2), BACK_OFF_US.max);
}

export function scheduleRestart(
  ctx: ControlContext,
  pod: Pod,
  index: number,
  restarts: number,
): void {
  ctx.schedule(backOffUs(restarts), {
    type: "containerRestartDue",
    pod: shortKey(pod),
    uid: pod.metadata.uid,
    container: index,
    background: restarts > 1,
  } satisfies RestartDue);
}
