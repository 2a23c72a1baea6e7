import { expect, test } from "vitest";
import type { HistoryView } from "../worker/protocol";
import { type Move, type Steps, withEdits, withMove, withSetting } from "./edit-history";

const NOTHING: Steps = { done: [], undone: [] };
const item = (id: number) => ({ id, atUs: id, text: `edit ${id}` });
const view = (done: readonly number[], undone: readonly number[] = []): HistoryView => ({
  done: done.map(item),
  undone: undone.map(item),
});
const move = (text: string): Move => ({
  kind: "move",
  text,
  before: new Map(),
  after: new Map([["a", { x: 1, y: 1 }]]),
});
const texts = ({ done, undone }: Steps) =>
  `${done.map(({ text }) => text).join(", ")} | ${undone.map(({ text }) => text).join(", ")}`;

test("moves keep their places among edits, whichever way one goes", () => {
  let steps = withEdits(NOTHING, view([1]));
  steps = withMove(steps, move("move a"));
  steps = withEdits(steps, view([1, 2]));
  expect(texts(steps)).toBe("edit 1, move a, edit 2 | ");
  steps = withEdits(steps, view([1], [2]));
  expect(texts(steps)).toBe("edit 1, move a | edit 2");
  const undoneMove = steps.done[1] as Move;
  steps = { done: steps.done.slice(0, 1), undone: [undoneMove, ...steps.undone] };
  steps = withEdits(steps, view([], [2, 1]));
  expect(texts(steps)).toBe(" | edit 1, move a, edit 2");
  steps = withEdits(steps, view([1], [2]));
  expect(texts(steps)).toBe("edit 1 | move a, edit 2");
});

test("a new edit ends what could be redone", () => {
  let steps = withEdits(NOTHING, view([1, 2]));
  steps = withEdits(steps, view([1], [2]));
  steps = withEdits(steps, view([1, 3]));
  expect(texts(steps)).toBe("edit 1, edit 3 | ");
});

test("a move ends what could be redone, even though the run still knows it", () => {
  let steps = withEdits(NOTHING, view([1, 2]));
  steps = withEdits(steps, view([1], [2]));
  steps = withMove(steps, move("move a"));
  expect(texts(steps)).toBe("edit 1, move a | ");
  steps = withEdits(steps, view([1], [2]));
  expect(texts(steps)).toBe("edit 1, move a | ");
  steps = withEdits(steps, view([], [2, 1]));
  expect(texts(steps)).toBe("move a | edit 1");
});

test("a run that is opened again brings what it undid", () => {
  expect(texts(withEdits(NOTHING, view([1], [3, 2])))).toBe("edit 1 | edit 2, edit 3");
});

test("in the past, later edits are not there; back again they are", () => {
  let steps = withMove(withEdits(NOTHING, view([1, 2])), move("move a"));
  steps = withEdits(steps, view([1]));
  expect(texts(steps)).toBe("edit 1, move a | ");
  steps = withEdits(steps, view([1, 2]));
  expect(texts(steps)).toBe("edit 1, move a, edit 2 | ");
});

test("a setting that is turned back and forth is one step, to how it was at first", () => {
  const undone: string[] = [];
  const theme = (name: string, before: string) => ({
    kind: "setting" as const,
    id: "theme",
    text: `Theme: ${name}`,
    undo: () => undone.push(before),
    redo: () => undefined,
  });
  let steps = withSetting(withEdits(NOTHING, view([1])), theme("dark", "light"));
  steps = withSetting(steps, theme("projector", "dark"));
  expect(texts(steps)).toBe("edit 1, Theme: projector | ");
  const last = steps.done.at(-1);
  if (last?.kind === "setting") last.undo();
  expect(undone).toEqual(["light"]);
  steps = withSetting(withEdits(steps, view([1, 2])), theme("light", "projector"));
  expect(texts(steps)).toBe("edit 1, Theme: projector, edit 2, Theme: light | ");
});
