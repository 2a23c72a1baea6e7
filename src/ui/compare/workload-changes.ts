import type { Container, DaemonSet, Deployment, ReplicaSet } from "../../core/api/types";
import type { Edit } from "../../worker/what-if-protocol";
import { parseNumber } from "../edit/text-values";
import { type ChangeKind, patchOf } from "./change-kind";

type Workload = Deployment | ReplicaSet | DaemonSet;

/** How many pods, and what its first container is made of and asked for. */
export function workloadChanges(workload: Workload): readonly ChangeKind[] {
  const [container] = workload.spec.template.spec.containers;
  return [
    ...(workload.kind === "DaemonSet" ? [] : [replicasOf(workload)]),
    ...(container ? [probeOf(workload, container), imageOf(workload, container)] : []),
  ];
}

function replicasOf(workload: Deployment | ReplicaSet): ChangeKind {
  return {
    id: "replicas",
    label: "replicas",
    value: { label: "replicas", initial: String(workload.spec.replicas + 1) },
    edit: (value) => {
      const replicas = parseNumber(value);
      return replicas === undefined ? undefined : patchOf(workload, { spec: { replicas } });
    },
  };
}

const NONE = "none";

/** `none`, or `8080/ready`: an HTTP GET of that path on that port. */
function probeOf(workload: Workload, container: Container): ChangeKind {
  const port = container.ports?.[0]?.containerPort ?? 80;
  return {
    id: "readinessProbe",
    label: "readiness probe",
    value: {
      label: "readiness probe: port/path, or none",
      initial: container.readinessProbe ? NONE : `${port}/`,
    },
    edit: (value) => {
      const text = value.trim();
      const slash = text.includes("/") ? text.indexOf("/") : text.length;
      const asked = { port: parseNumber(text.slice(0, slash)), path: text.slice(slash) || "/" };
      if (text === "") return undefined;
      return withContainer(workload, { readinessProbe: text === NONE ? null : { httpGet: asked } });
    },
  };
}

function imageOf(workload: Workload, container: Container): ChangeKind {
  return {
    id: "image",
    label: "image",
    value: { label: "image", initial: container.image },
    edit: (value) => withContainer(workload, { image: value }),
  };
}

/** A merge patch replaces lists whole; null takes a field away. */
function withContainer(workload: Workload, change: Readonly<Record<string, unknown>>): Edit {
  const [first, ...others] = workload.spec.template.spec.containers;
  const fields = Object.entries({ ...first, ...change }).filter(([, value]) => value !== null);
  const containers = [Object.fromEntries(fields), ...others];
  return patchOf(workload, { spec: { template: { spec: { containers } } } });
}
