import { fieldOf } from "../../../core/api/json";
import type { Pod } from "../../../core/api/types";
import { parseTimestamp } from "../../../core/sim/time";
import type { KubeApi } from "../api";
import { formatDuration, formatLongTime } from "../time";
import { describeContainers } from "./containers";
import { describeEvents } from "./events";
import { describeVolumes, nodeSelectors, tolerations } from "./pod-template";
import { DescribeWriter } from "./writer";

/** Source: kubectl/pkg/describe/describe.go, describePod. */
export function describePod(pod: Pod, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, spec, status } = pod;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Namespace:\t${metadata.namespace}`);
  writer.line(0, `Priority:\t${String(fieldOf(spec, "priority") ?? 0)}`);
  writer.line(0, `Service Account:\t${String(fieldOf(spec, "serviceAccountName") ?? "")}`);
  writer.line(
    0,
    `Node:\t${spec.nodeName === undefined ? "<none>" : `${spec.nodeName}/${status.hostIP ?? ""}`}`,
  );
  if (status.startTime !== undefined)
    writer.line(0, `Start Time:\t${formatLongTime(status.startTime)}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  describeStatus(writer, pod, api.nowUs);
  const ips = status.podIPs ?? [];
  writer.line(0, `IP:\t${status.podIP ?? ""}`);
  writer.line(0, `IPs:${ips.length === 0 ? "\t<none>" : ""}`);
  for (const { ip } of ips) writer.line(1, `IP:\t${ip}`);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) writer.line(0, `Controlled By:\t${owner.kind}/${owner.name}`);
  const inits = fieldOf(status, "initContainerStatuses") as typeof status.containerStatuses;
  if (spec.initContainers?.length)
    describeContainers(writer, "Init Containers", spec.initContainers, inits ?? [], "");
  describeContainers(writer, "Containers", spec.containers, status.containerStatuses ?? [], "");
  describeGates(writer, pod);
  const conditions = status.conditions ?? [];
  if (conditions.length > 0) {
    writer.line(0, "Conditions:");
    writer.line(1, "Type\tStatus");
    for (const { type, status: value } of conditions) writer.line(1, `${type} \t${value} `);
  }
  describeVolumes(writer, spec, "");
  const quality = fieldOf(status, "qosClass");
  if (quality !== undefined) writer.line(0, `QoS Class:\t${String(quality)}`);
  nodeSelectors(writer, "Node-Selectors", spec.nodeSelector);
  tolerations(writer, "Tolerations", spec.tolerations);
  describeEvents(writer, api, pod);
  return writer.text;
}

function describeStatus(
  writer: DescribeWriter,
  { metadata, spec, status }: Pod,
  nowUs: number,
): void {
  const deletedAtUs = parseTimestamp(metadata.deletionTimestamp);
  if (deletedAtUs === undefined) writer.line(0, `Status:\t${status.phase}`);
  else {
    writer.line(0, `Status:\tTerminating (lasts ${formatDuration(nowUs - deletedAtUs)})`);
    const grace =
      fieldOf(metadata, "deletionGracePeriodSeconds") ?? spec.terminationGracePeriodSeconds;
    writer.line(0, `Termination Grace Period:\t${String(grace ?? 30)}s`);
  }
  if (status.reason) writer.line(0, `Reason:\t${status.reason}`);
  if (status.message) writer.line(0, `Message:\t${status.message}`);
}

function describeGates(writer: DescribeWriter, { spec, status }: Pod): void {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return;
  writer.line(0, "Readiness Gates:");
  writer.line(1, "Type\tStatus");
  for (const { conditionType } of gates) {
    const found = status.conditions?.find(({ type }) => type === conditionType);
    writer.line(1, `${conditionType}\t${found?.status ?? "<none>"} `);
  }
}
