import { expect, test } from "vitest";
import { nameOfKey } from "./key-names";

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  [{ ...NONE, key: " " }, "Space"],
  [{ ...NONE, key: "p" }, "P"],
  [{ ...NONE, key: "?", shiftKey: true }, "?"],
  [{ ...NONE, key: "ArrowLeft" }, "←"],
  [{ ...NONE, key: "Tab", shiftKey: true }, "Shift Tab"],
  [{ ...NONE, key: "z", ctrlKey: true }, "Ctrl Z"],
  [{ ...NONE, key: "Control", ctrlKey: true }, ""],
])("%j is shown as %s", (pressed, name) => {
  expect(nameOfKey(pressed)).toBe(name);
});
