import { portsOf } from "./bridge";
import { endByHook } from "./endings";
import type { HopDraft, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hasHooks, runHook } from "./netfilter/hooks";
import { type At, go, hookInput, onward, STAGE_US } from "./stage";

/** For another machine: filter, TTL is already counted down. */
export function forward(flight: At<"forward">, context: StepContext): Step {
  const { stage, packet } = flight;
  const netns = context.plane.get(stage.netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  if (hasHooks(context.plane, netns)) {
    const result = runHook("FORWARD", {
      ...hookInput(netns, context),
      packet,
      ct,
      devIn: stage.devIn,
      devOut: stage.out.dev,
      bridge: portsOf(netns, stage, context.plane),
    });
    hops.push(...hookHops("FORWARD", netns, packet, result, stage.devIn, stage.out.dev));
    const stopped = endByHook(flight, netns, "FORWARD", result, hops);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  return go(
    hops,
    onward(flight, current, ct, {
      at: "postrouting",
      netns: netns.id,
      devIn: stage.devIn,
      ...(stage.portIn !== undefined && { portIn: stage.portIn }),
      out: stage.out,
      bridged: stage.bridged,
    }),
    STAGE_US,
  );
}
