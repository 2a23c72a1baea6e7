import type { Ingress, IngressBackend } from "../../../core/api/types";
import type { KubeApi } from "../api";
import { typeOfKind } from "../resources";
import { ingressAddress } from "../tables/ingress";
import { describeEvents } from "./events";
import { endpointsBehind } from "./network";
import { DescribeWriter } from "./writer";

/** Source: kubectl/pkg/describe/describe.go, describeIngressV1. */
export function describeIngress(ingress: Ingress, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, spec } = ingress;
  const { namespace } = metadata;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.labels("Labels", metadata.labels);
  writer.line(0, `Namespace:\t${namespace}`);
  writer.line(0, `Address:\t${ingressAddress(ingress)}`);
  writer.line(0, `Ingress Class:\t${spec.ingressClassName ?? "<none>"}`);
  const fallback = spec.defaultBackend
    ? backendText(spec.defaultBackend, namespace, api)
    : "<default>";
  writer.line(0, `Default backend:\t${fallback}`);
  if (spec.tls?.length) {
    writer.line(0, "TLS:");
    for (const { secretName = "", hosts = [] } of spec.tls) {
      const how = secretName === "" ? "SNI routes" : `${secretName} terminates`;
      writer.line(1, `${how} ${hosts.join(",")}`);
    }
  }
  writer.line(0, "Rules:");
  writer.line(1, "Host\tPath\tBackends");
  writer.line(1, "----\t----\t--------");
  const rules = (spec.rules ?? []).filter(({ http }) => http);
  for (const { host, http } of rules) {
    writer.line(1, `${host || "*"}\t`);
    for (const { path = "", backend = {} } of http?.paths ?? [])
      writer.line(2, `\t${path} \t${backendText(backend, namespace, api)}`);
  }
  if (rules.length === 0) writer.line(1, `*\t*\t${fallback}`);
  writer.annotations(metadata.annotations);
  describeEvents(writer, api, ingress);
  return writer.text;
}

function backendText(
  { service, resource }: IngressBackend,
  namespace: string,
  api: KubeApi,
): string {
  if (resource) {
    const { apiGroup = "<none>", kind = "", name = "" } = resource;
    return `APIGroup: ${apiGroup}, Kind: ${kind}, Name: ${name}`;
  }
  if (!service) return "";
  const { name = "", port = {} } = service;
  const text = `${name}:${port.number || (port.name ?? "")}`;
  const found = api.find(typeOfKind("Service"), namespace, name);
  if (found?.kind !== "Service") return `${text} (<error: services "${name}" not found>)`;
  const served = (found.spec.ports ?? []).find(
    (one) => one.port === port.number || (port.name && one.name === port.name),
  );
  return `${text} (${endpointsBehind(found, served?.name ?? "", api)})`;
}
