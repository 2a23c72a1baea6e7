import { fieldOf, type JsonObject } from "../../../api/json";
import { awsCni, awsDelete } from "./aws-cni";
import { bridgeAdd, bridgeDelete, hostLocalAdd, hostLocalDelete } from "./bridge-plugin";
import { calicoAdd, calicoDelete, calicoIpamAdd } from "./calico-plugin";
import { type CniCall, envOf, stdinOf } from "./cni-call";
import { flannelDelegate } from "./conflist";
import { bandwidthAdd, bandwidthDelete, portmapAdd, portmapDelete } from "./meta-plugins";
import { errorOf } from "./results";
import { prevResult, versionOf } from "./stdin";
import type { Story } from "./story";

/** A plugin that is being run. */
export interface Run {
  readonly story: Story;
  readonly command: CniCall["command"];
  readonly interfaceName: string;
  readonly stdin: JsonObject;
  /** Runs another plugin with the same environment. */
  delegate(plugin: string, stdin: JsonObject): CniCall;
}

/** What came of it. DEL has no result. */
export interface Outcome {
  readonly result?: JsonObject;
  readonly error?: string;
  readonly calls?: readonly CniCall[];
  readonly did: readonly string[];
}

type Executor = (run: Run) => Outcome;

interface Plugin {
  readonly add: Executor;
  readonly del: Executor;
}

const nothing = (): Outcome => ({ did: [] });

const PLUGINS: Readonly<Record<string, Plugin>> = {
  loopback: {
    add: ({ story, stdin }) => ({
      result: loopback(story, stdin),
      did: ["lo is up in the sandbox"],
    }),
    del: () => ({ did: ["lo is down"] }),
  },
  bridge: { add: bridgeAdd, del: bridgeDelete },
  "host-local": { add: hostLocalAdd, del: hostLocalDelete },
  flannel: { add: flannel, del: flannel },
  portmap: { add: portmapAdd, del: portmapDelete },
  bandwidth: { add: bandwidthAdd, del: bandwidthDelete },
  calico: { add: calicoAdd, del: calicoDelete },
  "calico-ipam": { add: calicoIpamAdd, del: () => ({ did: ["the address is free in its block"] }) },
  "aws-cni": { add: awsCni, del: awsDelete },
  "egress-cni": {
    add: ({ stdin }) => ({ ...prevResult(stdin), did: ["nothing: it is for IPv6, and off"] }),
    del: nothing,
  },
};

export function runPlugin(
  story: Story,
  plugin: string,
  command: CniCall["command"],
  interfaceName: string,
  fields: JsonObject,
): CniCall {
  const stdin = stdinOf(fields);
  const executors = Object.hasOwn(PLUGINS, plugin) ? PLUGINS[plugin] : undefined;
  const run: Run = {
    story,
    command,
    interfaceName,
    stdin,
    delegate: (other, given) => runPlugin(story, other, command, interfaceName, given),
  };
  const outcome = (command === "ADD" ? executors?.add : executors?.del)?.(run) ?? nothing();
  const { result, error, calls = [], did } = outcome;
  const stdout = error === undefined ? result : errorOf(error);
  return {
    plugin,
    command,
    env: envOf(story.record, command, interfaceName),
    stdin,
    ...(stdout && { stdout }),
    failed: error !== undefined,
    calls,
    did,
  };
}

/** Source: containernetworking/plugins, main/loopback: without IPv6, no ::1. */
function loopback({ record }: Story, stdin: JsonObject): JsonObject {
  const lo = { name: "lo", mac: "00:00:00:00:00:00", sandbox: record.netnsPath };
  const ips = [{ interface: 0, address: "127.0.0.1/8" }];
  return { cniVersion: versionOf(stdin), interfaces: [lo], ips, dns: {} };
}

/** flannel's plugin writes a configuration for the bridge plugin and hands on what that prints. */
function flannel({ story, command, delegate }: Run): Outcome {
  const { config, node, record } = story;
  const call = delegate("bridge", flannelDelegate(config, node));
  const saved = `/var/lib/cni/flannel/${record.id}`;
  const error = call.failed ? String(fieldOf(call.stdout, "msg")) : undefined;
  return {
    ...(call.stdout && { result: call.stdout }),
    ...(error !== undefined && { error }),
    calls: [call],
    did: [command === "ADD" ? `${saved} holds what it asked of bridge` : `${saved} is gone`],
  };
}
