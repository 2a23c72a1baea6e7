import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateScenario } from "./generate/scenario";
import type { Options } from "./options";
import { switchedScenarios } from "./switches";

const BUILT_IN = fileURLToPath(new URL("../../public/scenarios", import.meta.url));
const OURS = fileURLToPath(new URL("./scenarios", import.meta.url));

/** Files of all scenarios to compare: those asked for, else all that there are; and generated ones. What is no file yet
 *  is written into `scratch`. */
export function collectScenarios(options: Options, scratch: string): readonly string[] {
  const { files, seed, generated } = options;
  const write = ({ name, text }: { readonly name: string; readonly text: string }) => {
    const file = join(scratch, `${name}.yaml`);
    writeFileSync(file, text);
    return file;
  };
  const all = () => [...[BUILT_IN, OURS].flatMap(yamlFiles), ...switchedScenarios().map(write)];
  const seeds = Array.from({ length: generated }, (_, index) => seed + index);
  return [
    ...(files.length > 0 || options.onlyGenerated ? files : all()),
    ...seeds.map((one) => write({ name: `generated-${one}`, text: generateScenario(one) })),
  ];
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}
