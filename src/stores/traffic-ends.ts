import type { KubeObject } from "../core/api/types";
import type { MirrorRecords } from "./mirror";
import { targetChoices } from "./targets";

/** An object as a source of requests; undefined when it sends none. */
export function sourceOf({ kind, metadata }: KubeObject): string | undefined {
  if (kind === "Host" || kind === "Node") return `${kind.toLowerCase()}/${metadata.name}`;
  if (kind === "Pod") return `pod/${metadata.namespace}/${metadata.name}`;
  return kind === "Deployment" ? `deploy/${metadata.namespace}/${metadata.name}` : undefined;
}

/** An object as the end of a port-forward: a place for each of its TCP ports. */
export function tunnelsTo(
  object: KubeObject,
): readonly { readonly port: string; readonly to: string }[] {
  const { namespace, name } = object.metadata;
  if (object.kind === "Pod")
    return object.spec.containers
      .flatMap(({ ports = [] }) => ports)
      .filter(({ protocol = "TCP" }) => protocol === "TCP")
      .map(({ containerPort: port }) => tunnel(`${namespace}/${name}`, port));
  if (object.kind !== "Service" || object.spec.type === "ExternalName") return [];
  return (object.spec.ports ?? [])
    .filter(({ protocol }) => protocol === "TCP")
    .map(({ port }) => tunnel(`svc/${namespace}/${name}`, port));
}

function tunnel(path: string, port: number) {
  return { port: String(port), to: `port-forward/${path}:${port}` };
}

/** An object as a destination; a Service by its way in from furthest outside. Undefined where nothing listens. */
export function targetOf(object: KubeObject, records: MirrorRecords): string | undefined {
  const { kind, metadata } = object;
  if (kind === "Host") {
    const [listener] = object.spec.listens ?? [];
    if (!listener) return undefined;
    const suffix = listener.protocol === "UDP" ? "/udp" : "";
    return `${object.spec.ip}:${listener.port}${suffix}`;
  }
  const path = `${metadata.namespace}/${metadata.name}:`;
  const starts =
    kind === "Service"
      ? [`lb/${path}`, `svc/${path}`]
      : kind === "Pod"
        ? [`pod/${path}`]
        : kind === "Node"
          ? [`nodeport/${metadata.name}/`]
          : [];
  const values = targetChoices(records).map(({ value }) => value);
  return starts.flatMap((start) => values.find((value) => value.startsWith(start)) ?? [])[0];
}
