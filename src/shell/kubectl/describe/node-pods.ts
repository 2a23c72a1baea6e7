import { fieldOf } from "../../../core/api/json";
import type { Node, Pod } from "../../../core/api/types";
import type { KubeApi } from "../api";
import { formatBytes, formatCpu, parseQuantity } from "../quantity";
import { typeOfKind } from "../resources";
import { formatAge } from "../time";
import type { DescribeWriter } from "./writer";

type Amount = "cpu" | "memory" | "ephemeral-storage";
type What = "requests" | "limits";

/** The pods of a node, and what they ask for of it. Source: kubectl/pkg/describe/describe.go, describeNodeResource. */
export function describeNodePods(writer: DescribeWriter, node: Node, api: KubeApi): void {
  const pods = (api.list(typeOfKind("Pod")) as readonly Pod[]).filter(
    ({ spec, status }) =>
      spec.nodeName === node.metadata.name &&
      status.phase !== "Succeeded" &&
      status.phase !== "Failed",
  );
  const cell = (list: readonly Pod[], what: What, amount: Amount) => {
    const sum = list.reduce((total, pod) => total + askedFor(pod, what, amount), 0);
    const capacity = parseQuantity(node.status.allocatable?.[amount] ?? "") ?? 0;
    const percent = capacity === 0 ? 0 : Math.trunc((sum * 100) / capacity);
    return `${amount === "cpu" ? formatCpu(sum) : formatBytes(sum)} (${percent}%)`;
  };
  writer.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  writer.line(
    1,
    "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge",
  );
  writer.line(
    1,
    "---------\t----\t\t------------\t----------\t---------------\t-------------\t---",
  );
  for (const pod of pods) {
    const cells = (["cpu", "memory"] as const).flatMap((amount) => [
      cell([pod], "requests", amount),
      cell([pod], "limits", amount),
    ]);
    const age = formatAge(pod.metadata.creationTimestamp, api.nowUs);
    const { namespace, name } = pod.metadata;
    writer.line(1, `${namespace}\t${name}\t\t${cells.join("\t")}\t${age}`);
  }
  writer.line(0, "Allocated resources:");
  writer.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
  writer.line(1, "Resource\tRequests\tLimits");
  writer.line(1, "--------\t--------\t------");
  for (const amount of ["cpu", "memory", "ephemeral-storage"] as const)
    writer.line(1, `${amount}\t${cell(pods, "requests", amount)}\t${cell(pods, "limits", amount)}`);
}

function askedFor({ spec }: Pod, what: What, amount: Amount): number {
  return spec.containers.reduce((sum, container) => {
    const given = fieldOf(fieldOf(fieldOf(container, "resources"), what), amount);
    return sum + (parseQuantity(String(given ?? "0")) ?? 0);
  }, 0);
}
