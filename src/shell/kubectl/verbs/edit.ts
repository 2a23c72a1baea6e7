import { parse } from "yaml";
import { isObject, sameJson } from "../../../core/api/json";
import { refusalOf } from "../api";
import { failure, statusMessage } from "../failure";
import { formatYaml } from "../output/yaml";
import { findTargets, parseTargets, RESOURCE_HELP } from "../targets";
import type { Verb } from "../verb";
import { scopeOf } from "./get";
import { printOutcome, WRITE_FLAGS } from "./writing";

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** In the page it opens the YAML editor; a terminal without a screen has none. */
export const edit: Verb = {
  name: "edit",
  flags: {
    ...WRITE_FLAGS,
    filename: { short: "f", value: true },
    recursive: { short: "R" },
    subresource: { value: true },
    "windows-line-endings": {},
    "output-patch": {},
  },
  run: async (kubectl) => {
    const { api, args, flags, process } = kubectl;
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const targets = parseTargets(args, "kubectl edit");
    const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
    for (const error of errors) await kubectl.complain(error);
    if (errors.length > 0) return 1;
    for (const { type, objects } of found) {
      for (const shown of objects) {
        const { namespace = "", name } = shown.metadata;
        const editText = process.terminal?.editText;
        if (!editText) {
          await kubectl.hint(
            "this terminal has no editor: use kubectl patch, or kubectl apply -f -",
          );
          throw failure('unable to launch the editor "vi"');
        }
        const before = formatYaml(shown);
        const after = await editText(`${type.singular}/${name}`, HEADER + before);
        const text = (after ?? "")
          .split("\n")
          .filter((line) => !line.startsWith("#"))
          .join("\n");
        if (after === undefined || text.trim() === "" || text.trim() === before.trim()) {
          await kubectl.complain("Edit cancelled, no changes made.");
          continue;
        }
        const manifest = parseEdited(text);
        const stored = api.findStored(type, namespace, name);
        if (sameJson(manifest, shown)) {
          await kubectl.complain("Edit cancelled, no changes made.");
          continue;
        }
        const result = api.execute({
          type: "replace",
          manifest: { ...manifest, status: (stored as { status?: unknown } | undefined)?.status },
        });
        if (!result.ok) {
          await kubectl.complain(
            `error: ${type.plural} "${name}" is invalid\n${statusMessage(refusalOf(result))}`,
          );
          return 1;
        }
        const object = result.applied[0]?.object;
        if (object) await printOutcome(kubectl, object, "edited");
      }
    }
    return 0;
  },
};

function parseEdited(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw failure(
      `error parsing edited-file: ${error instanceof Error ? error.message.split("\n")[0] : ""}`,
    );
  }
  throw failure("error parsing edited-file: error converting YAML to JSON");
}
