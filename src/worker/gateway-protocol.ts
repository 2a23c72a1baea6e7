import type { ObjectKey } from "../core/api/types";

/** A gateway pod, and where it sends requests, as far as it has heard. */
export interface GatewayView {
  readonly pod: ObjectKey;
  readonly routes: readonly GatewayRoute[];
}

export interface GatewayRoute {
  readonly ingress: ObjectKey;
  readonly service: ObjectKey;
}
