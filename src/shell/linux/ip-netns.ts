import type { World } from "../../core/cluster/world";
import type { NetnsId } from "../../core/dataplane/netns";
import { hint } from "../hint";
import { fail, type Process, type Program, print } from "../process";
import { processesOf } from "./machine/processes";

interface NamedNetns {
  /** `cni-…`: as the container runtime names it. */
  readonly name: string;
  readonly netns: NetnsId;
}

/** The network namespaces of a node that have names: one for each of its pods. */
export function namedNetns(world: World, node: string): readonly NamedNetns[] {
  return [...world.kubelets.sandboxes.values()]
    .filter((one) => one.node === node && one.ip !== undefined)
    .sort((a, b) => b.addedAtUs - a.addedAtUs || (a.id < b.id ? -1 : 1))
    .map(({ netnsPath, pod }) => ({
      name: netnsPath.slice(netnsPath.lastIndexOf("/") + 1),
      netns: `pod/${pod.namespace}/${pod.name}`,
    }));
}

/** `ip netns list`, `ip netns exec NAME COMMAND`, `ip netns identify`. */
export async function ipNetns(process: Process, words: readonly string[]): Promise<number> {
  const [verb = "list", name, ...command] = words;
  const { place, cluster } = process;
  const all = place.kind === "node" ? namedNetns(cluster.world, place.name) : [];
  if (/^(?:l|ls|list|s|show)$/.test(verb)) {
    for (const [index, one] of all.entries())
      await print(process, `${one.name} (id: ${all.length - 1 - index})`);
    return 0;
  }
  if (verb !== "exec") {
    await hint(process, `ip netns ${verb} is not modelled here`);
    return 1;
  }
  if (name === undefined) return fail(process, "No netns name specified", 255);
  if (command.length === 0) return fail(process, "No command specified", 255);
  const found = all.find((one) => one.name === name);
  if (!found || place.kind !== "node")
    return fail(process, `Cannot open network namespace "${name}": No such file or directory`, 255);
  return runIn(process, found.netns, command, "exec of");
}

/** `ip -n NAME …`: the same, with its own program. */
export async function inOtherNetns(process: Process): Promise<Process | number> {
  const at = process.args.findIndex((word) => /^-(?:n|netns)$/.test(word));
  const { place, cluster } = process;
  if (at < 0 || at > 3 || place.kind !== "node") return process;
  const name = process.args[at + 1];
  const found = namedNetns(cluster.world, place.name).find((one) => one.name === name);
  if (!found)
    return fail(
      process,
      `Cannot open network namespace "${name ?? ""}": No such file or directory`,
      255,
    );
  const args = process.args.filter((_, index) => index !== at && index !== at + 1);
  return { ...process, args, place: { ...place, netns: found.netns } };
}

/** `nsenter -t PID -n COMMAND`: the network of a container's process. */
export const nsenter: Program = async (process) => {
  const { place, args } = process;
  if (place.kind !== "node")
    return fail(
      process,
      "nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted",
    );
  let pid: string | undefined;
  let isNetwork = false;
  let at = 0;
  for (; args[at]?.startsWith("-"); at++) {
    const word = args[at] ?? "";
    const joined = /^(?:-t|--target=)(\d+)$/.exec(word)?.[1];
    if (word === "-t" || word === "--target") pid = args[++at];
    else if (joined !== undefined) pid = joined;
    else if (/^-[nmuipC]+$/.test(word)) isNetwork ||= word.includes("n");
    else if (/^--net(?:=.*)?$/.test(word)) {
      isNetwork = true;
      const name = /^--net=\/(?:var\/)?run\/netns\/(.+)$/.exec(word)?.[1];
      if (name !== undefined) return ipNetns(process, ["exec", name, ...args.slice(at + 1)]);
    } else
      return fail(
        process,
        `nsenter: unrecognized option '${word}'\nTry 'nsenter --help' for more information.`,
      );
  }
  if (pid === undefined) return fail(process, "nsenter: no target PID specified");
  const running = processesOf(process).find((one) => String(one.pid) === pid);
  if (!running)
    return fail(process, `nsenter: cannot open /proc/${pid}/ns/net: No such file or directory`);
  const { container } = running;
  const command = args.slice(at);
  const netns = container && networkOf(process, container.namespace, container.pod);
  if (!isNetwork || netns === undefined) return run(process, command);
  return runIn(process, netns, command, "nsenter: failed to execute");
};

/** Undefined: the node's own. */
function networkOf({ cluster }: Process, namespace: string, name: string): NetnsId | undefined {
  const pod = cluster.world.store.find("Pod", namespace, name);
  return pod?.spec.hostNetwork ? undefined : `pod/${namespace}/${name}`;
}

function runIn(process: Process, netns: NetnsId, command: readonly string[], failure: string) {
  const { place } = process;
  if (place.kind !== "node") throw new Error("network namespaces are entered on nodes");
  return run({ ...process, place: { ...place, netns } }, command, failure);
}

async function run(
  process: Process,
  command: readonly string[],
  failure = "nsenter: failed to execute",
): Promise<number> {
  const argv = command.length === 0 ? ["bash"] : command;
  const { system, place } = process;
  if (!system.has(place, argv[0] ?? "")) {
    const words = failure === "exec of" ? `exec of "${argv[0]}" failed` : `${failure} ${argv[0]}`;
    return fail(process, `${words}: No such file or directory`, failure === "exec of" ? 255 : 127);
  }
  return system.exec(process, argv, { place });
}
