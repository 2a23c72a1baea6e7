import type { ProbeKind } from "../controllers/check";

/** A step in a pod's life on its node. */
export interface PodStep {
  readonly type: PodStepType;
  /** `NAMESPACE/NAME`. */
  readonly pod: string;
  readonly ticket: number;
}

export const POD_STEP_TYPES = [
  "podSandboxDue",
  "podNetworkDue",
  "podContainersDue",
  "podStopDue",
  "podSignalDue",
  "podProcessesStopped",
  "podSandboxStopped",
  "podRemovalDue",
] as const;

export type PodStepType = (typeof POD_STEP_TYPES)[number];

/** A kubelet finds that a container's process is gone. */
export interface ExitSeen {
  readonly type: "containerExitSeen";
  readonly pod: string;
  readonly uid: string;
  readonly container: number;
}

export type KubeletEvent =
  | PodStep
  | ExitSeen
  | {
      readonly type: "containerRestartDue";
      readonly pod: string;
      readonly uid: string;
      readonly container: number;
      readonly background: boolean;
    }
  | {
      readonly type: "probeDue";
      readonly pod: string;
      readonly ticket: number;
      readonly container: number;
      readonly probe: ProbeKind;
      readonly background: boolean;
    }
  /** A probe has waited for an answer as long as it may. */
  | {
      readonly type: "probeTimedOut";
      readonly pod: string;
      readonly ticket: number;
      readonly container: number;
      readonly probe: ProbeKind;
      readonly startedAtUs: number;
      readonly message: string;
      readonly background: boolean;
    }
  /** The kubelet writes what it knows to the API server. */
  | { readonly type: "podStatusDue"; readonly pod: string; readonly uid: string }
  | { readonly type: "nodeRoutesDue" };
