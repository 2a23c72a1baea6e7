import type { ContainerStatus, Pod } from "../../../core/api/types";
import { formatAge } from "../time";
import { type Cell, columns, NONE, type RowContext, type TableOf } from "./table";

export const podTable: TableOf<Pod> = {
  columns: columns("Name|Ready|Status|Restarts|Age|*IP|*Node|*Nominated Node|*Readiness Gates"),
  row: (pod, { nowUs }) => {
    const statuses = pod.status.containerStatuses ?? [];
    const ready = statuses.filter((one) => one.ready && one.state.running).length;
    return [
      pod.metadata.name,
      `${ready}/${pod.spec.containers.length}`,
      podReason(pod),
      restarts(pod, { nowUs }),
      formatAge(pod.metadata.creationTimestamp, nowUs),
      pod.status.podIP ?? NONE,
      pod.spec.nodeName ?? NONE,
      NONE,
      readinessGates(pod),
    ];
  },
};

/** What STATUS says. */
export function podReason(pod: Pod): string {
  let reason: string = pod.status.reason || pod.status.phase;
  const statuses = [...(pod.status.containerStatuses ?? [])].reverse();
  let running = false;
  for (const { state, ready } of statuses) {
    if (state.waiting?.reason) reason = state.waiting.reason;
    else if (state.terminated) reason = terminatedReason(state.terminated);
    else if (ready && state.running) running = true;
  }
  if (reason === "Completed" && running)
    reason = isConditionTrue(pod, "Ready") ? "Running" : "NotReady";
  if (pod.metadata.deletionTimestamp)
    return pod.status.reason === "NodeLost" ? "Unknown" : "Terminating";
  return reason;
}

function terminatedReason(terminated: NonNullable<ContainerStatus["state"]["terminated"]>): string {
  return terminated.reason || `ExitCode:${terminated.exitCode}`;
}

function isConditionTrue(pod: Pod, type: string): boolean {
  return (pod.status.conditions ?? []).some((one) => one.type === type && one.status === "True");
}

function restarts(pod: Pod, { nowUs }: RowContext): Cell {
  let count = 0;
  let last: string | undefined;
  for (const status of pod.status.containerStatuses ?? []) {
    count += status.restartCount;
    const finished = status.lastState?.terminated?.finishedAt;
    if (finished !== undefined && (last === undefined || finished > last)) last = finished;
  }
  return count > 0 && last !== undefined ? `${count} (${formatAge(last, nowUs)} ago)` : count;
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const passed = gates.filter(({ conditionType }) =>
    (status.conditions ?? []).some((one) => one.type === conditionType && one.status === "True"),
  );
  return `${passed.length}/${gates.length}`;
}
