import type { Ingress } from "../../../core/api/types";
import { formatAge } from "../time";
import { columns, NONE, type TableOf } from "./table";

/** More than so many hosts are only counted. */
const MAX_HOSTS = 3;

/** Source: pkg/printers/internalversion/printers.go, printIngress. */
export const ingressTable: TableOf<Ingress> = {
  columns: columns("Name|Class|Hosts|Address|Ports|Age"),
  row: (ingress, { nowUs }) => [
    ingress.metadata.name,
    ingress.spec.ingressClassName ?? NONE,
    hostsOf(ingress),
    ingressAddress(ingress),
    ingress.spec.tls?.length ? "80, 443" : "80",
    formatAge(ingress.metadata.creationTimestamp, nowUs),
  ],
};

/** Once three hosts are found, every rule counts, hosts or not. */
function hostsOf({ spec: { rules = [] } }: Ingress): string {
  const hosts = rules.flatMap(({ host }) => (host ? [host] : []));
  if (hosts.length === 0) return "*";
  const shown = hosts.slice(0, MAX_HOSTS).join(",");
  const third = rules.findIndex(({ host }) => host === hosts[MAX_HOSTS - 1]);
  const isMore = hosts.length >= MAX_HOSTS && third < rules.length - 1;
  return isMore ? `${shown} + ${rules.length - MAX_HOSTS} more...` : shown;
}

export function ingressAddress({ status }: Ingress): string {
  const all = (status.loadBalancer.ingress ?? []).map(({ ip, hostname }) => ip || hostname);
  return all.filter(Boolean).sort().join(",");
}
