import { expect, test } from "vitest";
import { showPalette } from "../actions/dialogs";
import { STANDING_ACTIONS } from "../actions/registry";
import { KEY_GROUPS } from "./help";
import { findKey, KEYED_ACTIONS } from "./keys";

const NONE = { ctrlKey: false, metaKey: false, shiftKey: false };

test("every key of an action is in the help, and the action in the palette", () => {
  const helped = KEY_GROUPS.flatMap(({ keys }) => keys).flatMap(({ actions = [] }) => actions);
  expect(new Set(helped)).toEqual(new Set(KEYED_ACTIONS));
  const keyed = STANDING_ACTIONS.filter(({ keys = [] }) => keys.length > 0);
  // The palette itself is not to be found in the palette.
  expect(new Set([showPalette, ...keyed])).toEqual(new Set(KEYED_ACTIONS));
});

test("no two actions have the same key", () => {
  const presses = KEYED_ACTIONS.flatMap(({ keys = [] }) => keys.map((key) => JSON.stringify(key)));
  expect(new Set(presses).size).toBe(presses.length);
});

test.each([
  [{ ...NONE, key: "p" }, "p"],
  [{ ...NONE, key: "P", shiftKey: true }, "p"],
  [{ ...NONE, key: "?", shiftKey: true }, "?"],
  [{ ...NONE, key: "z" }, "z"],
  [{ ...NONE, key: "z", ctrlKey: true }, "z"],
  [{ ...NONE, key: "Z", metaKey: true, shiftKey: true }, "z"],
  [{ ...NONE, key: "p", ctrlKey: true }, undefined],
  [{ ...NONE, key: "q" }, undefined],
])("%j finds the key %s", (event, key) => {
  const found = findKey(event as KeyboardEvent);
  expect(found?.key).toBe(key);
  expect(found?.ctrl ?? false).toBe(found !== undefined && (event.ctrlKey || event.metaKey));
});
