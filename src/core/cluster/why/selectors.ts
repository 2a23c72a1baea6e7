import { matchesLabels } from "../../api/labels";
import { type Labels, objectKey, type Pod, type Service } from "../../api/types";
import { controllerRef, isFinished } from "../../controllers/pod-facts";
import type { World } from "../world";
import { distance, kubectl, listed, podText, selectorText } from "./lines";
import { patch, podsIn, workloadsIn } from "./objects";
import type { Finding, Fix } from "./why";

/** Of pods that could have been meant. */
interface Candidate {
  readonly name: string;
  readonly labels: Labels;
  readonly key: string;
}

const MOST_CANDIDATES = 2;

/** A selector that finds no pod. `finished`: those that it finds and that will never run again. */
export function whyNothingSelected(
  world: World,
  service: Service,
  finished: readonly Pod[],
): Finding {
  const { namespace, name } = service.metadata;
  const selector = service.spec.selector ?? {};
  const near = candidates(world, service);
  const elsewhere = [...world.store.list("Pod")].filter(
    (pod) => pod.metadata.namespace !== namespace && matchesLabels(selector, pod.metadata.labels),
  );
  const [best] = near;
  const hint = best
    ? ` ${best.name} has ${selectorText(best.labels)}.`
    : elsewhere.length > 0
      ? ` ${listed(elsewhere.map(podText))} has these labels, but in another namespace: a selector finds pods of its own namespace only.`
      : "";
  const ended =
    finished.length > 0 ? ` (${listed(finished.map(podText))} has ended, and does not count)` : "";
  return {
    code: "SelectorMatchesNothing",
    title: "The Service's selector matches no pod",
    cause: `Service ${namespace}/${name} selects ${selectorText(selector)}, and no pod of namespace ${namespace} has these labels${ended}.${hint}`,
    objects: [objectKey(service), ...near.map(({ key }) => key), ...elsewhere.map(objectKey)],
    look: [
      kubectl(`get service ${name} -o jsonpath='{.spec.selector}'`, namespace, "{"),
      kubectl(
        `get pods -l ${selectorText(selector)}`,
        namespace,
        finished.length > 0 ? "Completed" : "No resources found",
      ),
      kubectl(
        "get pods --show-labels",
        namespace,
        podsIn(world, namespace).length > 0 ? "LABELS" : "No resources found",
      ),
    ],
    fix: near.map((candidate) => selecting(service, candidate)),
  };
}

function selecting(service: Service, { name, labels }: Candidate): Fix {
  const removed = Object.keys(service.spec.selector ?? {}).filter(
    (key) => labels[key] === undefined,
  );
  const selector = { ...Object.fromEntries(removed.map((key) => [key, null])), ...labels };
  return {
    title: `Select the pods of ${name} (${selectorText(labels)})`,
    edits: [patch(service, { spec: { selector } })],
  };
}

/** Workloads and single pods whose labels come near the selector's, or that have the Service's name. */
function candidates(world: World, service: Service): readonly Candidate[] {
  const { namespace } = service.metadata;
  const all: Candidate[] = [
    ...workloadsIn(world, namespace).map((workload) => ({
      name: `${workload.kind} ${workload.metadata.name}`,
      labels: workload.spec.selector.matchLabels ?? {},
      key: objectKey(workload),
    })),
    ...podsIn(world, namespace)
      .filter((pod) => !controllerRef(pod) && !isFinished(pod))
      .map((pod) => ({
        name: `pod ${pod.metadata.name}`,
        labels: pod.metadata.labels ?? {},
        key: objectKey(pod),
      })),
  ];
  return all
    .map((candidate) => ({ candidate, score: nearness(service, candidate) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_CANDIDATES)
    .map(({ candidate }) => candidate);
}

function nearness({ metadata, spec }: Service, { name, labels }: Candidate): number {
  const values = Object.values(labels);
  if (values.length === 0) return 0;
  let score = name.endsWith(` ${metadata.name}`) || values.includes(metadata.name) ? 2 : 0;
  for (const [key, value] of Object.entries(spec.selector ?? {})) {
    const has = labels[key];
    if (has === value) score += 3;
    else if (values.includes(value)) score += 2;
    else if (has !== undefined && distance(has.toLowerCase(), value.toLowerCase()) <= 2) score += 2;
  }
  return score;
}
