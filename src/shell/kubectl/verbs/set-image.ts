import { fieldOf, isList, isObject, type JsonObject, sameJson } from "../../../core/api/json";
import type { KubeObject } from "../../../core/api/types";
import { failure } from "../failure";
import { findTargets, parseTargets } from "../targets";
import type { Verb } from "../verb";
import { SELECTION_FLAGS, scopeOf } from "./get";
import { dryRunOf, printOutcome, WRITE_FLAGS } from "./writing";

export const setImage: Verb = {
  name: "set image",
  flags: {
    ...WRITE_FLAGS,
    ...SELECTION_FLAGS,
    all: {},
    local: {},
    filename: { short: "f", value: true },
    recursive: { short: "R" },
  },
  run: async (kubectl) => {
    const { api, args, flags } = kubectl;
    const images = new Map(
      args
        .filter((one) => one.includes("="))
        .map((one) => {
          const equals = one.indexOf("=");
          return [one.slice(0, equals), one.slice(equals + 1)] as const;
        }),
    );
    const resources = args.filter((one) => !one.includes("="));
    if (resources.length === 0)
      throw failure(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>",
      );
    if (images.size === 0) throw failure("at least one image update is required");
    const targets = parseTargets(resources, "kubectl set image");
    const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
    const dryRun = dryRunOf(kubectl);
    for (const { type, objects } of found) {
      for (const { metadata } of objects) {
        const stored = api.findStored(type, metadata.namespace ?? "", metadata.name);
        if (!stored) continue;
        const changed = withImages(stored, images);
        if (sameJson(changed, stored)) continue;
        const after = api.must(
          { type: "replace", manifest: changed },
          undefined,
          dryRun !== "none",
        );
        await printOutcome(kubectl, after, "image updated", dryRun);
      }
    }
    for (const error of errors) await kubectl.complain(error);
    return errors.length > 0 ? 1 : 0;
  },
};

function withImages(object: KubeObject, images: ReadonlyMap<string, string>): JsonObject {
  const manifest = object as unknown as JsonObject;
  const path = object.kind === "Pod" ? ["spec"] : ["spec", "template", "spec"];
  const known = new Set<string>();
  const changed = at(manifest, path, (spec) => {
    const change = (containers: unknown) =>
      isList(containers)
        ? containers.map((container) => {
            const name = String(fieldOf(container, "name"));
            known.add(name);
            const image = images.get(name) ?? images.get("*");
            return image === undefined ? container : { ...(container as object), image };
          })
        : containers;
    const inits = fieldOf(spec, "initContainers");
    return {
      ...spec,
      containers: change(fieldOf(spec, "containers")),
      ...(inits !== undefined && { initContainers: change(inits) }),
    };
  });
  const unknown = [...images.keys()].find((name) => name !== "*" && !known.has(name));
  if (unknown !== undefined) throw failure(`unable to find container named "${unknown}"`);
  return changed;
}

/** A copy with what lies at a path changed. */
function at(
  object: JsonObject,
  [key, ...rest]: readonly string[],
  change: (inner: JsonObject) => JsonObject,
): JsonObject {
  if (key === undefined) return change(object);
  const inner = object[key];
  return { ...object, [key]: at(isObject(inner) ? inner : {}, rest, change) };
}
