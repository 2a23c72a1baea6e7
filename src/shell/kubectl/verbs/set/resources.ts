import { isObject, type JsonObject } from "../../../../core/api/json";
import { failure } from "../../failure";
import { RESOURCE_HELP } from "../../targets";
import type { Verb } from "../../verb";
import { changeContainers } from "./containers";
import { changeTemplates, TEMPLATE_FLAGS } from "./pod-templates";

export const setResources: Verb = {
  name: "set resources",
  flags: {
    ...TEMPLATE_FLAGS,
    containers: { short: "c", value: true },
    limits: { value: true },
    requests: { value: true },
  },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    if (!flags.has("limits") && !flags.has("requests"))
      throw failure(
        "you must specify an update to requests or limits (in the form of --requests/--limits)",
      );
    const limits = amountsOf(flags.list("limits"));
    const requests = amountsOf(flags.list("requests"));
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const pattern = flags.text("containers") ?? "*";
    const status = await changeTemplates(kubectl, args, {
      outcome: "resource requirements updated",
      failing: "patch resources update to pod template",
      change: (spec) => {
        const { spec: changed, matched } = changeContainers(spec, pattern, (container) => {
          const old = isObject(container.resources) ? container.resources : {};
          const resources = {
            ...old,
            ...merged("limits", old, limits),
            ...merged("requests", old, requests),
          };
          return { ...container, resources };
        });
        if (matched === 0) throw failure(`unable to find container named ${pattern}`);
        return changed;
      },
    });
    await kubectl.hint("requests and limits decide nothing here: the scheduler counts pods");
    return status;
  },
};

function merged(field: string, old: JsonObject, added: Readonly<Record<string, string>>) {
  if (Object.keys(added).length === 0) return {};
  const before = isObject(old[field]) ? old[field] : {};
  return { [field]: { ...before, ...added } };
}

function amountsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const parts = pair.split("=");
      if (parts.length !== 2)
        throw failure(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
      const [name = "", amount = ""] = parts;
      if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/.test(amount))
        throw failure(
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        );
      return [name, amount];
    }),
  );
}
