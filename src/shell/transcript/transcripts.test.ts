import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { runTranscript } from "../testing/run-transcript";
import { compareStep } from "./compare";
import { formatStep, parseTranscript } from "./parse";

const FOLDER = "src/shell/transcripts";
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".transcript"));

test.each(files)("%s", { timeout: 60_000 }, async (name) => {
  const { problems, actual } = await runTranscript(`${FOLDER}/${name}`);
  expect(problems.join("\n\n"), `it prints:\n\n${actual}`).toBe("");
});

test("the same lines print the same bytes", { timeout: 60_000 }, async () => {
  const file = `${FOLDER}/${files[0]}`;
  expect((await runTranscript(file)).actual).toBe((await runTranscript(file)).actual);
});

const step = (text: string) => {
  const [first] = parseTranscript(text).steps;
  if (!first) throw new Error("no step");
  return first;
};

test("a step has a command, its lines, its exit code", () => {
  expect(step("# on: laptop\n# a remark\n$ cat <<E\n> a\n> E\na\n\n? 3\n")).toEqual({
    line: 3,
    command: "cat <<E\na\nE",
    expected: ["a"],
    exitCode: 3,
  });
  expect(parseTranscript("# on: node/node-1\n# no-settle\n$ ls").settings).toEqual({
    on: "node/node-1",
    "no-settle": "",
  });
});

test.each([
  ["$ x\nalpha\n", "alpha\n", 0, true],
  ["$ x\nalpha\n", "beta\n", 0, false],
  ["$ x\nalpha\n", "alpha\n", 1, false],
  ["$ x\npod <word> at <ip>:<number>\n", "pod a-1 at 10.0.0.1:80\n", 0, true],
  ["$ x\npod <word> at <ip>\n", "pod a-1 at nowhere\n", 0, false],
  ["$ x\na\n...\nd\n", "a\nb\nc\nd\n", 0, true],
  ["$ x\na\n...\nd\n", "a\nb\nc\n", 0, false],
  ["$ x\n\\# no remark\n", "# no remark\n", 0, true],
])("%j against %j", (text, output, exitCode, fits) => {
  expect(compareStep(step(text), output, exitCode) === undefined).toBe(fits);
});

test("what a step printed is a step again", () => {
  const text = formatStep("cat <<E\n\nE", "# a\n$ b\n\nplain\n", 2);
  expect(compareStep(step(text), "# a\n$ b\n\nplain\n", 2)).toBeUndefined();
  expect(step(text).command).toBe("cat <<E\n\nE");
});
