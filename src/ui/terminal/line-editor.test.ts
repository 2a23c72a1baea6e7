import { expect, test } from "vitest";
import { LineEditor } from "./line-editor";
import { LineHistory } from "./line-history";
import { LinePainter } from "./line-painter";

function editor(...lines: readonly string[]) {
  const history = new LineHistory();
  for (const line of lines) history.add(line);
  return new LineEditor(history);
}

/** Where the cursor is: `|`. */
function typed(line: LineEditor, ...keys: readonly string[]): string {
  const actions: string[] = [];
  for (const key of keys) line.take(key, (action) => actions.push(action));
  const text = `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
  return [line.searchPrompt ?? "", text, ...actions.map((action) => ` ${action}`)].join("");
}

const LEFT = "\x1b[D";
const UP = "\x1b[A";
const DOWN = "\x1b[B";

test.each([
  [["kubectl", LEFT, LEFT, "X"], "kubecX|tl"],
  [["abc", "\x7f", "\x01", "\x1b[3~"], "|b"],
  [["get svc/kuard", "\x1bb"], "get svc/|kuard"],
  [["get svc kuard", "\x17", "\x17"], "get |"],
  [["one two", "\x17", "\x01", "\x19"], "two|one "],
  [["one two", LEFT, "\x0b"], "one tw|"],
  [["one two", "\x15"], "|"],
  [["ls", "\r"], "ls| submit"],
  [["\x04"], "| end"],
  [["a", "\x04"], "a|"],
  [["a", "\t", "\x03", "\x0c"], "a| complete interrupt clear"],
  [["echo a\recho b\r"], "echo a\necho b\n|"],
  [["\x1b[99~\x1b[5~"], "|"],
])("%j: %s", (keys, shown) => {
  expect(typed(editor(), ...keys)).toBe(shown);
});

test("the history is looked through, and what was typed is kept", () => {
  const line = editor("first", "second");
  expect(typed(line, "new", UP)).toBe("second|");
  expect(typed(line, UP, UP)).toBe("first|");
  expect(typed(line, DOWN, DOWN)).toBe("new|");
  expect(typed(line, DOWN)).toBe("new|");
});

test("Ctrl-R searches backwards", () => {
  const line = editor("kubectl get pods", "kubectl get svc", "echo pods");
  expect(typed(line, "\x12", "pods")).toBe("(reverse-i-search)`pods': echo |pods");
  expect(typed(line, "\x12")).toBe("(reverse-i-search)`pods': kubectl get |pods");
  expect(typed(line, "\x12")).toBe("(failed reverse-i-search)`pods': kubectl get |pods");
  expect(typed(line, "\r")).toBe("kubectl get pods| submit");
});

test("Ctrl-G takes the search back", () => {
  expect(typed(editor("abc"), "x", "\x12", "b", "\x07")).toBe("x|");
});

test("the history leaves out blanks and repetitions", () => {
  const history = new LineHistory();
  for (const line of ["a", "a", " b", "", "c"]) history.add(line);
  expect([history.at(0), history.at(1), history.size]).toEqual(["a", "c", 2]);
});

test("a line is drawn over itself, over several rows too", () => {
  const painter = new LinePainter();
  expect(painter.draw("\x1b[1m$\x1b[0m ", "abcdef", 6, 5)).toBe(
    "\r\x1b[J\x1b[1m$\x1b[0m abcdef\r\x1b[3C",
  );
  expect(painter.draw("$ ", "abc", 3, 5)).toBe("\x1b[1A\r\x1b[J$ abc\r\n\r");
  expect(painter.draw("$ ", "abcd", 0, 5)).toBe("\x1b[1A\r\x1b[J$ abcd\x1b[1A\r\x1b[2C");
  expect(painter.finish(5)).toBe("\x1b[1B\r\n");
});
