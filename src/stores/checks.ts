import { create } from "zustand";
import type { RecentRequest } from "../worker/check-protocol";
import { useMirror } from "./mirror";
import { useSession } from "./session";

interface ChecksState {
  /** Probes and health checks are drawn as dots on the canvas. */
  readonly shown: boolean;
  readonly recent: readonly RecentRequest[];
}

export const useChecks = create<ChecksState>(() => ({ shown: false, recent: [] }));

let stop: (() => void) | undefined;

export function toggleChecks(): void {
  const shown = !useChecks.getState().shown;
  useChecks.setState({ shown });
  stop?.();
  stop = shown ? watch() : undefined;
}

/** Asks whenever the simulation has moved on; at most one question at a time. Returns how to stop. */
function watch(): () => void {
  let asking = false;
  const ask = () => {
    const { simulation, phase } = useSession.getState();
    if (asking || !simulation || phase.kind !== "running") return;
    asking = true;
    simulation
      .checks()
      .then((recent) => recent && useChecks.setState({ recent }))
      // The worker is being restarted: the next update asks again.
      .catch(() => undefined)
      .finally(() => {
        asking = false;
      });
  };
  ask();
  return useMirror.subscribe(ask);
}
