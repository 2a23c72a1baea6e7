import type { Command as WorldCommand } from "../core/cluster/command";
import { type ReadDocuments, readDocuments } from "../scenario/read-documents";
import type { Command } from "../share/shared-moment";

/** A command of the shell, as the page's log and its links keep it. */
export function pageCommand(command: WorldCommand): Command {
  switch (command.type) {
    case "apply":
      return { type: "apply", yaml: manifestsYaml(command.manifests) };
    case "restore":
    case "restoreContainer":
    case "restoreNetwork":
    case "putRules":
      throw new Error(`${command.type} is what undoing comes to: nobody asks for it`);
    default:
      return command;
  }
}

/** The other way: what the page asks, as a world carries it out. */
export function worldCommand(command: Command, documents?: ReadDocuments): WorldCommand {
  if (command.type !== "apply") return command;
  return { type: "apply", manifests: (documents ?? readDocuments(command.yaml)).manifests };
}

/** JSON is YAML, and means the same in every version of it. */
function manifestsYaml(manifests: readonly unknown[]): string {
  return manifests.map((manifest) => JSON.stringify(manifest, null, 2)).join("\n---\n");
}
