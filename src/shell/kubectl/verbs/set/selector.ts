import type { JsonObject } from "../../../../core/api/json";
import { failure } from "../../failure";
import type { Verb } from "../../verb";
import { dryRunOf, printOutcome } from "../writing";
import { findSettable, TEMPLATE_FLAGS } from "./pod-templates";

export const setSelector: Verb = {
  name: "set selector",
  flags: { ...TEMPLATE_FLAGS, "resource-version": { value: true } },
  run: async (kubectl) => {
    const { api, args } = kubectl;
    if (args.length === 0) throw failure("one selector is required");
    const { objects, errors } = findSettable(kubectl, args.slice(0, -1));
    const selector = parse(args.at(-1) ?? "");
    const dryRun = dryRunOf(kubectl);
    for (const { object } of objects) {
      if (object.kind !== "Service")
        throw failure("setting a selector is only supported for Services");
      const stored = object as unknown as JsonObject;
      const manifest = { ...stored, spec: { ...(stored.spec as JsonObject), selector } };
      const after = api.must({ type: "replace", manifest }, undefined, dryRun !== "none");
      await printOutcome(kubectl, after, "selector updated", dryRun);
    }
    for (const error of errors) await kubectl.complain(error);
    return errors.length > 0 ? 1 : 0;
  },
};

/** `app=web,tier=front`; a Service takes no expressions. */
function parse(text: string): Readonly<Record<string, string>> {
  const set = /^\s*(\S+)\s+(in|notin)\s*\(([^)]*)\)\s*$/.exec(text);
  if (set) {
    const operator = set[2] === "in" ? "In" : "NotIn";
    const values = (set[3] ?? "").split(",").map((one) => one.trim());
    throw failure(
      `match expression [{${set[1]} ${operator} [${values.join(" ")}]}] not supported on this object`,
    );
  }
  const pairs = text.split(",").map((pair) => {
    const match = /^\s*([^=!\s]+)\s*==?\s*([^=\s]*)\s*$/.exec(pair);
    if (!match) throw failure(`couldn't parse the selector string "${text}"`);
    return [match[1] ?? "", match[2] ?? ""] as const;
  });
  return Object.fromEntries(pairs);
}
