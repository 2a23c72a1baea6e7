import { create } from "zustand";
import type { ObjectKey } from "../core/api/types";
import type { ComparedRun, CompareReport, CompareRequest } from "../worker/what-if-protocol";
import { usePanels } from "./panels";
import { followJourney } from "./playback";
import { useSession } from "./session";
import { showDock } from "./view";

/** From where in the run a comparison sets out: as the page shows it, or a moment that stands still. */
export type CompareMoment =
  | { readonly kind: "shown" | "latest" | "request" }
  | { readonly kind: "at"; readonly atUs: number };

/** What is to be different, as far as it was chosen. */
export interface CompareSetup {
  /** An object, YAML for any, or nothing yet. */
  readonly object: ObjectKey | "yaml" | "";
  /** Which of its changes. */
  readonly change: string;
  /** What was typed or chosen beside it. */
  readonly value: string;
  readonly yaml: string;
  readonly moment: CompareMoment;
  readonly afterUs: number;
}

interface CompareState {
  readonly setup: CompareSetup;
  readonly report: CompareReport | null;
  /** What the report is about. */
  readonly request: CompareRequest | null;
  /** In words: what was changed. */
  readonly change: string;
  readonly asking: boolean;
  /** Over the page, with room for both runs. */
  readonly large: boolean;
}

export const useCompare = create<CompareState>(() => ({
  setup: {
    object: "",
    change: "",
    value: "",
    yaml: "",
    moment: { kind: "shown" },
    afterUs: 60_000_000,
  },
  report: null,
  request: null,
  change: "",
  asking: false,
  large: false,
}));

export function setUp(part: Partial<CompareSetup>): void {
  useCompare.setState(({ setup }) => ({ setup: { ...setup, ...part } }));
}

export function showLarge(large: boolean): void {
  useCompare.setState({ large });
}

/** Compares from a moment of the past next. */
export function compareFrom(atUs: number): void {
  setUp({ moment: { kind: "at", atUs } });
  usePanels.setState({ dock: true });
  showDock("compare");
}

/** Another run has other objects and moments. */
useSession.subscribe(({ opened }, before) => {
  if (opened === before.opened) return;
  useCompare.setState(useCompare.getInitialState());
});

/** Plays one of the two runs; it is not part of the session's. */
export function watchRun({ sent, outcomes }: ComparedRun): void {
  if (!sent.ok) return;
  const { journey } = sent;
  const isIts = ({ server, verdict }: { server: string | null; verdict: string }) =>
    server === journey.server && verdict === journey.verdict.kind;
  const possibility = outcomes.ok ? outcomes.ways.find(isIts)?.probability : undefined;
  showLarge(false);
  followJourney({ ...journey, id: -1, possibility: possibility ?? 1 });
}

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
