import { fieldOf } from "../../core/api/json";
import type { Container, Pod } from "../../core/api/types";

/** What a container's own `env` puts into its environment: values, and fields of its pod.
 *  Simplified: ConfigMaps, Secrets and resources are not known, so what comes from them is left out. */
export function containerEnvironment(
  pod: Pod,
  { env = [] }: Container,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, value, ...rest } of env) {
    const path = fieldOf(fieldOf(fieldOf(rest, "valueFrom"), "fieldRef"), "fieldPath");
    const text = typeof path === "string" ? podField(pod, path) : (value ?? "");
    if (text !== undefined) found[name] = expand(text, found);
  }
  return found;
}

function podField({ metadata, spec, status }: Pod, path: string): string | undefined {
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": spec.nodeName,
    "status.podIP": status.podIP,
    "status.hostIP": status.hostIP,
  };
  return fields[path];
}

/** Variables may name those before them. */
function expand(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(/\$\((\w+)\)/g, (found, name: string) => known[name] ?? found);
}
