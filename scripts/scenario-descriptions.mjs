// A Vite plugin: the descriptions of the built-in scenarios as a module, so that the gallery need not fetch every file.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

const ID = "virtual:scenario-descriptions";
const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "public", "scenarios");

/** @returns {import("vite").Plugin} */
export function scenarioDescriptions() {
  return {
    name: "scenario-descriptions",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
      for (const file of files) this.addWatchFile(join(folder, file));
      const entries = files.map((file) => [
        file.replace(/\.yaml$/, ""),
        descriptionIn(readFileSync(join(folder, file), "utf8")),
      ]);
      return `export default ${JSON.stringify(Object.fromEntries(entries))};`;
    },
  };
}

/** @param {string} text */
function descriptionIn(text) {
  const values = parseAllDocuments(text).map((document) => document.toJS());
  return values.find((value) => value?.kind === "Scenario")?.spec?.description ?? "";
}
