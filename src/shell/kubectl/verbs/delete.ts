import type { KubeObject } from "../../../core/api/types";
import { SECOND } from "../../../core/sim/time";
import { keyOfObject, notFound } from "../api";
import { failure, KubectlFailure, statusFailure, statusMessage } from "../failure";
import { FILE_FLAGS, readManifests, reportManifests } from "../manifests";
import { groupSingular, type ResourceType } from "../resources";
import { findTargets, parseTargets, RESOURCE_HELP } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";
import { scopeOf } from "./get-table";
import { dryRunOf, WRITE_FLAGS } from "./writing";

const FORCED =
  "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.";

export const deleteVerb: Verb = {
  name: "delete",
  flags: {
    ...SELECTION_FLAGS,
    ...FILE_FLAGS,
    "dry-run": WRITE_FLAGS["dry-run"],
    output: { short: "o", value: true },
    all: {},
    force: {},
    now: {},
    "grace-period": { value: true },
    "ignore-not-found": {},
    wait: { value: "optional", bare: "true" },
    timeout: { value: true },
    cascade: { value: "optional", bare: "background" },
    interactive: { short: "i" },
    raw: { value: true },
  },
  run: async (kubectl) => {
    const { flags } = kubectl;
    const grace = graceOf(kubectl);
    const cascade = flags.text("cascade") ?? "background";
    if (!["background", "foreground", "orphan", "true", "false"].includes(cascade))
      throw failure(
        `invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`,
      );
    if (flags.on("force")) await kubectl.complain(FORCED);
    const deleted: Deleted[] = [];
    let failed = false;
    if (flags.has("filename")) {
      const given = await readManifests(kubectl);
      for (const { type, namespace, name, source } of given.manifests) {
        const object = kubectl.api.find(type, namespace, name);
        if (object) deleted.push(await deleteOne(kubectl, type, object, grace));
        else if (!flags.on("ignore-not-found")) {
          failed = true;
          await kubectl.complain(
            statusMessage(notFound(type, name), `error when deleting "${source}"`),
          );
        }
      }
      const status = await reportManifests(kubectl, given, failed);
      await waitForAll(kubectl, deleted);
      return status;
    }
    const { found, errors } = findNamed(kubectl);
    const count = found.reduce((sum, { objects }) => sum + objects.length, 0);
    for (const { type, objects } of found)
      for (const object of objects) {
        try {
          deleted.push(await deleteOne(kubectl, type, object, grace));
        } catch (error) {
          if (!(error instanceof KubectlFailure)) throw error;
          failed = true;
          await kubectl.complain(error.message);
        }
      }
    await waitForAll(kubectl, deleted);
    const reported = flags.on("ignore-not-found") ? [] : errors;
    for (const error of reported) await kubectl.complain(error);
    if (count === 0 && errors.length === 0 && !failed) await kubectl.print("No resources found");
    return failed || reported.length > 0 ? 1 : 0;
  },
};

interface Deleted {
  readonly type: ResourceType;
  readonly object: KubeObject;
}

function findNamed(kubectl: Kubectl) {
  const { api, args, flags } = kubectl;
  if (args.length === 0) throw failure(RESOURCE_HELP);
  const targets = parseTargets(args);
  const selects = flags.has("selector") || flags.has("field-selector");
  if (!targets.named && !selects && !flags.on("all"))
    throw failure("resource(s) were provided, but no name was specified");
  if (targets.named && (selects || flags.on("all")))
    throw failure("name cannot be provided when a selector is specified");
  return findTargets(api, targets, scopeOf(kubectl), flags);
}

function graceOf({ flags }: Kubectl): number | undefined {
  const given = flags.number("grace-period");
  if (flags.on("now")) {
    if (given !== undefined) throw failure("--now and --grace-period cannot be specified together");
    return 1;
  }
  if (flags.on("force")) {
    if (given !== undefined && given > 0)
      throw failure("--force and --grace-period greater than 0 cannot be specified together");
    return 0;
  }
  return given === undefined || given < 0 ? undefined : Math.max(given, 1);
}

async function deleteOne(
  kubectl: Kubectl,
  type: ResourceType,
  object: KubeObject,
  grace: number | undefined,
): Promise<Deleted> {
  const { api, flags } = kubectl;
  const dryRun = dryRunOf(kubectl);
  const key = keyOfObject(object);
  if (dryRun !== "client") {
    const command = {
      type: "delete",
      key,
      ...(grace !== undefined && { gracePeriodSeconds: grace }),
    } as const;
    const result = api.execute(command, dryRun === "server");
    const status = result.ok ? undefined : result.refusals[0]?.status;
    if (status) throw statusFailure(status);
  }
  const note = dryRun === "none" ? "" : dryRun === "client" ? " (dry run)" : " (server dry run)";
  const words = flags.on("force") ? "force deleted" : "deleted";
  if (flags.text("output") === "name")
    await kubectl.print(`${groupSingular(type)}/${object.metadata.name}`);
  else await kubectl.print(`${groupSingular(type)} "${object.metadata.name}" ${words}${note}`);
  return { type, object };
}

/** Until the objects are gone, and not merely marked. */
async function waitForAll(kubectl: Kubectl, deleted: readonly Deleted[]): Promise<void> {
  const { api, flags, process } = kubectl;
  if (!flags.on("wait", true) || flags.on("force") || dryRunOf(kubectl) !== "none") return;
  const left = () =>
    deleted.some(({ type, object }) => {
      const now = api.findStored(type, object.metadata.namespace ?? "", object.metadata.name);
      return now?.metadata.uid === object.metadata.uid;
    });
  const seconds = secondsOf(flags.text("timeout") ?? "0", "delete");
  const limitUs = seconds > 0 ? seconds * SECOND : undefined;
  const gone = await api.cluster.until(() => !left(), {
    interrupt: process.interrupt,
    ...(limitUs !== undefined && { limitUs }),
  });
  if (!gone) throw failure("timed out waiting for the condition on the deleted objects");
}

/** Go's durations: `30s`, `1m30s`; a bare number is seconds. */
export function secondsOf(text: string, command: string, flag = "timeout"): number {
  if (/^\d+$/.test(text)) return Number(text);
  const units: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, ms: 0.001 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== text || text === "")
    throw failure(
      `invalid argument "${text}" for "--${flag}" flag: time: invalid duration "${text}"\nSee 'kubectl ${command} --help' for usage.`,
    );
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0),
    0,
  );
}
