import type { LoadBalancerIngress, Node, Service } from "../../api/types";
import { formatIpv4, parseIpv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";
import { SECOND } from "../../sim/time";
import type { ControlContext } from "../context";
import { enqueue } from "../events";
import { findByShortKey, shortKey } from "../objects";
import { internalIp, isTerminating } from "../pod-facts";
import type { ControllerState } from "../state";
import { allocateAddresses, elbHostname } from "./addresses";
import { healthCheckOf } from "./health-check";
import { checkPeriodUs, expectationOf, scheduleFirstCheck } from "./health-checks";
import { isExternal, kindOf, speaksProxyProtocol } from "./kinds";
import {
  type LoadBalancer,
  type LoadBalancerPort,
  type LoadBalancerTarget,
  loadBalancerNetns,
  loadBalancerNetnsId,
} from "./load-balancer";
import { ensureSecurityGroups, removeSecurityGroups } from "./node-groups";
import { refusalOf } from "./refusals";

const COMPONENT = "service-controller";
const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
const EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";
const AUTOSCALER_TAINT = "ToBeDeletedByClusterAutoscaler";

/** From the event to the hostname in the status: security group, ELB, registration. Typical, not measured. */
const CREATE_DELAY_US = 5 * SECOND;
const DELETE_DELAY_US = 1 * SECOND;

/** Source: cloud-provider service controller, minRetryDelay and maxRetryDelay. */
const MIN_RETRY_US = 5 * SECOND;
const MAX_RETRY_US = 300 * SECOND;

/** Makes, updates or removes what the cloud holds for a Service. */
export function syncLoadBalancer(
  ctx: ControlContext,
  state: ControllerState,
  key: string,
  attempt = 0,
): void {
  const service = findByShortKey(ctx.store, "Service", key);
  const balancer = state.loadBalancers.get(key);
  if (!service || (balancer && balancer.serviceUid !== service.metadata.uid)) {
    discard(ctx, state, key);
    if (service) enqueue(ctx, state, "loadBalancerSyncDue", key);
  } else if (!isBalanced(ctx, service)) {
    state.loadBalancersInProgress.delete(key);
    if (balancer) startDeletion(ctx, state, service, balancer);
    else releaseService(ctx, service);
  } else if (balancer && balancer.kind !== kindOf(ctx.config.cloud, service)) {
    // Simplified: a real cloud controller makes the other one and forgets this one, which stays and costs.
    discard(ctx, state, key);
    setIngress(ctx, service, []);
  } else if (balancer) {
    update(ctx, state, service, balancer);
  } else if (!state.loadBalancersInProgress.has(key)) {
    startCreation(ctx, state, service, attempt);
  }
}

/** Whether the cloud controller has anything to do with it. */
function isBalanced(ctx: ControlContext, service: Service): boolean {
  const { type, loadBalancerClass } = service.spec;
  return (
    ctx.config.cloud !== "none" &&
    type === "LoadBalancer" &&
    loadBalancerClass === undefined &&
    !isExternal(ctx.config.cloud, service) &&
    !isTerminating(service)
  );
}

function startCreation(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
  attempt: number,
): void {
  const key = shortKey(service);
  const refusal = refusalOf(ctx.config.cloud, service);
  // Every attempt's own writes wake us again: only its retry, or another reason, is news.
  if (refusal && attempt === 0 && state.loadBalancersRefused.get(key) === refusal) return;
  const id = state.nextLoadBalancerId++;
  if (service.status.loadBalancer.ingress?.length) {
    state.loadBalancersInProgress.set(key, id);
    finishCreation(ctx, state, key, id);
    return;
  }
  ctx.recordEvent(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer", COMPONENT);
  addFinalizer(ctx, service);
  if (refusal) {
    state.loadBalancersRefused.set(key, refusal);
    const message = `Error syncing load balancer: failed to ensure load balancer: ${refusal}`;
    ctx.recordEvent(service, "Warning", "SyncLoadBalancerFailed", message, COMPONENT);
    const delay = Math.min(MIN_RETRY_US * 2 ** attempt, MAX_RETRY_US);
    const retry = { type: "loadBalancerRetryDue", key, attempt: attempt + 1, background: true };
    ctx.schedule(delay, retry);
    return;
  }
  state.loadBalancersRefused.delete(key);
  state.loadBalancersInProgress.set(key, id);
  ctx.schedule(CREATE_DELAY_US, { type: "loadBalancerCreated", key, id });
}

function addFinalizer(ctx: ControlContext, service: Service): void {
  const finalizers = service.metadata.finalizers ?? [];
  if (finalizers.includes(FINALIZER)) return;
  const metadata = { ...service.metadata, finalizers: [...finalizers, FINALIZER] };
  ctx.store.put({ ...service, metadata });
}

/** The cloud answered: addresses into the status, nodes registered, health checks begun. */
export function finishCreation(
  ctx: ControlContext,
  state: ControllerState,
  key: string,
  id: number,
): void {
  if (state.loadBalancersInProgress.get(key) !== id) return;
  state.loadBalancersInProgress.delete(key);
  const service = findByShortKey(ctx.store, "Service", key);
  if (!service || !isBalanced(ctx, service)) return;
  const given = service.status.loadBalancer.ingress?.[0];
  const wanted = given?.ip ?? (ctx.config.cloud === "ip" ? service.spec.loadBalancerIP : undefined);
  const { ip, vpcIp } = allocateAddresses(ctx, state, wanted);
  const named = ctx.config.cloud === "aws" && !given;
  const kind = kindOf(ctx.config.cloud, service);
  const hostname = given?.hostname ?? (named ? elbHostname(ctx, service, kind) : undefined);
  const ports = portsOf(service);
  const balancer: LoadBalancer = {
    id,
    kind,
    proxyProtocol: speaksProxyProtocol(ctx.config.cloud, service),
    service: key,
    serviceUid: service.metadata.uid,
    ...(hostname && { hostname }),
    ip,
    vpcIp,
    ports,
    healthCheck: healthCheckOf(kind, service, ports),
    targets: targetsOf(ctx, []),
    nextCheckAtUs: ctx.nowUs,
    expectation: expectationOf(ctx, state, service),
    deleting: false,
  };
  save(ctx, state, balancer);
  ensureSecurityGroups(ctx, service, balancer);
  scheduleFirstCheck(ctx, state, balancer);
  if (given) return;
  const ingress = hostname ? { hostname } : { ip: formatIpv4(ip), ipMode: "VIP" as const };
  const stored = setIngress(ctx, service, [ingress]);
  if (balancer.targets.length === 0) {
    const message = "There are no available nodes for LoadBalancer";
    ctx.recordEvent(stored, "Warning", "UnAvailableLoadBalancer", message, COMPONENT);
  }
  ctx.recordEvent(stored, "Normal", "EnsuredLoadBalancer", "Ensured load balancer", COMPONENT);
}

function save(ctx: ControlContext, state: ControllerState, balancer: LoadBalancer): void {
  state.loadBalancers.set(balancer.service, balancer);
  ctx.plane.put(loadBalancerNetns(balancer));
}

function setIngress(
  ctx: ControlContext,
  service: Service,
  ingress: readonly LoadBalancerIngress[],
): Service {
  const loadBalancer = ingress.length > 0 ? { ingress } : {};
  return ctx.store.put({ ...service, status: { ...service.status, loadBalancer } });
}

/** Ports without a nodePort are left out: there is nothing to call. */
function portsOf(service: Service): readonly LoadBalancerPort[] {
  return (service.spec.ports ?? []).flatMap(({ protocol, port, nodePort }) =>
    nodePort ? [{ protocol: protocol.toLowerCase() as Protocol, port, nodePort }] : [],
  );
}

/** All nodes but those that say otherwise; NotReady and cordoned ones stay. Source: service controller, since 1.27. */
function isTarget(node: Node): boolean {
  return (
    node.metadata.labels?.[EXCLUDE_LABEL] === undefined &&
    !node.spec.taints?.some((taint) => taint.key === AUTOSCALER_TAINT) &&
    !isTerminating(node)
  );
}

function targetsOf(
  ctx: ControlContext,
  previous: readonly LoadBalancerTarget[],
): readonly LoadBalancerTarget[] {
  const targets: LoadBalancerTarget[] = [];
  for (const node of ctx.store.list("Node")) {
    const ip = parseIpv4(internalIp(node) ?? "");
    if (ip === undefined || !isTarget(node)) continue;
    const { name } = node.metadata;
    const known = previous.find((target) => target.node === name && target.ip === ip);
    targets.push(known ?? { node: name, ip, healthy: false, streak: 0, checked: false });
  }
  return targets;
}

function update(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
  balancer: LoadBalancer,
): void {
  ensureSecurityGroups(ctx, service, balancer);
  const ports = portsOf(service);
  const proxyProtocol = speaksProxyProtocol(ctx.config.cloud, service);
  const healthCheck = healthCheckOf(balancer.kind, service, ports);
  const targets = targetsOf(ctx, balancer.targets);
  const reconfigured =
    proxyProtocol !== balancer.proxyProtocol ||
    JSON.stringify([ports, healthCheck]) !== JSON.stringify([balancer.ports, balancer.healthCheck]);
  const rehosted =
    targets.length !== balancer.targets.length ||
    targets.some((target, index) => target !== balancer.targets[index]);
  if (!reconfigured && !rehosted) return;
  save(ctx, state, { ...balancer, proxyProtocol, ports, healthCheck, targets });
  waitForNextCheck(ctx, state, balancer.service);
  if (reconfigured) {
    ctx.recordEvent(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer", COMPONENT);
    ctx.recordEvent(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer", COMPONENT);
  }
  if (rehosted) {
    const message = "Updated load balancer with new hosts";
    ctx.recordEvent(service, "Normal", "UpdatedLoadBalancer", message, COMPONENT);
  }
}

function startDeletion(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
  balancer: LoadBalancer,
): void {
  if (balancer.deleting) return;
  state.loadBalancers.set(balancer.service, { ...balancer, deleting: true });
  ctx.recordEvent(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer", COMPONENT);
  ctx.schedule(DELETE_DELAY_US, { type: "loadBalancerDeleted", key: balancer.service });
}

export function finishDeletion(ctx: ControlContext, state: ControllerState, key: string): void {
  if (!state.loadBalancers.get(key)?.deleting) return;
  discard(ctx, state, key);
  const service = findByShortKey(ctx.store, "Service", key);
  if (!service) return;
  ctx.recordEvent(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer", COMPONENT);
  releaseService(ctx, service);
}

function discard(ctx: ControlContext, state: ControllerState, key: string): void {
  const uid = state.loadBalancers.get(key)?.serviceUid;
  if (uid !== undefined) removeSecurityGroups(ctx, uid);
  state.loadBalancers.delete(key);
  state.loadBalancersInProgress.delete(key);
  state.loadBalancersRefused.delete(key);
  ctx.plane.remove(loadBalancerNetnsId(key));
}

/** Takes the finalizer and the status away; a Service that waited only for this is gone then. */
function releaseService(ctx: ControlContext, service: Service): void {
  const { finalizers = [], namespace, name } = service.metadata;
  const rest = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  if (isTerminating(service) && rest.length === 0) {
    ctx.store.remove("Service", namespace, name);
    return;
  }
  if (rest.length === finalizers.length || ctx.config.cloud === "none") return;
  const { finalizers: _, ...metadata } = service.metadata;
  const cleaned = {
    ...service,
    metadata: rest.length > 0 ? { ...metadata, finalizers: rest } : metadata,
  };
  setIngress(ctx, cleaned, []);
}

/** Nodes came, went or changed. */
export function wakeLoadBalancersOf(ctx: ControlContext, state: ControllerState): void {
  for (const key of state.loadBalancers.keys()) enqueue(ctx, state, "loadBalancerSyncDue", key);
}

/** Endpoints of a Service changed: if its targets may turn, the cluster is not quiet until a check has seen it. */
export function awaitHealthChecks(ctx: ControlContext, state: ControllerState, key: string): void {
  const balancer = state.loadBalancers.get(key);
  const service = balancer && findByShortKey(ctx.store, "Service", key);
  if (!balancer || !service) return;
  const expectation = expectationOf(ctx, state, service);
  if (expectation === balancer.expectation) return;
  state.loadBalancers.set(key, { ...balancer, expectation });
  waitForNextCheck(ctx, state, key);
}

/** kube-proxies need a moment to follow; a check before that sees nothing new. */
const PROXY_SYNC_ALLOWANCE_US = 2 * SECOND;

export function waitForNextCheck(ctx: ControlContext, state: ControllerState, key: string): void {
  const balancer = state.loadBalancers.get(key);
  if (!balancer) return;
  let delay = balancer.nextCheckAtUs - ctx.nowUs;
  while (delay < PROXY_SYNC_ALLOWANCE_US) delay += checkPeriodUs(ctx, balancer.healthCheck);
  ctx.schedule(delay, { type: "healthCheckAwaited", key });
}
