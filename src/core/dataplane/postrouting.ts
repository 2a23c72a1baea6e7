import { portsOf } from "./bridge";
import { endByHook } from "./endings";
import type { HopDraft, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hasHooks, runHook } from "./netfilter/hooks";
import { type At, hookInput, onward } from "./stage";
import { transmit } from "./transmit";

/** On the way out: source NAT, confirmation, then the device. */
export function postrouting(flight: At<"postrouting">, context: StepContext): Step {
  const { stage, packet } = flight;
  const netns = context.plane.get(stage.netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  const plainBridge = stage.bridged && !netns.sysctls.bridgeNfCallIptables;
  if (hasHooks(context.plane, netns) && !plainBridge) {
    const result = runHook("POSTROUTING", {
      ...hookInput(netns, context),
      packet,
      ct,
      devOut: stage.out.dev,
      nextHop: stage.out.nextHop,
      bridge: portsOf(netns, stage, context.plane),
    });
    hops.push(...hookHops("POSTROUTING", netns, packet, result, stage.devIn, stage.out.dev));
    const stopped = endByHook(flight, netns, "POSTROUTING", result, hops);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  return transmit(onward(flight, current, ct, stage), netns, stage.out, stage.devIn, hops, context);
}
