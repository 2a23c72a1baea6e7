import type { LagSettings } from "../api/lags";
import type { StoreChange } from "../api/store";
import type { ControlContext } from "../controllers/context";
import { handleControllerEvent } from "../controllers/dispatch";
import { type ControllerEvent, SYNC_TYPES } from "../controllers/events";
import { ControllerState } from "../controllers/state";
import { wakeControllers } from "../controllers/wake";
import { CowMap } from "../sim/cow-map";
import type { SimEvent } from "../sim/event-queue";
import { handleKubeletEvent, wakeKubelets } from "./dispatch";
import { type KubeletEvent, POD_STEP_TYPES } from "./events";
import type { NodeSwitches } from "./node-settings";
import { KubeletState } from "./state";

/** Everything that the control plane and the kubelets remember beside the store and the plane. */
export class ControlState {
  readonly controllers: ControllerState;
  readonly kubelets: KubeletState;
  /** The cluster has come up. */
  hasBegun: boolean;
  /** Lags that are not as usual. Replaced as a whole. */
  lags: LagSettings;
  /** By node: what was switched there by hand. */
  readonly switches: CowMap<string, NodeSwitches>;

  constructor(from?: ControlState) {
    this.controllers = from ? from.controllers.fork() : new ControllerState();
    this.kubelets = from ? from.kubelets.fork() : new KubeletState();
    this.hasBegun = from ? from.hasBegun : false;
    this.lags = from ? from.lags : {};
    this.switches = from ? from.switches.fork() : new CowMap();
  }

  /** A cheap snapshot. */
  fork(): ControlState {
    return new ControlState(this);
  }
}

export type ControlEvent = ControllerEvent | KubeletEvent;

const CONTROLLER_TYPES: ReadonlySet<string> = new Set<ControllerEvent["type"]>([
  ...SYNC_TYPES,
  "garbageCollectionDue",
  "progressCheckDue",
  "nodeHeartbeatDue",
  "nodeGraceDue",
  "podEvictionDue",
  "orphanedPodsDue",
  "loadBalancerCreated",
  "loadBalancerDeleted",
  "loadBalancerRetryDue",
  "healthCheckDue",
  "targetCheckDue",
  "targetTimedOut",
  "healthCheckAwaited",
]);

const KUBELET_TYPES: ReadonlySet<string> = new Set<KubeletEvent["type"]>([
  ...POD_STEP_TYPES,
  "containerExitSeen",
  "containerRestartDue",
  "probeDue",
  "probeTimedOut",
  "podStatusDue",
  "nodeRoutesDue",
]);

/** Whether an event of the common queue is ours. */
export function isControlEvent(event: SimEvent): event is ControlEvent {
  return CONTROLLER_TYPES.has(event.type) || KUBELET_TYPES.has(event.type);
}

/** Tells controllers and kubelets of a change; they schedule what they have to do about it. */
export function onStoreChange(ctx: ControlContext, state: ControlState, change: StoreChange): void {
  wakeControllers(ctx, state.controllers, change);
  wakeKubelets(ctx, state, change);
}

/** Does what is due now. */
export function handleEvent(ctx: ControlContext, state: ControlState, event: ControlEvent): void {
  if (isKubeletEvent(event)) handleKubeletEvent(ctx, state, event);
  else handleControllerEvent(ctx, state.controllers, event);
}

function isKubeletEvent(event: ControlEvent): event is KubeletEvent {
  return KUBELET_TYPES.has(event.type);
}
