import { fieldOf, isObject, type JsonObject } from "../../../api/json";
import { confNameOf } from "../conf-names";
import type { CniCall } from "./cni-call";
import { type Conflist, conflistOf, multusConf } from "./conflist";
import { runPlugin } from "./executors";
import { runtimeConfigOf } from "./meta-plugins";
import type { Story } from "./story";

/** Every run of a plugin for one pod, in order. */
export interface SandboxCalls {
  readonly add: readonly CniCall[];
  /** Empty as long as the pod is there. */
  readonly del: readonly CniCall[];
}

/** containerd's own, for lo. Source: containerd/go-cni, opts.go, WithLoNetwork. */
const LOOPBACK: Conflist = {
  cniVersion: "0.3.1",
  name: "cni-loopback",
  plugins: [{ type: "loopback" }],
};

export function sandboxCalls(story: Story): SandboxCalls {
  const add = [...runList(story, LOOPBACK, "lo").calls, ...networks(story, "ADD")];
  const isGone = story.record.removedAtUs !== undefined;
  // What was begun is taken away again.
  const isUndone = add.some(({ failed }) => failed);
  const del =
    isGone || isUndone
      ? [...networks(story, "DEL"), ...runList(story, LOOPBACK, "lo", true).calls]
      : [];
  return { add, del };
}

function networks(story: Story, command: CniCall["command"]): readonly CniCall[] {
  const { config, node } = story;
  if (config.multus) return [multus(story, command)];
  return runList(story, conflistOf(config, node), "eth0", command === "DEL").calls;
}

/** Multus calls the pod network's list first, then one plugin for each further network. */
function multus(story: Story, command: CniCall["command"]): CniCall {
  const { config, node, record } = story;
  const stdin = { ...multusConf(config, node), ...runtime(story, multusConf(config, node)) };
  const run = runPlugin(story, "multus", command, "eth0", stdin);
  // It looks for all networks before it calls anybody.
  const isFound = record.ip !== undefined || !record.error?.startsWith("Multus: ");
  const isDelete = command === "DEL";
  const own = runList(story, conflistOf(config, node), "eth0", isDelete);
  const further = record.further.map(({ network, name }) =>
    runList(story, listOf(network.config, network.name), name, isDelete),
  );
  const order = isDelete ? [...further.reverse(), own] : [own, ...further];
  const calls = isFound ? order.flatMap((list) => list.calls) : [];
  const failed = record.ip === undefined && !isDelete;
  const stdout = failed ? { code: 999, msg: record.error ?? "" } : own.result;
  const annotated = `it writes the pod's annotation network-status: ${[confNameOf(config), ...record.further.map(({ network }) => network.definition)].join(", ")}`;
  return {
    ...run,
    ...(stdout && !isDelete && { stdout }),
    failed,
    calls,
    did: failed || isDelete ? [] : [annotated],
  };
}

/** A single configuration is a list of one. */
function listOf(config: JsonObject, name: string): Conflist {
  const version = fieldOf(config, "cniVersion");
  return { cniVersion: typeof version === "string" ? version : "0.3.1", name, plugins: [config] };
}

interface ListRun {
  readonly calls: readonly CniCall[];
  readonly result?: JsonObject;
}

/** As libcni runs a list: each plugin is told the result of the one before it; DEL goes from the last to the first, and
 *  since 0.4.0 each is told the final result. Source: containernetworking/cni, libcni/api.go. */
function runList(story: Story, list: Conflist, interfaceName: string, isDelete = false): ListRun {
  const { cniVersion, name, plugins } = list;
  const calls: CniCall[] = [];
  let result: JsonObject | undefined;
  for (const plugin of plugins) {
    const given = { ...plugin, ...runtime(story, plugin), name, cniVersion };
    const stdin = { ...given, ...(result && { prevResult: result }) };
    const call = runPlugin(story, String(plugin.type), "ADD", interfaceName, stdin);
    calls.push(call);
    if (call.failed) break;
    result = call.stdout;
  }
  const made = { calls, ...(result && { result }) };
  if (!isDelete) return made;
  const told = result && tellsDelete(cniVersion) ? { prevResult: result } : {};
  const deletes = [...plugins].reverse().map((plugin) => {
    const stdin = { ...plugin, ...runtime(story, plugin), name, cniVersion, ...told };
    return runPlugin(story, String(plugin.type), "DEL", interfaceName, stdin);
  });
  return { ...made, calls: deletes };
}

function tellsDelete(cniVersion: string): boolean {
  return cniVersion !== "0.3.1";
}

function runtime(story: Story, plugin: JsonObject): JsonObject {
  const runtimeConfig = runtimeConfigOf(story, plugin);
  return isObject(runtimeConfig) ? { runtimeConfig } : {};
}
