import type { Command as WorldCommand } from "../core/cluster/command";
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

/** JSON is YAML, and means the same in every version of it. */
function manifestsYaml(manifests: readonly unknown[]): string {
  return manifests.map((manifest) => JSON.stringify(manifest, null, 2)).join("\n---\n");
}
