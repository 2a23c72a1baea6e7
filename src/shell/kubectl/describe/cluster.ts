import { fieldOf } from "../../../core/api/json";
import type { Host, KubeObject, Namespace, Node } from "../../../core/api/types";
import type { KubeApi } from "../api";
import { formatYaml } from "../output/yaml";
import { nodeRoles } from "../tables/cluster";
import { formatLongTime } from "../time";
import { describeEvents } from "./events";
import { describeNodePods } from "./node-pods";
import { DescribeWriter } from "./writer";

const NO_TIME = "Mon, 01 Jan 0001 00:00:00 +0000";

/** Source: kubectl/pkg/describe/describe.go, describeNode. Simplified: leases are not modelled. */
export function describeNode(node: Node, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, spec, status } = node;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Roles:\t${nodeRoles(node).join(",") || "<none>"}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  writer.line(0, `CreationTimestamp:\t${formatLongTime(metadata.creationTimestamp ?? "")}`);
  const taints = (spec.taints ?? []).map(
    ({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`,
  );
  for (const [index, taint] of (taints.length > 0 ? taints.sort() : ["<none>"]).entries())
    writer.line(0, `${index === 0 ? "Taints:" : ""}\t${taint}`);
  writer.line(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
  writer.line(
    0,
    `Lease:\tFailed to get lease: leases.coordination.k8s.io "${metadata.name}" not found`,
  );
  if (status.conditions.length > 0) {
    writer.line(0, "Conditions:");
    writer.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    writer.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for (const one of status.conditions) {
      const heartbeat = fieldOf(one, "lastHeartbeatTime");
      const times = [heartbeat, one.lastTransitionTime].map((time) =>
        typeof time === "string" ? formatLongTime(time) : NO_TIME,
      );
      writer.line(
        1,
        `${one.type} \t${one.status} \t${times.join(" \t")} \t${one.reason ?? ""} \t${one.message ?? ""}`,
      );
    }
  }
  writer.line(0, "Addresses:");
  for (const { type, address } of status.addresses) writer.line(1, `${type}:\t${address}`);
  amounts(writer, "Capacity", status.capacity);
  amounts(writer, "Allocatable", status.allocatable);
  describeSystem(writer, status.nodeInfo ?? {});
  if (spec.podCIDR) writer.line(0, `PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs?.length) writer.line(0, `PodCIDRs:\t${spec.podCIDRs.join(",")}`);
  if (spec.providerID) writer.line(0, `ProviderID:\t${spec.providerID}`);
  describeNodePods(writer, node, api);
  describeEvents(writer, api, node);
  return writer.text;
}

function amounts(
  writer: DescribeWriter,
  title: string,
  values: Readonly<Record<string, string>> | undefined,
): void {
  if (!values || Object.keys(values).length === 0) return;
  writer.line(0, `${title}:`);
  for (const name of Object.keys(values).sort()) writer.line(1, `${name}:\t${values[name]}`);
}

const SYSTEM_INFO = [
  ["Machine ID", "machineID"],
  ["System UUID", "systemUUID"],
  ["Boot ID", "bootID"],
  ["Kernel Version", "kernelVersion"],
  ["OS Image", "osImage"],
  ["Operating System", "operatingSystem"],
  ["Architecture", "architecture"],
  ["Container Runtime Version", "containerRuntimeVersion"],
  ["Kubelet Version", "kubeletVersion"],
  ["Kube-Proxy Version", "kubeProxyVersion"],
] as const;

function describeSystem(writer: DescribeWriter, info: Readonly<Record<string, string>>): void {
  writer.line(0, "System Info:");
  for (const [title, field] of SYSTEM_INFO) writer.line(1, `${title}:\t${info[field] ?? ""}`);
}

export function describeNamespace({ metadata, status }: Namespace): string {
  const writer = new DescribeWriter();
  writer.line(0, `Name:\t${metadata.name}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  writer.line(0, `Status:\t${status?.phase ?? "Active"}`);
  writer.line(0, "\nNo resource quota.");
  writer.line(0, "\nNo LimitRange resource.");
  return writer.text;
}

/** A kind that kubectl has no words for: its fields as they are. */
export function describeOther(object: Host | KubeObject, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { name, namespace = "", labels, annotations } = object.metadata;
  writer.line(0, `Name:\t${name}`);
  writer.line(0, `Namespace:\t${namespace}`);
  writer.labels("Labels", labels);
  writer.annotations(annotations);
  writer.line(0, `API Version:\t${object.apiVersion}`);
  writer.line(0, `Kind:\t${object.kind}`);
  const { apiVersion: _, kind: __, metadata, ...fields } = object;
  writer.line(0, "Metadata:");
  writer.line(1, `Creation Timestamp:\t${metadata.creationTimestamp ?? ""}`);
  writer.line(1, `Resource Version:\t${metadata.resourceVersion}`);
  writer.line(1, `UID:\t${metadata.uid}`);
  writer.raw(
    formatYaml(fields).replace(
      /^( *)([a-z])(\w*):/gm,
      (_match, space: string, first: string, rest: string) =>
        `${space}${first.toUpperCase()}${rest}:`,
    ),
  );
  describeEvents(writer, api, object);
  return writer.text;
}
