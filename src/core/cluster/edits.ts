import { applyAll } from "../api/apply-all";
import { nestsDeeperThan } from "../api/json";
import { isLagKey, lagError } from "../api/lags";
import { mergePatch } from "../api/merge-patch";
import type { ApiServer } from "../api/server";
import type { Store } from "../api/store";
import { KINDS, type Kind, type ObjectKey } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { changeNetwork, putBack } from "../dataplane/network-change";
import { parseNetworkChange } from "../dataplane/parse-network-change";
import type { ControlState } from "../kubelet/control";
import { killContainer, restoreContainer, setNodePower, setReadiness } from "../kubelet/hands";
import { readNodeSetting, writeNodeSetting } from "../kubelet/node-settings";
import {
  type Applied,
  badRequest,
  type CommandResult,
  DONE,
  type EditCommand,
  refuse,
} from "./command";
import { putRules, restoreRules } from "./hand-rules";
import type { ProxySupervisor } from "./proxy-supervisor";
import { restore } from "./restore";

/** Deeper patches are refused, so that everything after may recurse. */
const MAX_PATCH_DEPTH = 100;

/** What an edit may touch. */
export interface Editable {
  readonly api: ApiServer;
  readonly store: Store;
  readonly control: ControlState;
  readonly proxies: ProxySupervisor;
  readonly nowUs: number;
  context(): ControlContext;
  /** Tells everybody who watches of what has changed so far. */
  spread(): void;
  /** A copy to try things on. */
  rehearsal(): Editable;
}

/** Changes the cluster. Refused, it changes nothing. */
export function executeEdit(world: Editable, command: EditCommand): CommandResult {
  switch (command.type) {
    case "apply":
      return reportOf(applyAll(world.api, command.manifests, world.nowUs));
    case "create":
    case "replace":
      return writeObject(world, command);
    case "delete":
      return deleteObject(world, command);
    case "restore":
      return restore(world, command);
    case "patch":
      return patchObject(world, command);
    case "drain":
      return drain(world, command.node);
    case "killContainer":
    case "restoreContainer":
      return handleContainer(world, command);
    case "setProxy":
      if (!world.store.find("Node", "", command.node))
        return badRequest(`nodes "${command.node}" not found`);
      world.proxies.setHalted(world.context(), command.node, !command.running);
      return DONE;
    case "setPower": {
      const context = world.context();
      if (!context.plane.find(`node/${command.node}`))
        return badRequest(`nodes "${command.node}" not found`);
      setNodePower(context, world.control, command.node, command.on);
      world.proxies.supervise(context, command.node);
      return DONE;
    }
    case "setSetting":
      return setSetting(world, command);
    case "configureNetwork":
      return configureNetwork(world, command);
    case "restoreNetwork":
      return restoreNetwork(world, command);
    case "restoreRules":
      return restoreRules(world, command);
    case "putRules":
      return putRules(world, command);
    case "setLag":
      return setLag(world, command);
    case "setReadiness": {
      const { namespace, pod: name, ready } = command;
      if (!world.store.find("Pod", namespace, name)) return badRequest(`pods "${name}" not found`);
      setReadiness(world.context(), world.control, `${namespace}/${name}`, ready);
      return DONE;
    }
  }
}

export function reportOf({ applied, errors }: ReturnType<typeof applyAll>): CommandResult {
  return errors.length > 0 ? { ok: false, refusals: errors } : { ok: true, applied };
}

function setSetting(
  world: Editable,
  { node, setting, value }: Extract<EditCommand, { type: "setSetting" }>,
): CommandResult {
  const context = world.context();
  if (!context.plane.find(`node/${node}`)) return badRequest(`nodes "${node}" not found`);
  if (readNodeSetting(context, world.control, node, setting) === undefined) {
    const path = `/proc/sys/${setting.replaceAll(".", "/")}`;
    return badRequest(`sysctl: cannot stat ${path}: No such file or directory`);
  }
  return writeNodeSetting(context, world.control, node, setting, value)
    ? DONE
    : badRequest(`sysctl: setting key "${setting}": Invalid argument`);
}

function configureNetwork(
  world: Editable,
  { netns: id, text }: Extract<EditCommand, { type: "configureNetwork" }>,
): CommandResult {
  const { plane } = world.context();
  const netns = plane.find(id);
  if (!netns) return badRequest(`there is no network ${id}`);
  const parsed = parseNetworkChange(text);
  const changed = parsed.ok ? changeNetwork(netns, parsed.change) : parsed;
  if (!changed.ok) return badRequest(changed.error);
  plane.put(changed.netns);
  return DONE;
}

function restoreNetwork(
  world: Editable,
  { before, after }: Extract<EditCommand, { type: "restoreNetwork" }>,
): CommandResult {
  const { plane } = world.context();
  const netns = plane.find(before.id);
  if (!netns) return badRequest(`there is no network ${before.id}`);
  plane.put(putBack(netns, before, after));
  return DONE;
}

/** What is scheduled already comes when it was to come. */
function setLag(
  { control, store }: Editable,
  { lag, us }: Extract<EditCommand, { type: "setLag" }>,
): CommandResult {
  if (!isLagKey(lag)) return badRequest(`there is no lag "${lag}"`);
  const [, node] = lag.split("/");
  if (node !== undefined && !store.find("Node", "", node))
    return badRequest(`nodes "${node}" not found`);
  const error = us === null ? "" : lagError(lag, us);
  if (error !== "") return badRequest(`lag ${lag}: ${error}`);
  const { [lag]: _, ...others } = control.lags;
  control.lags = us === null ? others : { ...others, [lag]: us };
  return DONE;
}

function writeObject(
  { api, nowUs }: Editable,
  { type, manifest }: Extract<EditCommand, { type: "create" | "replace" }>,
): CommandResult {
  if (nestsDeeperThan(manifest, MAX_PATCH_DEPTH)) return badRequest("json: exceeded max depth");
  const result = type === "create" ? api.create(manifest, nowUs) : api.replace(manifest);
  if (!result.ok) return refuse(result.status);
  const outcome = type === "create" ? "created" : "configured";
  return { ok: true, applied: [{ object: result.value, outcome }] };
}

function deleteObject(
  { api, nowUs }: Editable,
  { key, gracePeriodSeconds }: Extract<EditCommand, { type: "delete" }>,
): CommandResult {
  const named = parseKey(key);
  if ("ok" in named) return named;
  const { kind, namespace, name } = named;
  const result = api.delete(kind, namespace, name, nowUs, gracePeriodSeconds);
  return result.ok
    ? { ok: true, applied: [{ object: result.value, outcome: "deleted" }] }
    : refuse(result.status);
}

function patchObject(
  { api, store }: Editable,
  { key, patch }: Extract<EditCommand, { type: "patch" }>,
): CommandResult {
  const named = parseKey(key);
  if ("ok" in named) return named;
  const { kind, namespace, name } = named;
  if (nestsDeeperThan(patch, MAX_PATCH_DEPTH)) return badRequest("json: exceeded max depth");
  const before = store.findByKey(key);
  const result = api.edit(kind, namespace, name, (object) => mergePatch(object, patch));
  if (!result.ok) return refuse(result.status);
  const outcome = result.value === before ? "unchanged" : "patched";
  return { ok: true, applied: [{ object: result.value, outcome }] };
}

function drain({ api, store, nowUs }: Editable, name: string): CommandResult {
  const cordoned = api.edit("Node", "", name, (node) =>
    mergePatch(node, { spec: { unschedulable: true } }),
  );
  if (!cordoned.ok) return refuse(cordoned.status);
  const applied: Applied[] = [{ object: cordoned.value, outcome: "cordoned" }];
  for (const pod of [...store.list("Pod")]) {
    const { namespace, ownerReferences = [], deletionTimestamp } = pod.metadata;
    const stays = ownerReferences.some(({ kind }) => kind === "DaemonSet" || kind === "Node");
    if (pod.spec.nodeName !== name || deletionTimestamp || stays) continue;
    api.delete("Pod", namespace, pod.metadata.name, nowUs);
    applied.push({ object: pod, outcome: "evicted" });
  }
  return { ok: true, applied };
}

function handleContainer(
  world: Editable,
  command: Extract<EditCommand, { type: "killContainer" | "restoreContainer" }>,
): CommandResult {
  const { namespace, container } = command;
  const pod = world.store.find("Pod", namespace, command.pod);
  if (!pod) return badRequest(`pods "${command.pod}" not found`);
  const context = world.context();
  const done =
    command.type === "killContainer"
      ? killContainer(context, world.control, pod, container)
      : restoreContainer(context, world.control, pod, command.container, command);
  if (done) return DONE;
  const name = container ?? pod.spec.containers[0]?.name ?? "";
  return badRequest(`container ${name} of pod ${command.pod} is not running`);
}

function parseKey(
  key: ObjectKey,
): { readonly kind: Kind; readonly namespace: string; readonly name: string } | CommandResult {
  const [given = "", first = "", second] = key.split("/");
  const kind = KINDS.find((candidate) => candidate === given);
  if (!kind) return badRequest(`the server doesn't have a resource type "${given}"`);
  return second === undefined
    ? { kind, namespace: "", name: first }
    : { kind, namespace: first, name: second };
}
