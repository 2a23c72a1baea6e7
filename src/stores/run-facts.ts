import type { ObjectKey } from "../core/api/types";
import type { MirrorRecords } from "./mirror";

/** The pod is not ready because somebody said so, here or in the document it came with; its probes have no say. */
export function isHeldUnready(records: MirrorRecords, pod: ObjectKey): boolean {
  const record = records.get("unready");
  return record?.type === "unready" && record.value.includes(pod);
}

/** Where the run begins; there is no moment before it. */
export function startUsOf(records: MirrorRecords): number {
  const record = records.get("run");
  return record?.type === "run" ? record.value.startUs : 0;
}
