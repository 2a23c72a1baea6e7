import type { NetnsId } from "../dataplane/netns";
import type { HttpOptions, HttpResponse } from "../net/http-message";
import type { Ipv4 } from "../net/ipv4";

export const PROBE_KINDS = ["startup", "readiness", "liveness"] as const;
export type ProbeKind = (typeof PROBE_KINDS)[number];

/** What a check is for. */
export type CheckPurpose =
  | {
      readonly kind: "probe";
      /** `NAMESPACE/NAME`. */
      readonly pod: string;
      /** Index in spec.containers. */
      readonly container: number;
      readonly probe: ProbeKind;
    }
  | {
      readonly kind: "target";
      /** `NAMESPACE/NAME` of the load balancer's Service. */
      readonly service: string;
      readonly node: string;
    };

/** A connection that a kubelet or a load balancer opens to find out whether somebody serves there. */
export interface Check {
  readonly purpose: CheckPurpose;
  readonly from: NetnsId;
  readonly ip: Ipv4;
  readonly port: number;
  /** What it asks for; absent: it closes the connection as soon as it is open. */
  readonly http?: HttpOptions;
}

/** connect(2)'s names for why a connection came to nothing. */
export type ConnectError = "ECONNREFUSED" | "EHOSTUNREACH" | "ENETUNREACH" | "ECONNRESET";

export type CheckAnswer = CheckOutcome & {
  /** From its first packet to the last word. */
  readonly tookUs: number;
};

type CheckOutcome =
  /** Without `http`: it speaks something else, or was not asked. */
  | { readonly kind: "answered"; readonly http?: HttpResponse }
  | { readonly kind: "failed"; readonly error: ConnectError }
  | { readonly kind: "silent"; readonly connected: boolean };

/** A check was sent for somebody to follow, or why it cannot be. */
export type Followed =
  | { readonly ok: true; readonly journey: number }
  | { readonly ok: false; readonly error: string };
