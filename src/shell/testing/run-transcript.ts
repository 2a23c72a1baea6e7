import { readFileSync } from "node:fs";
import { bootScenario } from "../../scenario/boot";
import { HeadlessTerminal } from "../headless";
import { LAPTOP, type Place, parsePlace } from "../place";
import { compareStep } from "../transcript/compare";
import { formatStep, parseTranscript } from "../transcript/parse";

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A terminal on the default world, or on a scenario's text. */
export function openTerminal(
  options: { place?: Place; noSettle?: boolean; scenario?: string } = {},
): HeadlessTerminal & { output(): string } {
  const scenario = options.scenario ?? readFileSync("public/scenarios/default.yaml", "utf8");
  const booted = bootScenario(scenario);
  if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
  booted.world.settle();
  booted.world.begin();
  let written = "";
  const terminal = new HeadlessTerminal(booted.world, {
    place: options.place ?? LAPTOP,
    noSettle: options.noSettle ?? false,
    turn,
    onOutput: (_, text) => {
      written += text;
    },
  });
  return Object.assign(terminal, {
    output: () => {
      const text = written;
      written = "";
      return text;
    },
  });
}

/** Plays a transcript; answers what is wrong, and what it should look like if it were written anew. */
export async function runTranscript(
  file: string,
): Promise<{ readonly problems: readonly string[]; readonly actual: string }> {
  const { settings, steps } = parseTranscript(readFileSync(file, "utf8"));
  const place = parsePlace(settings.on ?? "laptop");
  if (!place) throw new Error(`${file}: there is no place ${settings.on}`);
  const terminal = openTerminal({
    place,
    noSettle: settings["no-settle"] !== undefined,
    ...(settings.scenario && { scenario: readFileSync(settings.scenario, "utf8") }),
  });
  const problems: string[] = [];
  const actual: string[] = [];
  for (const step of steps) {
    const { exitCode } = await terminal.run(step.command);
    const output = terminal.output();
    const wrong = compareStep(step, output, exitCode);
    if (wrong !== undefined) problems.push(`${file}:${step.line}: $ ${step.command}\n${wrong}`);
    actual.push(formatStep(step.command, output, exitCode));
  }
  return { problems, actual: `${actual.join("\n\n")}\n` };
}
