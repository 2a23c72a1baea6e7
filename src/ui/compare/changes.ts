import type { KubeObject, Node, Pod, Service } from "../../core/api/types";
import { type MirrorRecords, nodeRuntimesOf, objectsOf } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { isHeldUnready } from "../../stores/run-facts";
import type { Edit } from "../../worker/what-if-protocol";
import { patchBetween } from "../edit/manifest";
import { formatPairs, parsePairs } from "../edit/text-values";
import { type ChangeKind, patchOf } from "./change-kind";
import { workloadChanges } from "./workload-changes";

const KINDS = ["Service", "Deployment", "ReplicaSet", "DaemonSet", "Pod", "Node", "Host"] as const;

/** What can be chosen to be different, the user's own objects first. */
export function changeable(records: MirrorRecords): readonly KubeObject[] {
  const all = KINDS.flatMap((kind): readonly KubeObject[] => objectsOf(records, kind));
  return [...all].sort((a, b) => Number(isSystem(a)) - Number(isSystem(b)));
}

function isSystem({ kind, metadata: { namespace, name } }: KubeObject): boolean {
  return namespace === "kube-system" || (kind === "Service" && name === "kubernetes");
}

export function changesOf(object: KubeObject, records: MirrorRecords): readonly ChangeKind[] {
  return [...ownChanges(object, records), labelChange(object), deletion(object)];
}

function ownChanges(object: KubeObject, records: MirrorRecords): readonly ChangeKind[] {
  switch (object.kind) {
    case "Service":
      return serviceChanges(object);
    case "Deployment":
    case "ReplicaSet":
    case "DaemonSet":
      return workloadChanges(object);
    case "Pod":
      return podChanges(object, records);
    case "Node":
      return nodeChanges(object, records);
    default:
      return [];
  }
}

const POLICIES = ["Cluster", "Local"] as const;

function serviceChanges(service: Service): readonly ChangeKind[] {
  const { type, externalTrafficPolicy, internalTrafficPolicy, sessionAffinity, clusterIP } =
    service.spec;
  const choice = (field: string, choices: readonly string[], now: string): ChangeKind => ({
    id: field,
    label: field,
    value: { label: field, choices, initial: choices.find((one) => one !== now) ?? now },
    edit: (value) => patchOf(service, { spec: { [field]: value } }),
  });
  if (type === "ExternalName") return [];
  const isExternal = type === "NodePort" || type === "LoadBalancer";
  return [
    ...(isExternal
      ? [choice("externalTrafficPolicy", POLICIES, externalTrafficPolicy ?? "Cluster")]
      : []),
    choice("internalTrafficPolicy", POLICIES, internalTrafficPolicy ?? "Cluster"),
    choice("sessionAffinity", ["None", "ClientIP"], sessionAffinity ?? "None"),
    ...(clusterIP === "None"
      ? []
      : [choice("type", ["ClusterIP", "NodePort", "LoadBalancer"], type)]),
    selectorChange(service),
  ];
}

function selectorChange(service: Service): ChangeKind {
  const { selector } = service.spec;
  return {
    id: "selector",
    label: "selector",
    value: { label: "selector", initial: formatPairs(selector) },
    edit: (value) => {
      const patch = patchBetween({ spec: { selector } }, { spec: { selector: parsePairs(value) } });
      return patch && patchOf(service, patch);
    },
  };
}

function podChanges(pod: Pod, records: MirrorRecords): readonly ChangeKind[] {
  const { namespace, name } = pod.metadata;
  const ready = isHeldUnready(records, keyOf(pod));
  return [
    {
      id: "readiness",
      label: ready ? "let its probes pass" : "fail its readiness probe",
      edit: () => ({ type: "setReadiness", namespace, pod: name, ready }),
    },
    ...pod.spec.containers.map(
      ({ name: container }): ChangeKind => ({
        id: `kill ${container}`,
        label: `kill container ${container}`,
        edit: () => ({ type: "killContainer", namespace, pod: name, container }),
      }),
    ),
  ];
}

function nodeChanges(node: Node, records: MirrorRecords): readonly ChangeKind[] {
  const { name } = node.metadata;
  const runtime = nodeRuntimesOf(records).find((one) => one.node === name);
  const isCordoned = node.spec.unschedulable === true;
  const order = (label: string, edit: Edit): ChangeKind => ({ id: label, label, edit: () => edit });
  const on = !runtime?.up;
  const running = runtime?.proxyHalted ?? false;
  return [
    ...(runtime
      ? [
          order(`power ${on ? "on" : "off"}`, { type: "setPower", node: name, on }),
          order(`${running ? "start" : "stop"} kube-proxy`, {
            type: "setProxy",
            node: name,
            running,
          }),
        ]
      : []),
    order("drain", { type: "drain", node: name }),
    order(
      isCordoned ? "uncordon" : "cordon",
      patchOf(node, { spec: { unschedulable: isCordoned ? null : true } }),
    ),
  ];
}

/** `app=other` sets a label, `app-` takes one away, as `kubectl label` has it. */
function labelChange(object: KubeObject): ChangeKind {
  const [first] = Object.keys(object.metadata.labels ?? {}).filter(
    (key) => key !== "pod-template-hash",
  );
  return {
    id: "label",
    label: "a label",
    value: { label: "label: key=value, or key- to remove it", initial: first ? `${first}-` : "" },
    edit: (value) => {
      const text = value.trim();
      const labels = /^[^\s=]+-$/.test(text) ? { [text.slice(0, -1)]: null } : parsePairs(text);
      return labels && patchOf(object, { metadata: { labels } });
    },
  };
}

function deletion(object: KubeObject): ChangeKind {
  return { id: "delete", label: "delete it", edit: () => ({ type: "delete", key: keyOf(object) }) };
}
