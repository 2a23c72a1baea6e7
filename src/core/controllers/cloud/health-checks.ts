import type { Service } from "../../api/types";
import type { ControlContext } from "../context";
import { SERVICE_NAME_LABEL } from "../indexing";
import { findAll, findByShortKey, shortKey } from "../objects";
import type { ControllerState } from "../state";
import { healthzOk } from "./healthz";
import {
  type HealthCheck,
  type LoadBalancer,
  type LoadBalancerTarget,
  loadBalancerNetnsId,
} from "./load-balancer";

export function scheduleFirstCheck(
  ctx: ControlContext,
  state: ControllerState,
  balancer: LoadBalancer,
): void {
  scheduleNext(ctx, state, balancer);
}

/** Checks every target of one load balancer.
 *  Simplified: all targets are checked at the same instant, and the 5 s timeout does not delay a result. */
export function checkHealth(
  ctx: ControlContext,
  state: ControllerState,
  due: { readonly key: string; readonly id: number },
): void {
  const balancer = state.loadBalancers.get(due.key);
  if (!balancer || balancer.id !== due.id) return;
  const service = findByShortKey(ctx.store, "Service", due.key);
  const targets = balancer.targets.map((target) =>
    judge(
      target,
      service !== undefined && passes(ctx, state, service, balancer, target),
      balancer.healthCheck,
    ),
  );
  const turned = targets.filter(
    (target, index) => target.healthy !== balancer.targets[index]?.healthy,
  );
  for (const { node, healthy } of turned) {
    const detail = `${node} ${healthy ? "healthy" : "unhealthy"}`;
    ctx.mark({ kind: "targetsChanged", object: `Service/${due.key}`, detail });
  }
  scheduleNext(ctx, state, { ...balancer, targets });
}

function passes(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
  balancer: LoadBalancer,
  target: LoadBalancerTarget,
): boolean {
  const { kind, port } = balancer.healthCheck;
  // Both kinds of check are TCP, also for a load balancer that passes on UDP.
  if (!ctx.reach(loadBalancerNetnsId(balancer.service), target.ip, port, "tcp")) return false;
  return kind === "tcp" || healthzOk(ctx, state, target.node, service);
}

function judge(
  target: LoadBalancerTarget,
  ok: boolean,
  { healthyThreshold, unhealthyThreshold }: HealthCheck,
): LoadBalancerTarget {
  if (ok === target.healthy) {
    return target.checked && target.streak === 0 ? target : { ...target, checked: true, streak: 0 };
  }
  const streak = target.streak + 1;
  const turned = streak >= (ok ? healthyThreshold : unhealthyThreshold);
  return turned
    ? { ...target, healthy: ok, checked: true, streak: 0 }
    : { ...target, checked: true, streak };
}

/** A check that may still turn a target is worth waiting for; one that confirms is background. */
function scheduleNext(ctx: ControlContext, state: ControllerState, balancer: LoadBalancer): void {
  const { service: key, id, targets } = balancer;
  const { periodUs } = balancer.healthCheck;
  state.loadBalancers.set(key, { ...balancer, nextCheckAtUs: ctx.nowUs + periodUs });
  const background = targets.every((target) => target.checked && target.streak === 0);
  ctx.schedule(periodUs, { type: "healthCheckDue", key, id, background });
}

/** What decides the outcome of the checks, as far as endpoints do: any ready one, or with policy Local which nodes
 *  have some. */
export function expectationOf(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
): string {
  const nodes = new Set<string>();
  const slices = findAll(ctx.store, "EndpointSlice", state.slicesByService.keys(shortKey(service)));
  for (const slice of slices) {
    if (slice.metadata.labels?.[SERVICE_NAME_LABEL] !== service.metadata.name) continue;
    for (const endpoint of slice.endpoints) {
      if (endpoint.conditions?.ready !== false) nodes.add(endpoint.nodeName ?? "");
    }
  }
  if (service.spec.externalTrafficPolicy === "Local") return [...nodes].sort().join(" ");
  return nodes.size > 0 ? "some" : "none";
}
