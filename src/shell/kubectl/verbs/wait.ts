import { fieldOf, isList } from "../../../core/api/json";
import type { KubeObject } from "../../../core/api/types";
import { SECOND } from "../../../core/sim/time";
import { failure } from "../failure";
import { objectName } from "../output/format";
import { follow, parseSteps } from "../output/jsonpath";
import { findTargets, parseChosenTargets, RESOURCE_HELP } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { secondsOf } from "./delete";
import { SELECTION_FLAGS } from "./get";
import { scopeOf } from "./get-table";

export const waitVerb: Verb = {
  name: "wait",
  flags: {
    ...SELECTION_FLAGS,
    for: { value: true },
    timeout: { value: true },
    all: {},
    filename: { short: "f", value: true },
    local: {},
    output: { short: "o", value: true },
  },
  run: async (kubectl) => {
    const { api, args, flags, process } = kubectl;
    const holds = conditionOf(flags.text("for") ?? "");
    if (args.length === 0) throw failure(RESOURCE_HELP);
    const targets = parseChosenTargets(args, flags);
    const find = () => findTargets(api, targets, scopeOf(kubectl), flags);
    const seconds = secondsOf(flags.text("timeout") ?? "30s", "wait");
    const endUs = api.nowUs + seconds * SECOND;
    if (flags.text("for") === "create") {
      const met = await api.cluster.until(() => find().errors.length === 0, {
        interrupt: process.interrupt,
        limitUs: endUs - api.nowUs,
      });
      if (!met) throw failure("timed out waiting for the condition");
    }
    const { found, errors } = find();
    const objects = found.flatMap((one) => one.objects);
    const deleting = flags.text("for") === "delete";
    if (errors.length > 0 && !deleting) {
      for (const error of errors) await kubectl.complain(error);
      return 1;
    }
    if (objects.length === 0 && !deleting) throw failure("no matching resources found");
    let failed = false;
    for (const object of objects) {
      const now = () => current(kubectl, object);
      const met = await api.cluster.until(() => holds(now()), {
        interrupt: process.interrupt,
        limitUs: Math.max(0, endUs - api.nowUs),
      });
      if (met) await kubectl.print(`${objectName(object)} condition met`);
      else {
        failed = true;
        await kubectl.complain(
          seconds === 0
            ? `error: condition not met for ${plural(object)}/${object.metadata.name}`
            : `error: timed out waiting for the condition on ${plural(object)}/${object.metadata.name}`,
        );
      }
    }
    return failed ? 1 : 0;
  },
};

function current({ api }: Kubectl, { kind, metadata }: KubeObject): KubeObject | undefined {
  const now = api.cluster.world.store.find(kind, metadata.namespace ?? "", metadata.name);
  return now?.metadata.uid === metadata.uid ? (now as KubeObject) : undefined;
}

function plural({ kind }: KubeObject): string {
  return kind === "Endpoints" ? "endpoints" : `${kind.toLowerCase()}s`;
}

type Holds = (object: KubeObject | undefined) => boolean;

function conditionOf(text: string): Holds {
  if (text === "delete") return (object) => object === undefined;
  if (text === "create") return (object) => object !== undefined;
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (condition) {
    const [, type = "", status = "true"] = condition;
    return (object) => {
      const list = fieldOf(fieldOf(object, "status"), "conditions");
      return (
        isList(list) &&
        list.some(
          (one) =>
            String(fieldOf(one, "type")).toLowerCase() === type.toLowerCase() &&
            String(fieldOf(one, "status")).toLowerCase() === status.toLowerCase(),
        )
      );
    };
  }
  const path = /^jsonpath=(?:'?\{(.+?)\}'?|([^={}]+))(?:=(.*?)\}?)?$/.exec(text);
  if (path) {
    const steps = parseSteps(path[1] ?? path[2] ?? "");
    const wanted = path[3]?.replace(/^(['"])(.*)\1$/, "$2");
    return (object) => {
      const [value] = follow(object, steps);
      return wanted === undefined ? value !== undefined : String(value) === wanted;
    };
  }
  throw failure(`unrecognized condition: "${text}"`);
}
