import { create } from "zustand";
import type { HistoryItem, HistoryView } from "../worker/protocol";
import { type MirrorRecords, useMirror } from "./mirror";
import { announce, notify } from "./notices";
import { type Position, setPositions } from "./positions";
import { describeError, request, useSession } from "./session";

/** Something that was moved on the canvas: nothing that the cluster knows of. */
export interface Move {
  readonly kind: "move";
  readonly text: string;
  readonly before: ReadonlyMap<string, Position>;
  readonly after: ReadonlyMap<string, Position>;
}

/** Something of the page that was set otherwise: the cluster does not know of that, either. */
export interface Setting {
  readonly kind: "setting";
  /** What is set: turned back and forth, it is one step. */
  readonly id: string;
  readonly text: string;
  readonly undo: () => void;
  readonly redo: () => void;
}

type OwnStep = Move | Setting;
export type Step = ({ readonly kind: "edit" } & HistoryItem) | OwnStep;

export interface Steps {
  /** The latest last. */
  readonly done: readonly Step[];
  /** The next to redo first. */
  readonly undone: readonly Step[];
}

const NO_STEPS: Steps = { done: [], undone: [] };
const MAX_STEPS = 200;

/** Brings in what the run says of its edits; moves and settings keep their places among them. A new edit, as a new
 *  move, ends what could be redone. */
export function withEdits(steps: Steps, { done, undone }: HistoryView): Steps {
  const all = [...steps.done, ...steps.undone];
  if (all.length === 0) return { done: done.map(editStep), undone: undone.map(editStep).reverse() };
  const own = new Set<Step>(steps.done.filter(({ kind }) => kind !== "edit"));
  const doneById = new Map(done.map((item) => [item.id, item]));
  const undoneIds = new Set(undone.map(({ id }) => id));
  const known = new Set(all.flatMap((step) => (step.kind === "edit" ? [step.id] : [])));
  const fresh = done.filter(({ id }) => !known.has(id));
  const isDone = (step: Step) => (step.kind === "edit" ? doneById.has(step.id) : own.has(step));
  const isUndone = (step: Step) => (step.kind === "edit" ? undoneIds.has(step.id) : !own.has(step));
  return {
    done: [...all.filter(isDone), ...fresh.map(editStep)].slice(-MAX_STEPS),
    undone: fresh.length > 0 ? [] : all.filter(isUndone),
  };
}

export function withMove({ done }: Steps, move: Move): Steps {
  return { done: [...done, move].slice(-MAX_STEPS), undone: [] };
}

export function withSetting({ done }: Steps, setting: Setting): Steps {
  const last = done.at(-1);
  const goesOn = last?.kind === "setting" && last.id === setting.id;
  const step = goesOn ? { ...setting, undo: last.undo } : setting;
  return { done: [...(goesOn ? done.slice(0, -1) : done), step].slice(-MAX_STEPS), undone: [] };
}

function editStep(item: HistoryItem): Step {
  return { kind: "edit", ...item };
}

export const useEditHistory = create<Steps>(() => NO_STEPS);

export function noteMove(move: Move): void {
  useEditHistory.setState((steps) => withMove(steps, move));
}

export function noteSetting(setting: Omit<Setting, "kind">): void {
  useEditHistory.setState((steps) => withSetting(steps, { kind: "setting", ...setting }));
}

/** Follows the run's own history. Returns how to stop. */
export function followEdits(): () => void {
  const known = historyOf(useMirror.getState().records);
  if (known) useEditHistory.setState((steps) => withEdits(steps, known));
  const stopMirror = useMirror.subscribe((state, before) => {
    const view = historyOf(state.records);
    if (!view || view === historyOf(before.records)) return;
    useEditHistory.setState((steps) => withEdits(steps, view));
  });
  const stopSession = useSession.subscribe((state, before) => {
    if (state.opened === before.opened) return;
    const view = historyOf(useMirror.getState().records);
    useEditHistory.setState(view ? withEdits(NO_STEPS, view) : NO_STEPS);
  });
  return () => {
    stopMirror();
    stopSession();
  };
}

function historyOf(records: MirrorRecords): HistoryView | undefined {
  const record = records.get("history");
  return record?.type === "history" ? record.value : undefined;
}

export async function undo(): Promise<boolean> {
  const { done, undone } = useEditHistory.getState();
  const step = done.at(-1);
  if (!step) return false;
  announce(`Undo: ${step.text}`);
  if (step.kind === "edit") return replay("undo");
  if (step.kind === "move") setPositions(step.before);
  else step.undo();
  useEditHistory.setState({ done: done.slice(0, -1), undone: [step, ...undone] });
  return true;
}

export async function redo(): Promise<boolean> {
  const { done, undone } = useEditHistory.getState();
  const step = undone[0];
  if (!step) return false;
  announce(`Redo: ${step.text}`);
  if (step.kind === "edit") return replay("redo");
  if (step.kind === "move") setPositions(step.after);
  else step.redo();
  useEditHistory.setState({ done: [...done, step], undone: undone.slice(1) });
  return true;
}

/** Undoes or redoes until this many steps are done. */
export async function jumpTo(count: number): Promise<void> {
  for (let left = useEditHistory.getState().done.length - count; left > 0; left--) {
    if (!(await undo())) return;
  }
  for (let left = count - useEditHistory.getState().done.length; left > 0; left--) {
    if (!(await redo())) return;
  }
}

async function replay(type: "undo" | "redo"): Promise<boolean> {
  if (useSession.getState().busy !== "") return false;
  const report = await request({ type });
  if (!report.ok)
    notify(
      "error",
      type === "undo" ? "This cannot be undone." : "This cannot be done again.",
      report.errors.map(describeError),
    );
  return report.ok;
}
