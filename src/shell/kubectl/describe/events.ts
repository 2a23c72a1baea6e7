import type { KubeEvent, KubeObject } from "../../../core/api/types";
import type { KubeApi } from "../api";
import { typeOfKind } from "../resources";
import { lastSeen } from "../verbs/events";
import type { DescribeWriter } from "./writer";

/** What was said about an object, the oldest first. */
export function describeEvents(writer: DescribeWriter, api: KubeApi, object: KubeObject): void {
  const { kind, metadata } = object;
  const events = (api.list(typeOfKind("Event")) as readonly KubeEvent[])
    .filter(({ involvedObject: about }) => about.kind === kind && about.name === metadata.name)
    .filter(({ involvedObject: about }) => about.namespace === (metadata.namespace ?? ""))
    .filter(({ involvedObject: about }) => about.uid === undefined || about.uid === metadata.uid);
  if (events.length === 0) {
    writer.line(0, "Events:\t<none>");
    return;
  }
  writer.line(0, "Events:");
  writer.line(1, "Type\tReason\tAge\tFrom\tMessage");
  writer.line(1, "----\t------\t----\t----\t-------");
  const sorted = [...events].sort((a, b) =>
    a.lastTimestamp < b.lastTimestamp ? -1 : a.lastTimestamp > b.lastTimestamp ? 1 : 0,
  );
  for (const event of sorted) {
    const age = lastSeen(event, api.nowUs);
    writer.line(
      1,
      `${event.type}\t${event.reason}\t${age}\t${event.source.component}\t${event.message.trim()}`,
    );
  }
}
