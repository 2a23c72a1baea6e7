import type { NodeRuntimeView, RulesReading } from "../../worker/protocol";
import { clockText } from "../parts/describe";

/** `nat: 12 chains, 40 rules; filter: 3 chains, 1 rule; 2 sets`. */
export function countText({ tables, sets }: RulesReading): string {
  const words = tables.map(
    ({ name, chains, rules }) => `${name}: ${count(chains, "chain")}, ${count(rules, "rule")}`,
  );
  return [...words, ...(sets > 0 ? [count(sets, "set")] : [])].join("; ");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** Which tables somebody restored, and what kube-proxy has done about it since. */
export function restoredText(runtime: NodeRuntimeView | undefined): string | undefined {
  const { restored } = runtime ?? {};
  if (!runtime || !restored) return undefined;
  const what = `${restored.tables.join(", ")} restored by hand at ${clockText(restored.atUs)}`;
  if (runtime.proxySyncedAtUs > restored.atUs)
    return `${what}; kube-proxy has written its own chains again since`;
  return runtime.proxyRunning
    ? `${what}; kube-proxy will write its own chains again when it syncs next`
    : `${what}; kube-proxy is stopped, so they stay`;
}
