/** A transcript: commands, each with the output that it must have. See docs/terminal.md. */
export interface TranscriptStep {
  /** 1-based line of the command. */
  readonly line: number;
  readonly command: string;
  /** Lines of standard output and standard error, as a screen shows them. */
  readonly expected: readonly string[];
  readonly exitCode: number | undefined;
}

export interface Transcript {
  /** `# scenario: FILE`, `# on: PLACE`, `# no-settle`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly steps: readonly TranscriptStep[];
}

/** `$ command` begins a step, `> ` continues its command, `? N` is its exit code, `# ` is a remark; everything else is
 *  expected output. A line of output that begins like one of these is written with a backslash before it. */
export function parseTranscript(text: string): Transcript {
  const settings: Record<string, string> = {};
  const steps: {
    line: number;
    command: string;
    expected: string[];
    exitCode: number | undefined;
  }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\r$/, "");
    const step = steps.at(-1);
    if (line.startsWith("$ "))
      steps.push({ line: index + 1, command: line.slice(2), expected: [], exitCode: undefined });
    else if (line.startsWith("# ") || line === "#") {
      const setting = /^# ([a-z-]+)(?:: (.*))?$/.exec(line);
      if (!step && setting) settings[setting[1] ?? ""] = setting[2] ?? "";
    } else if (step && (line.startsWith("> ") || line === ">") && step.expected.length === 0)
      step.command += `\n${line.slice(2)}`;
    else if (step && /^\? \d+$/.test(line)) step.exitCode = Number(line.slice(2));
    else if (step) step.expected.push(line.replace(/^\\(?=[$>#?\\])/, ""));
  }
  for (const step of steps) {
    while (step.expected.at(-1) === "") step.expected.pop();
  }
  return { settings, steps };
}

export function formatStep(command: string, output: string, exitCode: number): string {
  const [first = "", ...more] = command.split("\n");
  const lines = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  return [
    `$ ${first}`,
    ...more.map((line) => (line === "" ? ">" : `> ${line}`)),
    ...lines.map((line) =>
      /^(?:[$>] |# |#$|>$|\? \d+$|\\[$>#?\\])/.test(line) ? `\\${line}` : line,
    ),
    ...(exitCode === 0 ? [] : [`? ${exitCode}`]),
  ].join("\n");
}
