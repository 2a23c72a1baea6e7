import { create } from "zustand";
import { changesBetween, type NetworkChange } from "./history";
import { type MirrorRecords, useMirror } from "./mirror";

const KEPT = 300;

interface HistoryState {
  /** In order of time; those after the moment shown are still to come. */
  readonly changes: readonly NetworkChange[];
}

export const useHistory = create<HistoryState>(() => ({ changes: [] }));

/** Latest moment that was compared, and what there was then. */
let frontierUs = 0;
let frontier: MirrorRecords = new Map();

/** Another run: nothing has happened in it yet. */
export function resetHistory(): void {
  const { records, nowUs } = useMirror.getState();
  frontier = records;
  frontierUs = nowUs;
  useHistory.setState({ changes: [] });
}

/** Notes what each new moment changes. Going back and forth in the known past adds nothing; a change made there takes
 *  away what came after. Returns how to stop. */
export function recordHistory(): () => void {
  return useMirror.subscribe((state, before) => {
    // The worker is being restarted: what comes next is compared with what there was.
    if (state.records.size === 0) return;
    if (state.horizonUs < frontierUs) {
      frontierUs = before.nowUs;
      frontier = before.records.size > 0 ? before.records : state.records;
      const { horizonUs } = state;
      useHistory.setState(({ changes }) => ({
        changes: changes.filter(({ atUs }) => atUs <= horizonUs),
      }));
    }
    if (state.nowUs < frontierUs) return;
    const found = changesBetween(frontier, state.records, state.nowUs);
    frontierUs = state.nowUs;
    frontier = state.records;
    if (found.length === 0) return;
    useHistory.setState(({ changes }) => ({ changes: [...changes, ...found].slice(-KEPT) }));
  });
}
