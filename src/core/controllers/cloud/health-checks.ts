import type { Service } from "../../api/types";
import { MS, SECOND } from "../../sim/time";
import type { CheckAnswer, CheckPurpose, Followed } from "../check";
import type { ControlContext } from "../context";
import type { ControllerEvent } from "../events";
import { SERVICE_NAME_LABEL } from "../indexing";
import { findAll, shortKey } from "../objects";
import type { ControllerState } from "../state";
import {
  type HealthCheck,
  type LoadBalancer,
  type LoadBalancerTarget,
  loadBalancerNetnsId,
} from "./load-balancer";

/** Targets are not checked all at the same instant. */
const SPREAD_US = 500 * MS;
/** Source: cloud-provider-aws, ensureLoadBalancerHealthCheck: a timeout of 5 s. */
const TIMEOUT_US = 5 * SECOND;
/** kube-proxy answers whatever path it is asked for. Source: cloud-provider, GetServiceHealthCheckPathPort. */
const HEALTHZ_PATH = "/healthz";

type TargetPurpose = Extract<CheckPurpose, { kind: "target" }>;
type TargetCheckDue = Extract<ControllerEvent, { type: "targetCheckDue" }>;
type TargetTimedOut = Extract<ControllerEvent, { type: "targetTimedOut" }>;

export function scheduleFirstCheck(
  ctx: ControlContext,
  state: ControllerState,
  balancer: LoadBalancer,
): void {
  scheduleRound(ctx, state, balancer);
  awaitRound(ctx, state, balancer.service);
}

/** How often a load balancer checks its targets. */
export function checkPeriodUs(ctx: ControlContext, { periodUs }: HealthCheck): number {
  return ctx.lagUs("healthCheck") ?? periodUs;
}

/** A round begins: each target is checked in a moment. */
export function checkHealth(
  ctx: ControlContext,
  state: ControllerState,
  due: { readonly key: string; readonly id: number },
): void {
  const balancer = state.loadBalancers.get(due.key);
  if (!balancer || balancer.id !== due.id) return;
  for (const target of balancer.targets) {
    const spread = ctx.random(`health-check/${due.key}/${target.node}`).int(0, SPREAD_US);
    ctx.schedule(spread, {
      type: "targetCheckDue",
      key: due.key,
      id: due.id,
      node: target.node,
      background: isSteady(target),
    } satisfies TargetCheckDue);
  }
  scheduleRound(ctx, state, balancer);
}

/** A check that may still turn a target is worth waiting for; one that confirms is not. */
function isSteady(target: LoadBalancerTarget): boolean {
  return target.checked && target.streak === 0;
}

function scheduleRound(ctx: ControlContext, state: ControllerState, balancer: LoadBalancer): void {
  const { service: key, id } = balancer;
  const periodUs = checkPeriodUs(ctx, balancer.healthCheck);
  // By then each of its targets has been checked.
  state.loadBalancers.set(key, { ...balancer, nextCheckAtUs: ctx.nowUs + periodUs + SPREAD_US });
  ctx.schedule(periodUs, { type: "healthCheckDue", key, id, background: true });
}

/** Keeps the cluster busy until every target has been checked once more. */
function awaitRound(ctx: ControlContext, state: ControllerState, key: string): void {
  const balancer = state.loadBalancers.get(key);
  if (balancer)
    ctx.schedule(balancer.nextCheckAtUs - ctx.nowUs, { type: "healthCheckAwaited", key });
}

export function checkTarget(
  ctx: ControlContext,
  state: ControllerState,
  due: TargetCheckDue,
): void {
  const found = findTarget(state, due);
  if (!found || found.balancer.id !== due.id) return;
  const { balancer, target } = found;
  hear(ctx, state, found, ctx.nowUs, ctx.check(checkOf(balancer, target)));
}

/** Checks a target now that somebody follows, beside those that are due. */
export function followTarget(
  ctx: ControlContext,
  state: ControllerState,
  { service, node }: TargetPurpose,
): Followed {
  const found = findTarget(state, { key: service, node });
  if (!found) return { ok: false, error: `${node} is no target of a load balancer of ${service}` };
  return { ok: true, journey: ctx.follow(checkOf(found.balancer, found.target)) };
}

/** What came of a check that was followed. */
export function hearTarget(
  ctx: ControlContext,
  state: ControllerState,
  { service, node }: TargetPurpose,
  startedAtUs: number,
  answer: CheckAnswer,
): void {
  const found = findTarget(state, { key: service, node });
  if (found) hear(ctx, state, found, startedAtUs, answer);
}

interface Found {
  readonly balancer: LoadBalancer;
  readonly target: LoadBalancerTarget;
}

function findTarget(
  state: ControllerState,
  { key, node }: { readonly key: string; readonly node: string },
): Found | undefined {
  const balancer = state.loadBalancers.get(key);
  const target = balancer?.targets.find((one) => one.node === node);
  return balancer && target && { balancer, target };
}

/** Both kinds of check are TCP, also for a load balancer that passes on UDP. */
function checkOf({ service, healthCheck }: LoadBalancer, target: LoadBalancerTarget) {
  const { kind, port } = healthCheck;
  return {
    purpose: { kind: "target", service, node: target.node },
    from: loadBalancerNetnsId(service),
    ip: target.ip,
    port,
    ...(kind === "http" && { http: { path: HEALTHZ_PATH } }),
  } as const;
}

/** An answer counts at once; silence when the time is up. */
function hear(
  ctx: ControlContext,
  state: ControllerState,
  { balancer, target }: Found,
  startedAtUs: number,
  answer: CheckAnswer,
): void {
  const { service: key, id, healthCheck } = balancer;
  const timeoutUs = Math.min(TIMEOUT_US, checkPeriodUs(ctx, healthCheck) / 2);
  const leftUs = startedAtUs + timeoutUs - ctx.nowUs;
  if (answer.kind !== "answered" && leftUs > 0 && isSlow(answer, timeoutUs)) {
    ctx.schedule(leftUs, {
      type: "targetTimedOut",
      key,
      id,
      node: target.node,
      background: isSteady(target) && !target.healthy,
    } satisfies TargetTimedOut);
    return;
  }
  const ok =
    answer.kind === "answered" && (healthCheck.kind === "tcp" || answer.http?.status === 200);
  judgeTarget(ctx, state, balancer, target, ok);
}

function isSlow(answer: CheckAnswer, timeoutUs: number): boolean {
  return answer.kind === "silent" || answer.tookUs > timeoutUs;
}

export function endTargetCheck(
  ctx: ControlContext,
  state: ControllerState,
  due: TargetTimedOut,
): void {
  const found = findTarget(state, due);
  if (found?.balancer.id === due.id) judgeTarget(ctx, state, found.balancer, found.target, false);
}

function judgeTarget(
  ctx: ControlContext,
  state: ControllerState,
  balancer: LoadBalancer,
  target: LoadBalancerTarget,
  ok: boolean,
): void {
  const judged = judge(target, ok, balancer.healthCheck);
  if (judged === target) return;
  const targets = balancer.targets.map((one) => (one === target ? judged : one));
  state.loadBalancers.set(balancer.service, { ...balancer, targets });
  if (!isSteady(judged)) awaitRound(ctx, state, balancer.service);
  if (judged.healthy === target.healthy) return;
  const detail = `${target.node} ${judged.healthy ? "healthy" : "unhealthy"}`;
  const object = `Service/${balancer.service}` as const;
  ctx.mark({ kind: "targetsChanged", object, detail });
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
