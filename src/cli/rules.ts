import type { World } from "../core/cluster/world";
import { readText } from "./load";
import { UserError } from "./user-error";

/** `--rules NODE=FILE`, once for each node: its rules are the file's, and its kube-proxy is stopped, so that they stay. */
export function restoreRules(world: World, given: readonly string[] = []): void {
  for (const one of given) {
    const [, node, file] = /^([^=]+)=(.+)$/.exec(one) ?? [];
    if (node === undefined || file === undefined)
      throw new UserError(`--rules must be NODE=FILE, not "${one}"`);
    const text = readText(file);
    const result = world.execute({ type: "restoreRules", node, text, stopProxy: true });
    if (result.ok) continue;
    const [status] = result.refusals.map((refusal) => refusal.status);
    const lines = (status?.causes ?? []).map(
      ({ field, message }) => `${file}: iptables-restore: ${field}: ${message}`,
    );
    throw new UserError(
      lines.length > 0 ? lines.join("\nerror: ") : (status?.message ?? "refused"),
    );
  }
}
