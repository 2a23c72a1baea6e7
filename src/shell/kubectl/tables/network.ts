import type { EndpointSlice, Endpoints, Service } from "../../../core/api/types";
import { formatAge } from "../time";
import { columns, formatLabels, NONE, type TableOf } from "./table";

/** More than so many endpoints are only counted. */
const MAX_SHOWN = 3;

export const serviceTable: TableOf<Service> = {
  columns: columns("Name|Type|Cluster-IP|External-IP|Port(s)|Age|*Selector"),
  row: (service, { nowUs }) => [
    service.metadata.name,
    service.spec.type,
    service.spec.clusterIP ?? NONE,
    externalIps(service),
    servicePorts(service),
    formatAge(service.metadata.creationTimestamp, nowUs),
    formatLabels(service.spec.selector),
  ],
};

function externalIps({ spec, status }: Service): string {
  const given = spec.externalIPs ?? [];
  switch (spec.type) {
    case "ExternalName":
      return spec.externalName ?? NONE;
    case "LoadBalancer": {
      const ingress = (status.loadBalancer.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname);
      const all = [...ingress.filter((one) => one !== undefined).sort(), ...given];
      return all.length > 0 ? all.join(",") : "<pending>";
    }
    default:
      return given.length > 0 ? given.join(",") : NONE;
  }
}

function servicePorts({ spec }: Service): string {
  const ports = (spec.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.length > 0 ? ports.join(",") : NONE;
}

export const endpointsTable: TableOf<Endpoints> = {
  columns: columns("Name|Endpoints|Age"),
  row: (endpoints, { nowUs }) => [
    endpoints.metadata.name,
    endpointList(endpoints),
    formatAge(endpoints.metadata.creationTimestamp, nowUs),
  ],
};

function endpointList({ subsets = [] }: Endpoints): string {
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`)),
  );
  return all.length === 0 ? NONE : shortened(all);
}

export const endpointSliceTable: TableOf<EndpointSlice> = {
  columns: columns("Name|AddressType|Ports|Endpoints|Age"),
  row: (slice, { nowUs }) => [
    slice.metadata.name,
    slice.addressType,
    unsetOr((slice.ports ?? []).map(({ port }) => (port === undefined ? "*" : String(port)))),
    unsetOr((slice.endpoints ?? []).flatMap(({ addresses }) => addresses)),
    formatAge(slice.metadata.creationTimestamp, nowUs),
  ],
};

function unsetOr(items: readonly string[]): string {
  return items.length === 0 ? "<unset>" : shortened(items);
}

export function shortened(items: readonly string[]): string {
  const more = items.length - MAX_SHOWN;
  const shown = items.slice(0, MAX_SHOWN).join(",");
  return more > 0 ? `${shown} + ${more} more...` : shown;
}
