import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateScenario } from "./generate/scenario";
import type { Options } from "./options";

const BUILT_IN = fileURLToPath(new URL("../../public/scenarios", import.meta.url));
const OURS = fileURLToPath(new URL("./scenarios", import.meta.url));

/** Files of all scenarios to compare: those asked for, else all that there are; and generated ones, which are written
 *  into `scratch`. */
export function collectScenarios(options: Options, scratch: string): readonly string[] {
  const { files, seed, generated } = options;
  const kept =
    files.length > 0 || options.onlyGenerated ? files : [BUILT_IN, OURS].flatMap(yamlFiles);
  const written = Array.from({ length: generated }, (_, index) => {
    const file = join(scratch, `generated-${seed + index}.yaml`);
    writeFileSync(file, generateScenario(seed + index));
    return file;
  });
  return [...kept, ...written];
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}
