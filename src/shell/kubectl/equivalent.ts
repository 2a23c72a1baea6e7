import type { JsonObject } from "../../core/api/json";
import type { SharedEdit } from "../../core/cluster/command";

/** What somebody does to the cluster, as the page's commands say it. */
export type Action = { readonly type: "apply"; readonly yaml: string } | SharedEdit;

/** The command line that asks a real cluster for the same; undefined where the API knows no such request. */
export function kubectlEquivalent(action: Action): string | undefined {
  switch (action.type) {
    case "apply":
      return `kubectl apply -f - <<'EOF'\n${action.yaml.trimEnd()}\nEOF`;
    case "create":
    case "replace":
      return `kubectl ${action.type} -f - <<'EOF'\n${JSON.stringify(action.manifest, null, 2)}\nEOF`;
    case "delete": {
      const force = action.gracePeriodSeconds === 0 ? " --grace-period=0 --force" : "";
      return `kubectl delete ${resourceArguments(action.key)}${force}`;
    }
    case "patch":
      return patchCommand(action.key, action.patch);
    case "drain":
      return `kubectl drain ${action.node} --ignore-daemonsets --force`;
    case "killContainer": {
      const container = action.container ? ` -c ${action.container}` : "";
      return `kubectl exec${inNamespace(action.namespace)} ${action.pod}${container} -- kill 1`;
    }
    case "setProxy":
    case "setPower":
    case "setLag":
    case "setReadiness":
      return undefined;
    case "setSetting":
      return settingCommand(action);
    case "configureNetwork":
      return networkCommand(action);
    case "restoreRules":
      return `ssh ${action.node} sudo iptables-restore < rules`;
  }
}

/** On the machine itself, or to the cloud that it is in. */
function settingCommand({
  node,
  setting,
  value,
}: Extract<Action, { type: "setSetting" }>): string | undefined {
  const on = value === 1;
  switch (setting) {
    case "hairpin_mode":
      return `ssh ${node} 'for port in /sys/class/net/cni0/brif/*; do echo ${value} | sudo tee $port/hairpin_mode; done'`;
    case "source_dest_check":
      return `aws ec2 modify-instance-attribute --instance-id ${node} --${on ? "" : "no-"}source-dest-check`;
    case "vpc_route":
      return undefined;
    default:
      return `ssh ${node} sudo sysctl -w ${setting}=${value}`;
  }
}

/** On the machine itself; a pod's network is reached from its node. */
function networkCommand({
  netns,
  text,
}: Extract<Action, { type: "configureNetwork" }>): string | undefined {
  const [kind, name] = netns.split("/");
  return kind === "pod" ? undefined : `ssh ${name} sudo ip ${text}`;
}

export interface KeyParts {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `Kind/namespace/name`, or `Kind/name` when cluster-scoped. */
export function keyParts(key: string): KeyParts {
  const [kind = "", first = "", second] = key.split("/");
  return second === undefined
    ? { kind, namespace: "", name: first }
    : { kind, namespace: first, name: second };
}

/** The one field that a patch sets, where it is one that kubectl has a verb for. */
export function scaledTo(patch: JsonObject): number | undefined {
  const spec = onlyField(patch, "spec");
  const replicas = spec && onlyValue(spec, "replicas");
  return typeof replicas === "number" ? replicas : undefined;
}

export function cordons(kind: string, patch: JsonObject): boolean | undefined {
  const spec = kind === "Node" ? onlyField(patch, "spec") : undefined;
  if (!spec || !hasOnly(spec, "unschedulable")) return undefined;
  return spec.unschedulable === true;
}

export function changedPairs(
  patch: JsonObject,
  field: "labels" | "annotations",
): JsonObject | undefined {
  const metadata = onlyField(patch, "metadata");
  return metadata && onlyField(metadata, field);
}

/** What kubectl prints when such a patch was made: `scaled`, `labeled`. */
export function patchOutcome(key: string, patch: JsonObject): string {
  if (scaledTo(patch) !== undefined) return "scaled";
  const cordon = cordons(keyParts(key).kind, patch);
  if (cordon !== undefined) return cordon ? "cordoned" : "uncordoned";
  if (changedPairs(patch, "labels")) return "labeled";
  return changedPairs(patch, "annotations") ? "annotated" : "patched";
}

function patchCommand(key: string, patch: JsonObject): string {
  const resource = resourceArguments(key);
  const { kind, name } = keyParts(key);
  const replicas = scaledTo(patch);
  if (replicas !== undefined) return `kubectl scale ${resource} --replicas=${replicas}`;
  const cordon = cordons(kind, patch);
  if (cordon !== undefined) return `kubectl ${cordon ? "cordon" : "uncordon"} ${name}`;
  const labels = changedPairs(patch, "labels");
  if (labels) return `kubectl label ${resource} ${pairArguments(labels)}`;
  const annotations = changedPairs(patch, "annotations");
  if (annotations) return `kubectl annotate ${resource} ${pairArguments(annotations)}`;
  return `kubectl patch ${resource} --type=merge -p ${quoted(JSON.stringify(patch))}`;
}

/** `app=web old-`: null takes a pair away. */
function pairArguments(pairs: JsonObject): string {
  const each = Object.entries(pairs).map(([name, value]) =>
    value === null ? `${name}-` : quoted(`${name}=${String(value)}`),
  );
  const sets = Object.values(pairs).some((value) => value !== null);
  return [...each, ...(sets ? ["--overwrite"] : [])].join(" ");
}

function resourceArguments(key: string): string {
  const { kind, namespace, name } = keyParts(key);
  return `${resourceWord(kind)} ${name}${inNamespace(namespace)}`;
}

function resourceWord(kind: string): string {
  return kind === "Host" ? "host.kubehop.dev" : kind.toLowerCase();
}

function inNamespace(namespace: string): string {
  return namespace === "" || namespace === "default" ? "" : ` -n ${namespace}`;
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function hasOnly(object: JsonObject, name: string): boolean {
  return Object.keys(object).length === 1 && Object.hasOwn(object, name);
}

function onlyValue(object: JsonObject, name: string): unknown {
  return hasOnly(object, name) ? object[name] : undefined;
}

function onlyField(object: JsonObject, name: string): JsonObject | undefined {
  const value = onlyValue(object, name);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
