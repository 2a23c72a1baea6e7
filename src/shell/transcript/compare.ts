import type { TranscriptStep } from "./parse";

/** `<pod>` and its like stand for what differs from cluster to cluster; `...` on a line of its own for any lines. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  any: "[^\\n]*?",
  word: "\\S+",
  ip: "\\d{1,3}(?:\\.\\d{1,3}){3}",
  number: "\\d+",
  age: "(?:\\d+[smhdy])+",
  time: "\\d+(?:\\.\\d+)?",
  mac: "[0-9a-f]{2}(?::[0-9a-f]{2}){5}",
  hex: "[0-9a-f]+",
  gap: "\\s+",
};

/** What is wrong with the output of a step; undefined where nothing is. */
export function compareStep(
  step: TranscriptStep,
  output: string,
  exitCode: number,
): string | undefined {
  const lines = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  while (lines.at(-1) === "") lines.pop();
  if (!matchLines(step.expected, lines))
    return `expected:\n${indent(step.expected)}\ngot:\n${indent(lines)}`;
  if (exitCode !== (step.exitCode ?? 0))
    return `expected exit code ${step.exitCode ?? 0}, got ${exitCode}:\n${indent(lines)}`;
  return undefined;
}

function matchLines(expected: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return lines.length === 0;
  if (first === "...") {
    for (let skipped = 0; skipped <= lines.length; skipped++)
      if (matchLines(rest, lines.slice(skipped))) return true;
    return false;
  }
  const line = lines[0];
  return line !== undefined && matchLine(first, line) && matchLines(rest, lines.slice(1));
}

function matchLine(expected: string, line: string): boolean {
  if (!expected.includes("<")) return expected.trimEnd() === line.trimEnd();
  const source = expected
    .trimEnd()
    .split(/(<[a-z]+>)/)
    .map((part) => {
      const name = /^<([a-z]+)>$/.exec(part)?.[1];
      const placeholder = name !== undefined && Object.hasOwn(PLACEHOLDERS, name);
      return placeholder ? PLACEHOLDERS[name] : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`).test(line.trimEnd());
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join("\n");
}
