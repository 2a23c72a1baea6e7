import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "./options";

const BUILT_IN = fileURLToPath(new URL("../../public/scenarios", import.meta.url));
const OURS = fileURLToPath(new URL("./scenarios", import.meta.url));

/** Files of all scenarios to compare. Generated ones are written into `scratch`. */
export function collectScenarios(options: Options, _scratch: string): readonly string[] {
  return options.files.length > 0
    ? options.files
    : [BUILT_IN, OURS].flatMap((folder) =>
        readdirSync(folder)
          .filter((name) => name.endsWith(".yaml"))
          .sort()
          .map((name) => join(folder, name)),
      );
}
