import type { EndpointSlice, Endpoints, Service } from "../../../core/api/types";
import type { KubeApi } from "../api";
import { typeOfKind } from "../resources";
import { shortened } from "../tables/network";
import { describeEvents } from "./events";
import { DescribeWriter } from "./writer";

/** Source: kubectl/pkg/describe/describe.go, describeService. */
export function describeService(service: Service, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, spec, status } = service;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Namespace:\t${metadata.namespace}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  const selector = Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  writer.line(0, `Selector:\t${selector.sort().join(",") || "<none>"}`);
  writer.line(0, `Type:\t${spec.type}`);
  if (spec.ipFamilyPolicy) writer.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  if (spec.ipFamilies) writer.line(0, `IP Families:\t${spec.ipFamilies.join(",") || "<none>"}`);
  else writer.line(0, "IP Families:\t<none>");
  writer.line(0, `IP:\t${spec.clusterIP ?? ""}`);
  writer.line(0, `IPs:\t${spec.clusterIPs?.join(",") || "<none>"}`);
  if (spec.externalIPs?.length) writer.line(0, `External IPs:\t${spec.externalIPs.join(",")}`);
  if (spec.loadBalancerIP) writer.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`);
  if (spec.externalName) writer.line(0, `External Name:\t${spec.externalName}`);
  const ingress = status.loadBalancer.ingress ?? [];
  if (ingress.length > 0) {
    const list = ingress.map(({ ip, hostname, ipMode }) =>
      ip === undefined ? hostname : ipMode ? `${ip} (${ipMode})` : ip,
    );
    writer.line(0, `LoadBalancer Ingress:\t${list.join(", ")}`);
  }
  const slices = slicesOf(service, api);
  for (const port of spec.ports ?? []) {
    const name = port.name || "<unset>";
    writer.line(0, `Port:\t${name}\t${port.port}/${port.protocol}`);
    writer.line(0, `TargetPort:\t${port.targetPort}/${port.protocol}`);
    if (port.nodePort) writer.line(0, `NodePort:\t${name}\t${port.nodePort}/${port.protocol}`);
    writer.line(0, `Endpoints:\t${endpointsOf(slices, port.name ?? "")}`);
  }
  writer.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ""}`);
  if (spec.externalTrafficPolicy)
    writer.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec.internalTrafficPolicy)
    writer.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
  if (spec.trafficDistribution)
    writer.line(0, `Traffic Distribution:\t${spec.trafficDistribution}`);
  if (spec.healthCheckNodePort)
    writer.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`);
  if (spec.loadBalancerSourceRanges?.length)
    writer.line(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(",")}`);
  describeEvents(writer, api, service);
  return writer.text;
}

function slicesOf({ metadata }: Service, api: KubeApi): readonly EndpointSlice[] {
  const slices = api.list(typeOfKind("EndpointSlice"), { namespace: metadata.namespace });
  return (slices as readonly EndpointSlice[]).filter(
    (slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === metadata.name,
  );
}

/** Those of one port of a Service, as descriptions list them. */
export function endpointsBehind(service: Service, portName: string, api: KubeApi): string {
  return endpointsOf(slicesOf(service, api), portName);
}

/** Ready ones of the port; nothing where there is a slice without any. */
function endpointsOf(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return "<none>";
  const found = slices.flatMap(({ ports = [], endpoints = [] }) =>
    ports
      .filter(({ name }) => (name ?? "") === portName)
      .flatMap(({ port }) =>
        endpoints
          .filter(({ conditions }) => conditions?.ready ?? true)
          .flatMap(({ addresses }) => addresses.map((ip) => `${ip}:${port}`)),
      ),
  );
  return shortened(found);
}

export function describeEndpoints(endpoints: Endpoints, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, subsets = [] } = endpoints;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Namespace:\t${metadata.namespace}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  writer.line(0, "Subsets:");
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const list = (all: readonly { readonly ip: string }[]) =>
      all.map(({ ip }) => ip).join(",") || "<none>";
    writer.line(1, `Addresses:\t${list(addresses)}`);
    writer.line(1, `NotReadyAddresses:\t${list(notReadyAddresses)}`);
    if (ports.length > 0) {
      writer.line(1, "Ports:");
      writer.line(2, "Name\tPort\tProtocol");
      writer.line(2, "----\t----\t--------");
      for (const { name, port, protocol } of ports)
        writer.line(2, `${name || "<unset>"}\t${port}\t${protocol}`);
    }
    writer.line(0, "");
  }
  describeEvents(writer, api, endpoints);
  return writer.text;
}

export function describeEndpointSlice(slice: EndpointSlice, api: KubeApi): string {
  const writer = new DescribeWriter();
  const { metadata, addressType, ports = [], endpoints = [] } = slice;
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Namespace:\t${metadata.namespace}`);
  writer.labels("Labels", metadata.labels);
  writer.annotations(metadata.annotations);
  writer.line(0, `AddressType:\t${addressType}`);
  if (ports.length === 0) writer.line(0, "Ports: <unset>");
  else {
    writer.line(0, "Ports:");
    writer.line(1, "Name\tPort\tProtocol");
    writer.line(1, "----\t----\t--------");
    for (const { name, port, protocol = "TCP" } of ports)
      writer.line(1, `${name || "<unset>"}\t${port ?? "<unset>"}\t${protocol}`);
  }
  if (endpoints.length === 0) writer.line(0, "Endpoints: <none>");
  else {
    writer.line(0, "Endpoints:");
    for (const endpoint of endpoints) {
      const { addresses, conditions, hostname, targetRef, nodeName, zone } = endpoint;
      writer.line(1, `- Addresses:\t${addresses.join(",")}`);
      writer.line(2, "Conditions:");
      writer.line(3, `Ready:\t${conditions?.ready ?? "<unset>"}`);
      writer.line(2, `Hostname:\t${hostname ?? "<unset>"}`);
      if (targetRef) writer.line(2, `TargetRef:\t${targetRef.kind}/${targetRef.name}`);
      writer.line(2, `NodeName:\t${nodeName ?? "<unset>"}`);
      writer.line(2, `Zone:\t${zone ?? "<unset>"}`);
    }
  }
  describeEvents(writer, api, slice);
  return writer.text;
}
