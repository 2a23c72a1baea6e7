import { failure } from "../../failure";
import { RESOURCE_HELP } from "../../targets";
import type { Verb } from "../../verb";
import { changeTemplates, TEMPLATE_FLAGS } from "./pod-templates";

export const setServiceAccount: Verb = {
  name: "set serviceaccount",
  flags: TEMPLATE_FLAGS,
  run: async (kubectl) => {
    const { args } = kubectl;
    if (args.length === 0) throw failure("serviceaccount is required");
    const resources = args.slice(0, -1);
    if (resources.length === 0) throw failure(RESOURCE_HELP);
    const serviceAccountName = args.at(-1) ?? "";
    return changeTemplates(kubectl, resources, {
      outcome: "serviceaccount updated",
      failing: "patch ServiceAccountName",
      always: true,
      change: (spec) => ({ ...spec, serviceAccountName }),
    });
  },
};
