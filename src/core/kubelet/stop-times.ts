import type { Container, Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { SECOND } from "../sim/time";

/** Source: Kubernetes' default of spec.terminationGracePeriodSeconds. */
const DEFAULT_GRACE_SECONDS = 30;
/** What is left of the grace period after a long hook. Source: kuberuntime, minimumGracePeriodInSeconds. */
const LEAST_GRACE_US = 2 * SECOND;
const SHELL_SLEEP = /^sleep (\d+(?:\.\d+)?)s?$/;

/** How long preStop hooks hold SIGTERM back: they run side by side, at most for the grace period. */
export function preStopUs(pod: Pod): number {
  const hooks = pod.spec.containers.map((container) => sleepSeconds(container) * SECOND);
  return Math.min(Math.max(0, ...hooks), graceUs(pod));
}

/** How long programs go on after SIGTERM before they leave, or are killed. */
export function exitTimeUs(ctx: ControlContext, pod: Pod): number {
  const left = Math.max(graceUs(pod) - preStopUs(pod), LEAST_GRACE_US);
  const drains = pod.spec.containers.map((container) => ctx.drainUsOf(container));
  return Math.min(Math.max(0, ...drains), left);
}

function graceUs({ spec }: Pod): number {
  return Math.max(0, spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * SECOND;
}

/** Simplified: of hooks, those that sleep take time (`sleep: {seconds}`, or a command that is `sleep N`); others none. */
function sleepSeconds({ lifecycle }: Container): number {
  const { sleep, exec } = lifecycle?.preStop ?? {};
  if (sleep) return sleep.seconds ?? 0;
  const command = exec?.command ?? [];
  const line = /^(.*\/)?(ba|da|a)?sh$/.test(command[0] ?? "")
    ? (command[2] ?? "")
    : command.join(" ");
  const seconds = SHELL_SLEEP.exec(line.trim().replace(/^\/\S*\//, ""))?.[1];
  return seconds === undefined ? 0 : Number(seconds);
}
