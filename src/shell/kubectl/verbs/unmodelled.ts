import { notFound } from "../api";
import { failure, statusFailure } from "../failure";
import { requireFlags } from "../flags";
import { typeOfKind } from "../resources";
import { findTargets, parseTargets, RESOURCE_HELP } from "../targets";
import type { Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";
import { scopeOf } from "./get-table";
import { podOf } from "./pods";
import { WRITE_FLAGS } from "./writing";

/** Verbs that are checked as kubectl does, up to what is not modelled here. */

const autoscale: Verb = {
  name: "autoscale",
  flags: {
    ...WRITE_FLAGS,
    max: { value: true },
    min: { value: true },
    "cpu-percent": { value: true },
    name: { value: true },
    filename: { short: "f", value: true },
    recursive: { short: "R" },
  },
  run: async (kubectl) => {
    const { api, args, flags } = kubectl;
    requireFlags(flags, ["max"]);
    const [max = 0, min = -1] = [flags.number("max"), flags.number("min")];
    if (max < 1) throw failure(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min)
      throw failure(
        `--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`,
      );
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const targets = parseTargets(args);
    const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
    for (const error of errors) await kubectl.complain(error);
    if (errors.length > 0) return 1;
    const object = found[0]?.objects[0];
    const name = object ? `${object.kind.toLowerCase()}/${object.metadata.name}` : "NAME";
    await kubectl.hint(
      `HorizontalPodAutoscalers are not modelled here, nor is what pods use: kubectl scale ${name} --replicas=N`,
    );
    return 1;
  },
};

const debug: Verb = {
  name: "debug",
  flags: {
    ...SELECTION_FLAGS,
    image: { value: true },
    target: { value: true },
    container: { short: "c", value: true },
    stdin: { short: "i" },
    tty: { short: "t" },
    attach: {},
    "copy-to": { value: true },
    replace: {},
    "share-processes": {},
    "same-node": {},
    "set-image": { value: true },
    profile: { value: true },
    env: { value: true },
    quiet: { short: "q" },
    arguments: {},
    custom: { value: true },
    "image-pull-policy": { value: true },
    "keep-annotations": {},
    "keep-labels": {},
    "keep-liveness": {},
    "keep-readiness": {},
    "keep-startup": {},
    filename: { short: "f", value: true },
  },
  run: async (kubectl) => {
    const { api, args, flags } = kubectl;
    if (!flags.has("image") && !flags.has("copy-to"))
      throw failure("you must specify --image when not using --copy-to.");
    const [given] = args;
    if (given === undefined) throw failure("NAME is required for debug");
    if (!flags.has("profile"))
      await kubectl.complain(
        '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".',
      );
    const node = /^nodes?\/(.+)$/.exec(given)?.[1];
    if (node !== undefined) {
      const type = typeOfKind("Node");
      if (!api.find(type, "", node)) throw statusFailure(notFound(type, node));
      await kubectl.hint(`kubectl debug is not modelled here: ssh ${node}`);
      return 1;
    }
    const pod = podOf(kubectl, given);
    await kubectl.hint(
      `ephemeral containers are not modelled here: kubectl exec -it ${pod.metadata.name} -- sh, or a pod with tools beside it: kubectl run tmp -it --rm --image=nicolaka/netshoot -- bash`,
    );
    return 1;
  },
};

export const UNMODELLED_VERBS: readonly Verb[] = [autoscale, debug];
