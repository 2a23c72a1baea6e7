import { jumpTo, redo, undo, useEditHistory } from "../../stores/edit-history";
import { useSession } from "../../stores/session";
import { type Action, need } from "./action";

const group = "History";

const idle = need(useSession, ({ busy }) =>
  busy === "" ? "" : "Something is being done already.",
);

export const undoLast: Action = {
  id: "history.undo",
  group,
  label: () => {
    const last = useEditHistory.getState().done.at(-1);
    return last ? `Undo: ${last.text}` : "Undo";
  },
  keys: [{ key: "z", ctrl: true }],
  edits: true,
  needs: [need(useEditHistory, ({ done }) => (done.length > 0 ? "" : "Nothing to undo")), idle],
  run: undo,
};

export const redoNext: Action = {
  id: "history.redo",
  group,
  label: () => {
    const [next] = useEditHistory.getState().undone;
    return next ? `Redo: ${next.text}` : "Redo";
  },
  keys: [
    { key: "z", ctrl: true, shift: true },
    { key: "y", ctrl: true },
  ],
  edits: true,
  needs: [need(useEditHistory, ({ undone }) => (undone.length > 0 ? "" : "Nothing to redo")), idle],
  run: redo,
};

export const HISTORY_ACTIONS: readonly Action[] = [undoLast, redoNext];

export function stepId(count: number): string {
  return `history.step.${count}`;
}

/** Back to just after any step, or on to one that was undone. */
export function stepActions(): readonly Action[] {
  const { done, undone } = useEditHistory.getState();
  return ["As it was opened", ...[...done, ...undone].map(({ text }) => text)].flatMap(
    (text, count): Action[] =>
      count === done.length
        ? []
        : [
            {
              id: stepId(count),
              group: "Go to a step of the history",
              label: `${count < done.length ? "Back to" : "On to"}: ${text}`,
              also: "undo redo",
              edits: true,
              needs: [idle],
              run: () => jumpTo(count),
            },
          ],
  );
}
