import { create } from "zustand";
import type { CompareReport, CompareRequest } from "../worker/what-if-protocol";
import { useSession } from "./session";

interface CompareState {
  readonly report: CompareReport | null;
  /** What the report is about. */
  readonly request: CompareRequest | null;
  /** In words: what was changed. */
  readonly change: string;
  readonly asking: boolean;
}

export const useCompare = create<CompareState>(() => ({
  report: null,
  request: null,
  change: "",
  asking: false,
}));

/** Tries a change on a copy of the run. */
export async function compare(request: CompareRequest, change: string): Promise<void> {
  const { simulation, phase } = useSession.getState();
  if (!simulation || phase.kind !== "running" || useCompare.getState().asking) return;
  useCompare.setState({ asking: true });
  try {
    const report = await simulation.compare(request);
    useCompare.setState({ report, request, change });
  } catch {
    const errors = [{ message: "The simulation stopped before this was done." }];
    useCompare.setState({ report: { ok: false, errors }, request, change });
  } finally {
    useCompare.setState({ asking: false });
  }
}
