import type { Pod } from "../api/types";
import { shortKey } from "../controllers/objects";
import type { ControlState } from "./control";
import type { ContainerRuntime, PodRuntime } from "./state";

export function setContainer(
  state: ControlState,
  pod: Pod,
  index: number,
  change: (one: ContainerRuntime) => ContainerRuntime,
): PodRuntime | undefined {
  const key = shortKey(pod);
  const runtime = state.kubelets.pods.get(key);
  if (!runtime) return undefined;
  const containers = runtime.containers.map((one, at) => (at === index ? change(one) : one));
  const next = { ...runtime, containers };
  state.kubelets.pods.set(key, next);
  return next;
}
