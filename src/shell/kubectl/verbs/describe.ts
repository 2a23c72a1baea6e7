import { describeObject } from "../describe/describe";
import { failure } from "../failure";
import { type Found, findTargets, parseTargets } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";
import { scopeOf } from "./get-table";

export const describe: Verb = {
  name: "describe",
  flags: {
    ...SELECTION_FLAGS,
    "show-events": { value: "optional" },
    "chunk-size": { value: true },
    filename: { short: "f", value: true },
    recursive: { short: "R" },
  },
  run: async (kubectl) => {
    const { api, args, flags } = kubectl;
    if (args.length === 0)
      throw failure(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    const targets = parseTargets(args);
    const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
    const prefixed = errors.length > 0 && args.length === 2 ? findByPrefix(kubectl) : undefined;
    if (prefixed) {
      for (const object of prefixed.objects)
        await kubectl.write(`${describeObject(object, api)}\n`);
      return 0;
    }
    const objects = found.flatMap((one) => one.objects);
    for (const [index, object] of objects.entries()) {
      if (index > 0) await kubectl.write("\n\n");
      await kubectl.write(describeObject(object, api));
    }
    for (const error of errors) await kubectl.complain(error);
    if (objects.length === 0 && errors.length === 0) {
      const { allNamespaces, namespace } = scopeOf(kubectl);
      const namespaced = targets.groups.some(({ type }) => type.namespaced);
      await kubectl.complain(
        namespaced && !allNamespaces
          ? `No resources found in ${namespace} namespace.`
          : "No resources found",
      );
    }
    return errors.length > 0 ? 1 : 0;
  },
};

/** `describe pod ku`: every pod whose name begins like this. */
function findByPrefix({ api, args, namespace }: Kubectl): Found | undefined {
  const [first = "", prefix = ""] = args;
  const targets = parseTargets([first]);
  const type = targets.groups[0]?.type;
  if (!type || first.includes("/")) return undefined;
  const all = api.list(type, { namespace: type.namespaced ? namespace : undefined });
  const objects = all.filter(({ metadata }) => metadata.name.startsWith(prefix));
  return objects.length > 0 ? { type, objects } : undefined;
}
