import type { JsonObject } from "../../core/api/json";
import type { LagName } from "../../core/api/lags";
import { type Action, changedPairs, cordons, keyParts, scaledTo } from "./equivalent";

/** An action in a few words, for a list of what was done. `applied`: the objects of an apply, as keys. */
export function actionWords(action: Action, applied: readonly string[] = []): string {
  switch (action.type) {
    case "apply":
      return `Apply ${applied.length > 3 ? `${applied.length} objects` : applied.map(keyWords).join(", ")}`;
    case "create":
      return `Create ${manifestWords(action.manifest)}`;
    case "replace":
      return `Change ${manifestWords(action.manifest)}`;
    case "delete":
      return `Delete ${keyWords(action.key)}`;
    case "patch":
      return patchWords(action);
    case "drain":
      return `Drain Node ${action.node}`;
    case "killContainer":
      return `Kill ${action.container ? `container ${action.container}` : "the container"} of Pod ${action.pod}`;
    case "setProxy":
      return `${action.running ? "Start" : "Stop"} kube-proxy on ${action.node}`;
    case "setPower":
      return `Power ${action.on ? "on" : "off"} ${action.node}`;
    case "setSetting":
      return settingWords(action);
    case "configureNetwork":
      return `ip ${action.text} on ${action.netns.split("/").slice(1).join("/")}`;
    case "restoreRules":
      return `Restore rules on ${action.node}${action.stopProxy ? ", stop its kube-proxy" : ""}`;
    case "setLag":
      return lagWords(action);
    case "setReadiness":
      return `${action.ready ? "Heal" : "Fail"} the readiness of Pod ${action.pod}`;
  }
}

function manifestWords({ kind, metadata }: JsonObject): string {
  const { namespace = "default", name } = (metadata ?? {}) as JsonObject;
  return keyWords(`${kind}/${namespace}/${name}`);
}

function settingWords({ node, setting, value }: Extract<Action, { type: "setSetting" }>): string {
  const on = value === 1;
  switch (setting) {
    case "hairpin_mode":
      return `Turn hairpin mode ${on ? "on" : "off"} on ${node}`;
    case "source_dest_check":
      return `Turn the source/destination check of ${node} ${on ? "on" : "off"}`;
    case "vpc_route":
      return on
        ? `Route the pod CIDR of ${node} in the VPC`
        : `Remove the VPC's route to the pod CIDR of ${node}`;
    default:
      return `Set ${setting} = ${value} on ${node}`;
  }
}

const LAG_WORDS: Readonly<Record<LagName, string>> = {
  kubeletStatus: "of kubelets' status updates",
  endpointSlices: "of the EndpointSlice controller",
  proxyWatch: "of kube-proxy's watch",
  proxySync: "between two syncs of kube-proxy",
  dnsWatch: "of CoreDNS's watch",
  gatewayWatch: "of gateways' watch",
  cloudController: "of the cloud controller",
  healthCheck: "between a load balancer's health checks",
};

function lagWords({ lag, us }: Extract<Action, { type: "setLag" }>): string {
  const [name = "", node] = lag.split("/");
  const words = LAG_WORDS[name as LagName] ?? name;
  const on = node === undefined ? "" : ` on ${node}`;
  return us === null
    ? `Set the lag ${words}${on} back`
    : `Set the lag ${words}${on} to ${us / 1_000_000} s`;
}

function patchWords({ key, patch }: Extract<Action, { type: "patch" }>): string {
  const object = keyWords(key);
  const replicas = scaledTo(patch);
  if (replicas !== undefined) return `Scale ${object} to ${replicas}`;
  const cordon = cordons(keyParts(key).kind, patch);
  if (cordon !== undefined) return `${cordon ? "Cordon" : "Uncordon"} ${object}`;
  const labels = changedPairs(patch, "labels");
  if (!labels) return `Change ${object}: ${leaves(patch).join(", ")}`;
  const pairs = Object.entries(labels).map(([name, value]) =>
    value === null ? `${name} removed` : `${name}=${String(value)}`,
  );
  return `Label ${object}: ${pairs.join(", ")}`;
}

/** `type LoadBalancer`, `ports`: what a patch sets, by the last part of its path. */
function leaves(value: unknown, name = ""): readonly string[] {
  if (typeof value !== "object" || Array.isArray(value)) {
    return [Array.isArray(value) ? name : `${name} ${String(value)}`];
  }
  if (value === null) return [`no ${name}`];
  return Object.entries(value).flatMap(([field, inner]) => leaves(inner, field));
}

/** `Pod shop/till`; what is in the default namespace needs no namespace. */
export function keyWords(key: string): string {
  const { kind, namespace, name } = keyParts(key);
  return `${kind} ${namespace && namespace !== "default" ? `${namespace}/` : ""}${name}`;
}
