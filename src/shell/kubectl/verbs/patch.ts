import { parse } from "yaml";
import { isList, isObject, type JsonObject, sameJson } from "../../../core/api/json";
import { mergePatch } from "../../../core/api/merge-patch";
import { resolvePath } from "../../files";
import { keyOfObject } from "../api";
import { failure, KubectlFailure } from "../failure";
import { applyJsonPatch } from "../json-patch";
import { strategicMerge } from "../strategic-merge";
import { findTargets, parseTargets, RESOURCE_HELP } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { scopeOf } from "./get-table";
import { dryRunOf, printOutcome, WRITE_FLAGS } from "./writing";

const TYPES = ["json", "merge", "strategic"];

export const patch: Verb = {
  name: "patch",
  flags: {
    ...WRITE_FLAGS,
    patch: { short: "p", value: true },
    "patch-file": { value: true },
    type: { value: true },
    local: {},
    subresource: { value: true },
    filename: { short: "f", value: true },
    recursive: { short: "R" },
  },
  run: async (kubectl) => {
    const { api, args, flags } = kubectl;
    const type = (flags.text("type") ?? "strategic").toLowerCase();
    if (!TYPES.includes(type))
      throw failure(`--type must be one of [json merge strategic], not "${flags.text("type")}"`);
    const text = patchText(kubectl);
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const value = parsePatch(text);
    const targets = parseTargets(args);
    if (!targets.named) throw failure("resource(s) were provided, but no name was specified");
    const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
    const dryRun = dryRunOf(kubectl);
    // kubectl itself does not say so of --dry-run=client.
    const said = dryRun === "client" ? "none" : dryRun;
    for (const { type: resource, objects } of found) {
      for (const shown of objects) {
        const { namespace = "", name } = shown.metadata;
        const stored = api.findStored(resource, namespace, name);
        if (!stored) continue;
        const changed = changedBy(type, stored as unknown as JsonObject, value);
        if (sameJson(changed, stored)) {
          await printOutcome(kubectl, shown, "patched (no change)", said);
          continue;
        }
        const command =
          type === "merge" && isObject(value)
            ? ({ type: "patch", key: keyOfObject(shown), patch: value } as const)
            : ({ type: "replace", manifest: changed } as const);
        const after = api.must(command, undefined, dryRun !== "none");
        await printOutcome(kubectl, after, "patched", said);
      }
    }
    for (const error of errors) await kubectl.complain(error);
    return errors.length > 0 ? 1 : 0;
  },
};

function jsonType(value: unknown): string {
  return isList(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
}

function patchText({ flags, process }: Kubectl): string {
  const file = flags.text("patch-file");
  if (file !== undefined) {
    const read = process.files.read(resolvePath(process.cwd, file));
    if (!read.ok)
      throw failure(`unable to read patch file: open ${file}: ${read.error.toLowerCase()}`);
    return read.value;
  }
  const text = flags.text("patch");
  if (!text)
    throw failure("must specify --patch or --patch-file containing the contents of the patch");
  return text;
}

/** JSON, or YAML. */
function parsePatch(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw failure(`unable to parse "${text}": yaml: ${message}`);
  }
}

function changedBy(type: string, object: JsonObject, value: unknown): JsonObject {
  if (type === "json") {
    if (!isList(value))
      throw new KubectlFailure(
        "Error from server (BadRequest): json: cannot unmarshal object into Go value of type jsonpatch.Patch",
      );
    const result = applyJsonPatch(object, value);
    if (!result.ok)
      throw new KubectlFailure(
        `The request is invalid: the server rejected our request due to an error in our request`,
      );
    return result.value;
  }
  if (!isObject(value))
    throw new KubectlFailure(
      `Error from server (BadRequest): json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`,
    );
  return type === "merge"
    ? (mergePatch(object, value) as JsonObject)
    : strategicMerge(object, value);
}
