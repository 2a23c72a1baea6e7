import { isList, isObject, type JsonObject } from "../../../api/json";
import type { SandboxRecord } from "../sandbox-record";

/** One run of a plugin: what it was given, what it printed, and what it did. */
export interface CniCall {
  /** The program in /opt/cni/bin. */
  readonly plugin: string;
  readonly command: "ADD" | "DEL";
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly stdin: JsonObject;
  /** A result, or an error; DEL prints nothing. */
  readonly stdout?: JsonObject;
  readonly failed: boolean;
  /** Runs of other plugins that it called meanwhile. */
  readonly calls: readonly CniCall[];
  /** What is different after it. */
  readonly did: readonly string[];
}

/** Source: containerd, internal/cri/server, cniNamespaceOpts (there in no fixed order); libcni, Args.AsEnv. */
export function envOf(
  { id, netnsPath, pod }: SandboxRecord,
  command: CniCall["command"],
  interfaceName: string,
): CniCall["env"] {
  const args = [
    ["IgnoreUnknown", "1"],
    ["K8S_POD_NAMESPACE", pod.namespace],
    ["K8S_POD_NAME", pod.name],
    ["K8S_POD_INFRA_CONTAINER_ID", id],
    ["K8S_POD_UID", pod.uid],
  ];
  return [
    ["CNI_COMMAND", command],
    ["CNI_CONTAINERID", id],
    ["CNI_NETNS", netnsPath],
    ["CNI_ARGS", args.map(([name, value]) => `${name}=${value}`).join(";")],
    ["CNI_IFNAME", interfaceName],
    ["CNI_PATH", "/opt/cni/bin"],
  ];
}

/** As libcni writes it: Go's maps come in order of their keys. */
export function stdinOf(fields: JsonObject): JsonObject {
  const entries = Object.entries(fields).map(
    ([key, value]) => [key, IN_THEIR_ORDER.has(key) ? value : sorted(value)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined).sort(byKey));
}

/** Those come from Go's structs. */
const IN_THEIR_ORDER = new Set(["prevResult", "runtimeConfig"]);

function sorted(value: unknown): unknown {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, sorted(field)] as const);
  return Object.fromEntries([...entries].sort(byKey));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
