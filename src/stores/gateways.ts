import type { GatewayView } from "../worker/gateway-protocol";
import type { MirrorRecords } from "./mirror";

const NONE: readonly GatewayView[] = [];

export function gatewaysOf(records: MirrorRecords): readonly GatewayView[] {
  const record = records.get("gateways");
  return record?.type === "gateways" ? record.value : NONE;
}
