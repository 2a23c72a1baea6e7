import type { CheckPurpose } from "../controllers/check";
import { followTarget, hearTarget } from "../controllers/cloud/health-checks";
import type { ControlContext } from "../controllers/context";
import type { ControlState } from "../kubelet/control";
import { followProbe, hearProbe } from "../kubelet/probes";
import { badRequest, type CommandResult } from "./command";
import type { EndedCheck } from "./requests";

/** Sends a check's packets for somebody to follow. */
export function executeCheck(
  ctx: ControlContext,
  state: ControlState,
  purpose: CheckPurpose,
): CommandResult {
  const sent =
    purpose.kind === "probe"
      ? followProbe(ctx, state, purpose)
      : followTarget(ctx, state.controllers, purpose);
  return sent.ok ? { ok: true, applied: [], journey: sent.journey } : badRequest(sent.error);
}

/** They have arrived, or are lost: whoever sent them draws the conclusions. */
export function hearCheck(
  ctx: ControlContext,
  state: ControlState,
  { purpose, sentAtUs, answer }: EndedCheck,
): void {
  if (purpose.kind === "probe") hearProbe(ctx, state, purpose, sentAtUs, answer);
  else hearTarget(ctx, state.controllers, purpose, sentAtUs, answer);
}
