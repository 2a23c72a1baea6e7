import type { RecentRequest } from "../core/cluster/traffic";
import type { CheckPurpose } from "../core/controllers/check";
import type { SendReport } from "./protocol";

export type { LagKey, LagSettings } from "../core/api/lags";
export type { ChainStep, ReadinessChain } from "../core/cluster/readiness-chain";
export type { CheckPurpose, ProbeKind } from "../core/controllers/check";
export type { RecentRequest };

export interface CheckCalls {
  /** Makes a probe or health check whose packets can be followed: now, or when the probe is due, to which time moves on. */
  followCheck(purpose: CheckPurpose, when: "now" | "next"): Promise<SendReport>;
  /** The latest probes and health checks that nobody followed; undefined when there are none since this was last asked. */
  checks(): Promise<readonly RecentRequest[] | undefined>;
}
