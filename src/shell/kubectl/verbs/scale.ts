import { keyOfObject } from "../api";
import { failure, KubectlFailure } from "../failure";
import { requireFlags } from "../flags";
import { findTargets, parseTargets, RESOURCE_HELP } from "../targets";
import type { Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";
import { scopeOf } from "./get-table";
import { dryRunOf, printOutcome, WRITE_FLAGS } from "./writing";

const SCALABLE = ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"];

export const scale: Verb = {
  name: "scale",
  flags: {
    ...WRITE_FLAGS,
    ...SELECTION_FLAGS,
    replicas: { value: true },
    "current-replicas": { value: true },
    "resource-version": { value: true },
    timeout: { value: true },
    all: {},
    filename: { short: "f", value: true },
    recursive: { short: "R" },
  },
  run: async (kubectl) => {
    const { api, args, flags } = kubectl;
    requireFlags(flags, ["replicas"]);
    const replicas = flags.number("replicas") ?? 0;
    if (replicas < 0)
      throw failure(
        "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
      );
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const targets = parseTargets(args);
    const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
    const objects = found.flatMap((one) => one.objects);
    if (objects.length === 0)
      throw failure(
        `no objects passed to scale${errors.map((error) => error.replace(/^Error from server \(NotFound\):/, "")).join("")}`,
      );
    const expected = flags.number("current-replicas") ?? -1;
    const dryRun = dryRunOf(kubectl);
    for (const object of objects) {
      if (!SCALABLE.includes(object.kind))
        throw new KubectlFailure(
          "Error from server (NotFound): the server could not find the requested resource",
        );
      const current =
        "replicas" in (object as { spec: object }).spec
          ? (object as { spec: { replicas: number } }).spec.replicas
          : 0;
      if (expected >= 0 && expected !== current)
        throw failure(`Expected replicas to be ${expected}, was ${current}`);
      const patch = { spec: { replicas } };
      const after = api.must(
        { type: "patch", key: keyOfObject(object), patch },
        undefined,
        dryRun !== "none",
      );
      await printOutcome(kubectl, after, "scaled", dryRun);
    }
    for (const error of errors) await kubectl.complain(error);
    return errors.length > 0 ? 1 : 0;
  },
};
