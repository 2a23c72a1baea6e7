import fc from "fast-check";
import type { Command, EditCommand } from "../cluster/command";
import type { World } from "../cluster/world";
import { SECOND } from "../sim/time";
import { nodeName, podsOf, type RandomCluster } from "./random-cluster";

/** Numbers that pick among what there is at the time. */
export interface RandomStep {
  readonly what: (typeof KINDS)[number];
  readonly pick: number;
  readonly other: number;
  readonly afterUs: number;
}

const KINDS = [
  "send",
  "burst",
  "scale",
  "label",
  "retarget",
  "deletePod",
  "deleteService",
  "readiness",
  "killContainer",
  "stopProxy",
  "powerOff",
  "cordon",
  "undo",
  "redo",
] as const;

export const randomSteps: fc.Arbitrary<readonly RandomStep[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...KINDS),
    pick: fc.nat({ max: 11 }),
    other: fc.nat({ max: 11 }),
    afterUs: fc.constantFrom(0, 1, 700_000, 3 * SECOND, 45 * SECOND),
  }),
  { minLength: 1, maxLength: 10 },
);

/** The step's command in this world; undefined when there is nothing to do it to. */
export function commandOf(
  cluster: RandomCluster,
  world: World,
  { what, pick, other }: RandomStep,
): Command | undefined {
  const service = among(cluster.services, pick);
  const source = among(["host/user", "host/vm", `node/${nodeName(0)}`], other);
  switch (what) {
    case "send":
    case "burst": {
      if (!service || !source) return undefined;
      const to = `svc/${service.namespace}/${service.name}:80`;
      return what === "send"
        ? { type: "send", from: source, to }
        : { type: "burst", from: source, to, count: 5, intervalUs: 10_000 };
    }
    case "undo":
    case "redo":
      return { type: what };
    default:
      return editOf(cluster, world, { what, pick, other });
  }
}

/** An edit that changes what the world now has. */
export function editOf(
  cluster: RandomCluster,
  world: World,
  { what, pick, other }: Omit<RandomStep, "afterUs">,
): EditCommand | undefined {
  const app = among(cluster.apps, pick);
  const service = among(cluster.services, pick);
  const pod = app && among(podsOf(world, app), other);
  const node = nodeName(pick % cluster.nodes);
  switch (what) {
    case "scale": {
      const key = `Deployment/${app?.namespace}/${app?.name}`;
      return { type: "patch", key, patch: { spec: { replicas: other % 5 } } };
    }
    case "label": {
      if (!pod) return undefined;
      const { namespace, name } = pod.metadata;
      const patch = { metadata: { labels: { app: `app-${other % 4}` } } };
      return { type: "patch", key: `Pod/${namespace}/${name}`, patch };
    }
    case "retarget": {
      if (!service) return undefined;
      const key = `Service/${service.namespace}/${service.name}`;
      const patch = { spec: { selector: { app: `app-${other % 4}` } } };
      return { type: "patch", key, patch };
    }
    case "deletePod":
      return pod && { type: "delete", key: `Pod/${pod.metadata.namespace}/${pod.metadata.name}` };
    case "deleteService":
      return service && { type: "delete", key: `Service/${service.namespace}/${service.name}` };
    case "readiness": {
      if (!pod) return undefined;
      const { namespace, name } = pod.metadata;
      return { type: "setReadiness", namespace, pod: name, ready: other % 2 === 0 };
    }
    case "killContainer":
      return (
        pod && { type: "killContainer", namespace: pod.metadata.namespace, pod: pod.metadata.name }
      );
    case "stopProxy":
      return { type: "setProxy", node, running: other % 3 === 0 };
    case "powerOff":
      return { type: "setPower", node, on: other % 3 === 0 };
    case "cordon":
      return { type: "patch", key: `Node/${node}`, patch: { spec: { unschedulable: true } } };
    default:
      return undefined;
  }
}

function among<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}
