import { create } from "zustand";
import type { ApplyReport, Simulation } from "../worker/protocol";

interface AccessState {
  /** A link said that the cluster may be watched and asked, not changed. */
  readonly locked: boolean;
}

export const useAccess = create<AccessState>(() => ({ locked: false }));

export function setLocked(locked: boolean): void {
  useAccess.setState({ locked });
}

export const LOCKED_TEXT = "Editing is locked in this link. “Edit a copy” unlocks it for you.";

const REFUSED: ApplyReport = {
  ok: false,
  lines: [],
  errors: [{ message: LOCKED_TEXT }],
  ignored: [],
};

/** The simulation behind the lock: whatever way an edit comes, it is refused while editing is locked. */
export function lockable(simulation: Simulation): Simulation {
  const unlessLocked = async (edit: () => Promise<ApplyReport>) =>
    useAccess.getState().locked ? REFUSED : edit();
  return {
    ...simulation,
    apply: (yaml) => unlessLocked(() => simulation.apply(yaml)),
    delete: (key) => unlessLocked(() => simulation.delete(key)),
    control: (order) => unlessLocked(() => simulation.control(order)),
  };
}
