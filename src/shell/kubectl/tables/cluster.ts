import type { Host, KubeEvent, KubeObject, Namespace, Node } from "../../../core/api/types";
import { formatAge } from "../time";
import { columns, NONE, type TableOf } from "./table";

export const nodeTable: TableOf<Node> = {
  columns: columns(
    "Name|Status|Roles|Age|Version|*Internal-IP|*External-IP|*OS-Image|*Kernel-Version|*Container-Runtime",
  ),
  row: (node, { nowUs }) => {
    const { nodeInfo } = node.status;
    const address = (type: string) =>
      node.status.addresses.find((one) => one.type === type)?.address ?? NONE;
    return [
      node.metadata.name,
      nodeStatus(node),
      nodeRoles(node).join(",") || NONE,
      formatAge(node.metadata.creationTimestamp, nowUs),
      nodeInfo?.kubeletVersion ?? "",
      address("InternalIP"),
      address("ExternalIP"),
      nodeInfo?.osImage || "<unknown>",
      nodeInfo?.kernelVersion || "<unknown>",
      nodeInfo?.containerRuntimeVersion || "<unknown>",
    ];
  },
};

function nodeStatus({ spec, status }: Node): string {
  const ready = status.conditions.find(({ type }) => type === "Ready");
  const words = [ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown"];
  if (spec.unschedulable) words.push("SchedulingDisabled");
  return words.join(",");
}

const ROLE_LABEL = "node-role.kubernetes.io/";

export function nodeRoles({ metadata }: Node): readonly string[] {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_LABEL)) return [key.slice(ROLE_LABEL.length)];
    return key === "kubernetes.io/role" && value !== "" ? [value] : [];
  });
  return roles.filter((role) => role !== "").sort();
}

export const namespaceTable: TableOf<Namespace> = {
  columns: columns("Name|Status|Age"),
  row: ({ metadata, status }, { nowUs }) => [
    metadata.name,
    status?.phase ?? "Active",
    formatAge(metadata.creationTimestamp, nowUs),
  ],
};

export const eventTable: TableOf<KubeEvent> = {
  columns: columns(
    "Last Seen|Type|Reason|Object|*Subobject|*Source|Message|*First Seen|*Count|*Name",
  ),
  row: (event, { nowUs }) => {
    const { component, host } = event.source;
    return [
      formatAge(event.lastTimestamp, nowUs),
      event.type,
      event.reason,
      `${event.involvedObject.kind.toLowerCase()}/${event.involvedObject.name}`,
      event.involvedObject.fieldPath ?? "",
      host ? `${component}, ${host}` : component,
      event.message.trim(),
      formatAge(event.firstTimestamp, nowUs),
      event.count,
      event.metadata.name,
    ];
  },
};

/** Ours; printed as a custom resource would be. */
export const hostTable: TableOf<Host> = {
  columns: columns("Name|Zone|IP|Age"),
  row: ({ metadata, spec }, { nowUs }) => [
    metadata.name,
    spec.zone,
    spec.ip,
    formatAge(metadata.creationTimestamp, nowUs),
  ],
};

/** What the server prints of a kind that it has no columns for. */
export const plainTable: TableOf<KubeObject> = {
  columns: columns("Name|Age"),
  row: ({ metadata }, { nowUs }) => [metadata.name, formatAge(metadata.creationTimestamp, nowUs)],
};
