import { fieldOf, isList, type JsonObject } from "../../../../core/api/json";
import { failure } from "../../failure";
import type { Verb } from "../../verb";
import { changeTemplates, TEMPLATE_FLAGS } from "./pod-templates";

export const setImage: Verb = {
  name: "set image",
  flags: TEMPLATE_FLAGS,
  run: async (kubectl) => {
    const { args } = kubectl;
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
    return changeTemplates(kubectl, resources, {
      outcome: "image updated",
      failing: "patch image update to pod template",
      change: (spec) => withImages(spec, images),
    });
  },
};

function withImages(spec: JsonObject, images: ReadonlyMap<string, string>): JsonObject {
  const known = new Set<string>();
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
  const changed = {
    ...spec,
    containers: change(fieldOf(spec, "containers")),
    ...(inits !== undefined && { initContainers: change(inits) }),
  };
  const unknown = [...images.keys()].find((name) => name !== "*" && !known.has(name));
  if (unknown !== undefined) throw failure(`unable to find container named "${unknown}"`);
  return changed;
}
