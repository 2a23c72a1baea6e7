import type { ClusterConfig } from "../../../api/cluster-config";
import { SECOND } from "../../../sim/time";
import { clusterOf } from "../../../testing/cluster";
import type { EditCommand } from "../../command";
import type { World } from "../../world";
import { whyNotSent } from "../not-sent";
import type { Fix, WhyCode, WhyNot } from "../why";
import { whyNot } from "../why-not";

/** A small broken cluster, a request that fails in it, and what is behind that. */
export interface WhyCase {
  readonly code: WhyCode;
  /** What is wrong. */
  readonly with?: string;
  readonly yaml?: string;
  readonly config?: Partial<ClusterConfig>;
  /** Breaks the settled cluster. */
  readonly breaks?: (world: World) => void;
  readonly from: string;
  readonly to: string | ((world: World) => string);
  /** Part of the sentence. */
  readonly says?: string;
  /** How many ways out are offered, each of which must work. */
  readonly fixes: number;
  /** Sends a request that goes on while the cluster changes. */
  readonly during?: (world: World) => void;
}

export const WEB = "{app: web}";

/** A Deployment's manifest, on one line. */
export function deployment(
  name: string,
  labels = `{app: ${name}}`,
  container = "ports: [{name: http, containerPort: 8080}]",
  replicas = 1,
): string {
  return `
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {replicas: ${replicas}, selector: {matchLabels: ${labels}}, template: {metadata: {labels: ${labels}}, spec: {containers: [{name: main, image: example/${name}, ${container}}]}}}}`;
}

export function service(name: string, spec: string, namespace = "default"): string {
  return `
---
{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: {${spec}}}`;
}

export function edit(...commands: readonly EditCommand[]): (world: World) => void {
  return (world) => {
    for (const command of commands) {
      const result = world.execute(command);
      if (!result.ok) throw new Error(result.refusals[0]?.status.message);
    }
  };
}

export function settled(breaks: (world: World) => void): (world: World) => void {
  return (world) => {
    breaks(world);
    world.settle();
  };
}

/** Only a moment passes: who has to hear of a change has not yet. */
export function soon(breaks: (world: World) => void, us = 5_000): (world: World) => void {
  return (world) => {
    breaks(world);
    world.runUntil(world.nowUs + us);
  };
}

export function brokenWorld({ yaml = "", config = {}, breaks }: WhyCase): World {
  const world = clusterOf(yaml, config);
  breaks?.(world);
  return world;
}

export type Sent =
  | { readonly kind: "delivered" }
  | { readonly kind: "failed"; readonly why: WhyNot | undefined; readonly reason: string };

export function send(world: World, from: string, to: string, of?: WhyCase): Sent {
  if (of?.during) return sendDuring(world, of);
  const sent = world.trace(from, to);
  if (!sent.ok) return { kind: "failed", why: whyNotSent(world, from, to), reason: sent.error };
  const { outcome } = sent.value;
  if (outcome?.verdict.kind === "delivered") return { kind: "delivered" };
  return {
    kind: "failed",
    why: whyNot(world, sent.value),
    reason: outcome?.verdict.explanation ?? "",
  };
}

const LONG = 30;

export function targetOf({ to }: WhyCase, world: World): string {
  return typeof to === "string" ? to : to(world);
}

function sendDuring(world: World, one: WhyCase): Sent {
  const { from, during } = one;
  const to = targetOf(one, world);
  const options = { requestDelayUs: LONG * SECOND };
  const sent = world.execute({ type: "send", from, to, options });
  if (!sent.ok || sent.journey === undefined) throw new Error("not sent");
  world.runUntil(world.nowUs + SECOND);
  during?.(world);
  world.runUntil(world.nowUs + 2 * LONG * SECOND);
  const journey = world.journey(sent.journey);
  return {
    kind: "failed",
    why: whyNot(world, journey),
    reason: journey.outcome?.verdict.explanation ?? "",
  };
}

/** Carries a way out's edits out, and sends again what it says, or the same. */
export function sendFixed(world: World, one: WhyCase, fix: Fix): Sent {
  const to = targetOf(one, world);
  for (const command of fix.edits ?? []) {
    const result = world.execute(command);
    if (!result.ok)
      return { kind: "failed", why: undefined, reason: result.refusals[0]?.status.message ?? "" };
  }
  world.settle();
  return send(world, fix.send?.from ?? one.from, fix.send?.to ?? to);
}
