import { identify } from "../api/decode";
import type { LagKey } from "../api/lags";
import { findResource } from "../api/resources";
import type { Store } from "../api/store";
import { KINDS, type KubeObject, keyOf, type ObjectKey, objectKey } from "../api/types";
import type { Netns, NetnsId } from "../dataplane/netns";
import { changeNetwork } from "../dataplane/network-change";
import { parseNetworkChange } from "../dataplane/parse-network-change";
import type { Command, EditCommand } from "./command";

/** How things are before a command. */
export interface Present {
  readonly store: Store;
  /** A node's setting; undefined where there is none such. */
  settingOf(node: string, setting: string): number | undefined;
  netnsOf(id: NetnsId): Netns | undefined;
  lagOf(lag: LagKey): number | undefined;
  rulesOf(node: string): Pick<Extract<EditCommand, { type: "putRules" }>, "ruleset" | "sets">;
  isProxyHalted(node: string): boolean;
  isPoweredOn(node: string): boolean;
  /** Pods that are not ready because somebody said so. */
  podsHeldUnready(): readonly ObjectKey[];
}

/** What would put things back as they are now, worked out before the command is carried out. A request that was sent
 *  cannot be called back. */
export function inverseOf(present: Present, command: Command): EditCommand | undefined {
  const { store } = present;
  switch (command.type) {
    case "apply":
      return restoring(store, command.manifests.map(keyOfManifest));
    case "create":
    case "replace":
      return restoring(store, [keyOfManifest(command.manifest)]);
    case "delete":
      return { type: "restore", objects: affected(store, command.key), removed: [] };
    case "restore":
      return restoring(store, [...command.objects.map(objectKey), ...command.removed]);
    case "patch": {
      const object = store.findByKey(command.key);
      return object && { type: "restore", objects: [object], removed: [] };
    }
    case "drain":
      return { type: "restore", objects: drained(store, command.node), removed: [] };
    case "killContainer":
      return restoringContainer(store, command);
    case "restoreContainer": {
      const { namespace, pod, container } = command;
      return { type: "killContainer", namespace, pod, container };
    }
    case "setProxy":
      return { ...command, running: !present.isProxyHalted(command.node) };
    case "setPower":
      return { ...command, on: present.isPoweredOn(command.node) };
    case "setSetting": {
      const value = present.settingOf(command.node, command.setting);
      return value === undefined ? undefined : { ...command, value };
    }
    case "configureNetwork": {
      const before = present.netnsOf(command.netns);
      const parsed = parseNetworkChange(command.text);
      const changed = before && parsed.ok ? changeNetwork(before, parsed.change) : undefined;
      return before && changed?.ok
        ? { type: "restoreNetwork", before, after: changed.netns }
        : undefined;
    }
    case "restoreNetwork":
      return { ...command, before: command.after, after: command.before };
    case "restoreRules":
    case "putRules": {
      const proxyRunning = !present.isProxyHalted(command.node);
      return {
        type: "putRules",
        node: command.node,
        ...present.rulesOf(command.node),
        proxyRunning,
      };
    }
    case "setLag":
      return { ...command, us: present.lagOf(command.lag) ?? null };
    case "setReadiness": {
      const key = keyOf("Pod", command.namespace, command.pod);
      return { ...command, ready: !present.podsHeldUnready().includes(key) };
    }
    case "deleteConntrack":
    case "zeroCounters":
    case "listen":
    case "check":
    case "send":
    case "burst":
    case "startTraffic":
    case "stopTraffic":
    case "undo":
    case "redo":
      return undefined;
  }
}

/** What is there comes back as it is; what is not there goes again. */
function restoring(store: Store, keys: readonly ObjectKey[]): EditCommand {
  const objects: KubeObject[] = [];
  const removed: ObjectKey[] = [];
  for (const key of new Set(keys)) {
    const object = store.findByKey(key);
    if (object) objects.push(object);
    else removed.push(key);
  }
  return { type: "restore", objects, removed };
}

/** The object, and with a namespace all that somebody put into it: what controllers made they make again. */
function affected(store: Store, key: ObjectKey): readonly KubeObject[] {
  const object = store.findByKey(key);
  if (object?.kind !== "Namespace") return object ? [object] : [];
  const inside: KubeObject[] = [];
  for (const kind of KINDS) {
    if (kind === "Event" || kind === "Endpoints") continue;
    for (const candidate of store.list(kind)) {
      const { namespace, ownerReferences = [] } = candidate.metadata;
      if (namespace === object.metadata.name && ownerReferences.length === 0)
        inside.push(candidate);
    }
  }
  return [object, ...inside];
}

/** The node, and its pods; a DaemonSet's stay where they are. */
function drained(store: Store, name: string): readonly KubeObject[] {
  const node = store.find("Node", "", name);
  if (!node) return [];
  const pods = [...store.list("Pod")].filter(
    ({ spec, metadata }) =>
      spec.nodeName === name &&
      !metadata.deletionTimestamp &&
      !(metadata.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet" || kind === "Node"),
  );
  return [node, ...pods];
}

function restoringContainer(
  store: Store,
  { namespace, pod, container }: Extract<EditCommand, { type: "killContainer" }>,
): EditCommand | undefined {
  const statuses = store.find("Pod", namespace, pod)?.status.containerStatuses ?? [];
  const status = statuses.find(({ name }) => name === (container ?? name));
  if (!status) return undefined;
  const { name, restartCount: restarts, ready } = status;
  return { type: "restoreContainer", namespace, pod, container: name, restarts, ready };
}

function keyOfManifest(manifest: unknown): ObjectKey {
  const { apiVersion, kind, namespace, name } = identify(manifest);
  const namespaced = findResource(apiVersion, kind)?.namespaced ?? true;
  return keyOf(kind, namespaced ? namespace || "default" : "", name);
}
