import type { Netns } from "../../core/dataplane/netns";
import { changeNetwork } from "../../core/dataplane/network-change";
import { parseNetworkChange } from "../../core/dataplane/parse-network-change";
import { hint } from "../hint";
import { fail, type Process } from "../process";
import { isBusybox } from "./network";

const OURS = "# kubehop: ";

/** `ip route add …` and its like: a change of the machine's network, for its root. */
export async function changeWith(
  process: Process,
  netns: Netns,
  words: readonly string[],
): Promise<number> {
  const prefix = isBusybox(process) ? "ip: " : "";
  if (process.place.kind === "pod") {
    await process.stderr.write(`${prefix}RTNETLINK answers: Operation not permitted\n`);
    await hint(process, "containers have no NET_ADMIN here: use ip netns exec on the pod's node");
    return 2;
  }
  const text = words.join(" ");
  const parsed = parseNetworkChange(text);
  const changed = parsed.ok ? changeNetwork(netns, parsed.change) : parsed;
  if (!changed.ok) {
    if (!changed.error.startsWith(OURS))
      return fail(process, changed.error || usageOf(words[0] ?? ""), changed.exitCode);
    await hint(process, changed.error.slice(OURS.length));
    return changed.exitCode;
  }
  const done = process.cluster.execute({ type: "configureNetwork", netns: netns.id, text });
  if (done.ok) return 0;
  return fail(
    process,
    done.refusals[0]?.status.message ?? "RTNETLINK answers: Invalid argument",
    2,
  );
}

function usageOf(object: string): string {
  return object.startsWith("r")
    ? "Usage: ip route { list | flush } SELECTOR\n       ip route { add | del | change | append | replace } ROUTE"
    : 'Command line is not complete. Try option "help"';
}
