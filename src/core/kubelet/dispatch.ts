import type { StoreChange } from "../api/store";
import type { KubeObject, Node } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { observePower } from "../controllers/node-lifecycle";
import { internalIp, isTerminating } from "../controllers/pod-facts";
import { EMPTY_IPAM } from "./cni/host-local";
import { type CniNode, cniNode } from "./cni/node";
import { pluginOf } from "./cni/plugins";
import { seeExit } from "./container-exit";
import { restartContainer } from "./container-start";
import type { ControlState } from "./control";
import type { KubeletEvent } from "./events";
import { takesPart } from "./joined-hosts";
import { createNodeNetns, podNetworkOf } from "./node-network";
import { growNode } from "./pod-address";
import { admitPod, plugPod, resumeNode, startContainers, startSandbox } from "./pod-lifecycle";
import { writeStatusDue } from "./pod-status";
import {
  beginStop,
  finishStop,
  forgetPod,
  markLeaving,
  removeObject,
  sendSignal,
  unplug,
} from "./pod-stop";
import { endProbe, runProbe } from "./probes";
import { scheduleRoutes, syncRoutes } from "./routes";
import { retryWithoutAddress } from "./sandbox";

/** Notes what a change means for the machines and pods that kubelets look after. */
export function wakeKubelets(ctx: ControlContext, state: ControlState, change: StoreChange): void {
  const { object, type } = change;
  if (object.kind === "Node") {
    if (type === "DELETED") removeMachine(ctx, state, object.metadata.name);
    else addMachine(ctx, state, object, change.previous);
    return;
  }
  if (object.kind === "Host") {
    const { previous } = change;
    if (takesPart(object) || (previous?.kind === "Host" && takesPart(previous)))
      scheduleRoutes(ctx, state);
    return;
  }
  if (object.kind === "NetworkAttachmentDefinition" && type !== "DELETED")
    for (const node of ctx.store.list("Node")) retryWithoutAddress(ctx, state, node.metadata.name);
  if (object.kind !== "Pod") return;
  if (type === "DELETED") {
    forgetPod(ctx, state, object);
    return;
  }
  if (!object.spec.nodeName) return;
  admitPod(ctx, state, object, type === "ADDED");
  if (isTerminating(object)) markLeaving(ctx, state, object);
}

/** A node whose pod CIDR is known gets its network; a change of address or CIDR rewrites everybody's routes. */
function addMachine(
  ctx: ControlContext,
  state: ControlState,
  node: Node,
  previous: KubeObject | undefined,
): void {
  const { name } = node.metadata;
  if (!state.controllers.nodes.has(name) || !internalIp(node)) return;
  const machine = cniNode(node);
  if (!machine) return;
  if (ctx.plane.find(machine.id)) {
    const had = previous?.kind === "Node" && previous.spec.podCIDR;
    if (machine.podCidr && !had) joinPodNetwork(ctx, state, machine);
    return;
  }
  const { ipam } = state.kubelets;
  const network = () => podNetworkOf(ctx, state);
  const joined = pluginOf(ctx.config).join?.(ipam.get(name) ?? EMPTY_IPAM, machine, network);
  if (joined) ipam.set(name, joined);
  ctx.plane.put(createNodeNetns(machine, network()));
  scheduleRoutes(ctx, state);
  resumeNode(ctx, state, name);
}

/** A machine that was there before its pod CIDR: its devices follow. */
function joinPodNetwork(ctx: ControlContext, state: ControlState, machine: CniNode): void {
  growNode(ctx, state, machine);
  scheduleRoutes(ctx, state);
  observePower(ctx, state.controllers, machine.name);
  retryWithoutAddress(ctx, state, machine.name);
}

/** The machine is gone, and with it everything on it. */
function removeMachine(ctx: ControlContext, state: ControlState, name: string): void {
  const { controllers, kubelets } = state;
  for (const key of controllers.podsByNode.keys(name)) {
    const pod = ctx.store.findByKey(key);
    if (pod?.kind === "Pod") forgetPod(ctx, state, pod);
  }
  ctx.plane.remove(`node/${name}`);
  kubelets.ipam.delete(name);
  kubelets.removedSandboxes.delete(name);
  scheduleRoutes(ctx, state);
}

/** Does what is due now. */
export function handleKubeletEvent(
  ctx: ControlContext,
  state: ControlState,
  event: KubeletEvent,
): void {
  switch (event.type) {
    case "nodeRoutesDue":
      syncRoutes(ctx, state);
      break;
    case "podSandboxDue":
      startSandbox(ctx, state, event);
      break;
    case "podNetworkDue":
      plugPod(ctx, state, event);
      break;
    case "podContainersDue":
      startContainers(ctx, state, event);
      break;
    case "podStopDue":
      beginStop(ctx, state, event);
      break;
    case "podSignalDue":
      sendSignal(ctx, state, event);
      break;
    case "podProcessesStopped":
      finishStop(ctx, state, event);
      break;
    case "podSandboxStopped":
      unplug(ctx, state, event);
      break;
    case "podRemovalDue":
      removeObject(ctx, state, event);
      break;
    case "containerExitSeen":
      seeExit(ctx, state, event);
      break;
    case "containerRestartDue":
      restartContainer(ctx, state, event);
      break;
    case "probeDue":
      runProbe(ctx, state, event);
      break;
    case "probeTimedOut":
      endProbe(ctx, state, event);
      break;
    case "podStatusDue":
      writeStatusDue(ctx, state, event);
      break;
  }
}
