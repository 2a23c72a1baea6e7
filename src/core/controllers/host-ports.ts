import type { Pod, ServiceProtocol } from "../api/types";
import type { ControlContext } from "./context";
import { findAll, shortKey } from "./objects";
import { isFinished } from "./pod-facts";
import type { ControllerState } from "./state";

/** A port of the node that a pod asks for. */
export interface HostPort {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: ServiceProtocol;
  /** "" for all of the node's addresses. */
  readonly hostIP: string;
}

/** With hostNetwork the API server has made every declared port one. */
export function hostPortsOf({ spec }: Pick<Pod, "spec">): readonly HostPort[] {
  return spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, containerPort, protocol, hostIP = "" }) =>
      hostPort ? [{ hostPort, containerPort, protocol, hostIP }] : [],
    ),
  );
}

/** Source: kubernetes scheduler, plugins/nodeports. */
export const NO_FREE_PORTS = "node(s) didn't have free ports for the requested pod ports";

/** The pod of that node which has one of these ports already. Pods that are on their way out still have theirs. */
export function findPortHolder(
  ctx: ControlContext,
  state: ControllerState,
  pod: Pod,
  node: string,
): Pod | undefined {
  const wanted = hostPortsOf(pod);
  if (wanted.length === 0) return undefined;
  const key = shortKey(pod);
  return findAll(ctx.store, "Pod", state.podsByNode.keys(node)).find(
    (other) =>
      shortKey(other) !== key &&
      !isFinished(other) &&
      hostPortsOf(other).some((held) => wanted.some((port) => clashes(port, held))),
  );
}

/** Source: kubernetes scheduler framework, HostPortInfo.CheckConflict. */
function clashes(a: HostPort, b: HostPort): boolean {
  if (a.hostPort !== b.hostPort || a.protocol !== b.protocol) return false;
  return isAny(a.hostIP) || isAny(b.hostIP) || a.hostIP === b.hostIP;
}

function isAny(hostIP: string): boolean {
  return hostIP === "" || hostIP === "0.0.0.0";
}
