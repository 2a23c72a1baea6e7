import { parse } from "yaml";
import { isObject, sameJson } from "../../../core/api/json";
import type { Status } from "../../../core/api/status";
import type { KubeObject } from "../../../core/api/types";
import { refusalOf } from "../api";
import { failure } from "../failure";
import { formatYaml } from "../output/yaml";
import type { ResourceType } from "../resources";
import { findTargets, parseTargets, RESOURCE_HELP } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { scopeOf } from "./get-table";
import { printOutcome, WRITE_FLAGS } from "./writing";

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** In $KUBE_EDITOR or $EDITOR; in the page, where there is none, in its YAML editor. */
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
    const { api, args, flags } = kubectl;
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const targets = parseTargets(args);
    const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
    for (const error of errors) await kubectl.complain(error);
    if (errors.length > 0) return 1;
    for (const { type, objects } of found)
      for (const object of objects) await editOne(kubectl, type, object);
    return 0;
  },
};

/** Opens the editor again as long as the server refuses what was written, as long as something was. */
async function editOne(kubectl: Kubectl, type: ResourceType, shown: KubeObject): Promise<void> {
  const { name } = shown.metadata;
  const before = formatYaml(shown);
  const title = `${type.singular}/${name}`;
  let text = before;
  let notes = "";
  for (;;) {
    const edited = await editText(kubectl, title, HEADER + notes + text);
    const next = (edited ?? "").replace(/^#.*\n?/gm, "");
    if (notes !== "" && (edited === undefined || next.trim() === text.trim())) {
      const number = kubectl.api.cluster.random("edit").int(1e8, 4e9);
      const path = `/tmp/kubectl-edit-${number}.yaml`;
      kubectl.process.files.write(path, HEADER + notes + text);
      await kubectl.complain(`A copy of your changes has been stored to "${path}"`);
      throw failure("Edit cancelled, no valid changes were saved.");
    }
    if (edited === undefined || next.trim() === before.trim()) {
      await kubectl.complain("Edit cancelled, no changes made.");
      return;
    }
    if (next.trim() === "") {
      await kubectl.complain("Edit cancelled, saved file was empty.");
      return;
    }
    const wrong = await save(kubectl, type, shown, next);
    if (wrong === undefined) return;
    text = next;
    notes = wrong;
  }
}

/** What is wrong with it, as a remark at the top of the file. */
async function save(
  kubectl: Kubectl,
  type: ResourceType,
  shown: KubeObject,
  text: string,
): Promise<string | undefined> {
  const { namespace = "", name } = shown.metadata;
  const parsed = parseEdited(text);
  if (!parsed.ok) {
    await kubectl.complain(`error: ${type.plural} "${name}" is invalid`);
    return `# ${parsed.error}\n#\n`;
  }
  const stored = kubectl.api.findStored(type, namespace, name);
  if (sameJson(parsed.value, shown)) {
    await kubectl.complain("Edit cancelled, no changes made.");
    return undefined;
  }
  const { status } = (stored ?? {}) as { status?: unknown };
  const result = kubectl.api.execute({ type: "replace", manifest: { ...parsed.value, status } });
  if (!result.ok) {
    await kubectl.complain(`error: ${type.plural} "${name}" is invalid`);
    return remark(type, name, refusalOf(result));
  }
  const object = result.applied[0]?.object;
  if (object) await printOutcome(kubectl, object, "edited");
  return undefined;
}

function remark({ plural }: ResourceType, name: string, { message, causes = [] }: Status): string {
  const reasons =
    causes.length > 0 ? causes.map((one) => `${one.field}: ${one.message}`) : [message];
  const lines = [`${plural} "${name}" was not valid:`, ...reasons.map((one) => `* ${one}`)];
  return `${lines.map((line) => `# ${line.replaceAll("\n", " ")}\n`).join("")}#\n`;
}

async function editText(
  kubectl: Kubectl,
  title: string,
  text: string,
): Promise<string | undefined> {
  const { process } = kubectl;
  const editor = process.env.KUBE_EDITOR || process.env.EDITOR;
  if (editor) return editWith(kubectl, editor, text);
  if (process.terminal?.editText) return process.terminal.editText(title, text);
  await kubectl.hint(
    "this terminal has no editor: KUBE_EDITOR='sed -i s/old/new/' kubectl edit …, kubectl patch, or kubectl apply -f -",
  );
  throw failure('unable to launch the editor "vi"');
}

async function editWith(
  { api, process }: Kubectl,
  editor: string,
  text: string,
): Promise<string | undefined> {
  const [program = ""] = editor.split(" ");
  if (!process.system.has(process.place, program))
    throw failure(`unable to launch the editor "${editor}"`);
  const path = `/tmp/kubectl-edit-${api.cluster.random("edit").int(1e8, 4e9)}.yaml`;
  process.files.write(path, text);
  const status = await process.system.script(process, `${editor} ${path}`);
  const read = process.files.read(path);
  process.files.remove(path);
  if (status !== 0) throw failure(`there was a problem with the editor "${editor}"`);
  return read.ok ? read.value : undefined;
}

function parseEdited(
  text: string,
):
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: string } {
  try {
    const value: unknown = parse(text);
    if (isObject(value)) return { ok: true, value };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    return { ok: false, error: `The edited file had a syntax error: ${message}` };
  }
  return { ok: false, error: "The edited file had a syntax error: it is no object" };
}
