import { matchesLabels, matchesSelector } from "../../../core/api/labels";
import type { KubeObject, Pod } from "../../../core/api/types";
import { type KubeApi, notFound } from "../api";
import { failure, statusFailure } from "../failure";
import { typeOfKind } from "../resources";
import { typeNamed } from "../targets";
import type { Kubectl } from "../verb";

/** `NAME`, `pod/NAME`, `deploy/NAME`: a pod, or the first of those that belong to a workload or Service. */
export function podOf({ api, namespace }: Kubectl, given: string): Pod {
  const slash = given.indexOf("/");
  const type = slash < 0 ? typeOfKind("Pod") : typeNamed(given.slice(0, slash));
  const name = given.slice(slash + 1);
  const object = api.find(type, namespace, name);
  if (!object) throw statusFailure(notFound(type, name));
  if (object.kind === "Pod") return object;
  const pods = podsOf(api, object);
  const [first] = pods;
  if (!first) throw failure(`timed out waiting for the condition`);
  return first;
}

/** Those that run first, then the oldest. */
function podsOf(api: KubeApi, object: KubeObject): readonly Pod[] {
  const selects = (pod: Pod): boolean => {
    switch (object.kind) {
      case "Service":
        return matchesLabels(object.spec.selector, pod.metadata.labels);
      case "Deployment":
      case "ReplicaSet":
      case "DaemonSet":
        return matchesSelector(object.spec.selector, pod.metadata.labels);
      default:
        throw failure(
          `cannot attach to *${object.kind}: selector for *${object.kind} not implemented`,
        );
    }
  };
  const pods = api.list(typeOfKind("Pod"), {
    namespace: object.metadata.namespace,
  }) as readonly Pod[];
  const rank = (pod: Pod) =>
    pod.metadata.deletionTimestamp ? 2 : pod.status.phase === "Running" ? 0 : 1;
  return pods.filter(selects).sort((a, b) => rank(a) - rank(b));
}

/** The container that `-c` names, or the first. */
export function containerOf(pod: Pod, given: string | undefined): string {
  const names = pod.spec.containers.map(({ name }) => name);
  if (given === undefined) return names[0] ?? "";
  if (!names.includes(given))
    throw failure(`container ${given} not found in pod ${pod.metadata.name}`);
  return given;
}
