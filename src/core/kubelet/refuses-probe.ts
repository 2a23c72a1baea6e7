import type { Store } from "../api/store";
import type { Listener } from "../dataplane/netns";
import { type HttpRequest, type HttpResponse, reasonOf } from "../net/http-message";
import type { ControlState } from "./control";
import { probePath, probePort } from "./probe-check";

/** A pod that somebody made not ready answers so to whoever asks what its readiness probe asks. */
export function refusesProbe(
  store: Store,
  { kubelets }: ControlState,
  { owner, port }: Listener,
  { path }: HttpRequest,
): HttpResponse | undefined {
  const [kind, namespace = "", name = ""] = owner.split("/");
  if (kind !== "pod" || !kubelets.pods.get(`${namespace}/${name}`)?.failedByHand) return undefined;
  const pod = store.find("Pod", namespace, name);
  const isAsked = pod?.spec.containers.some((container) => {
    const { readinessProbe: probe } = container;
    return probe && probePort(container, probe) === port && probePath(probe) === path;
  });
  return isAsked ? { status: 503, reason: reasonOf(503) } : undefined;
}
