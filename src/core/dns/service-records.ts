import type { Service } from "../api/types";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import { readyEndpointsOf } from "./cluster-endpoints";
import {
  CLUSTER_DOMAIN,
  type DnsAnswer,
  type DnsRecord,
  type DnsStore,
  NXDOMAIN,
  noError,
  type QueryType,
} from "./records";

/** A name below `svc.cluster.local`, cut up. */
export interface ServiceName {
  /** The whole name, as it was asked. */
  readonly name: string;
  readonly namespace: string;
  /** What stands before the namespace, from left to right; the last is the Service. */
  readonly labels: readonly string[];
}

/** What is asked about a Service: all of it, one port of it, or one endpoint. */
type Subject =
  | { readonly kind: "service" }
  | { readonly kind: "port"; readonly port: string; readonly protocol: string }
  | { readonly kind: "endpoint"; readonly label: string };

/** One address and port that a name stands for. */
interface Target {
  readonly ip: Ipv4;
  readonly port: number | undefined;
  /** The name that has this address. */
  readonly name: string;
}

export function answerServiceName(store: DnsStore, asked: ServiceName, type: QueryType): DnsAnswer {
  const { name, namespace, labels } = asked;
  const service = store.find("Service", namespace, labels.at(-1) ?? "");
  const subject = readSubject(labels.slice(0, -1));
  if (!service || !subject) return NXDOMAIN;
  if (service.spec.type === "ExternalName") return answerExternalName(service, name, subject, type);
  const targets = targetsOf(store, service, subject);
  if (targets.length === 0) return NXDOMAIN;
  if (type === "A") return noError(addressRecords(targets.map(({ ip }) => ({ name, ip }))));
  return type === "SRV" ? answerSrv(name, targets) : noError([]);
}

function readSubject(labels: readonly string[]): Subject | undefined {
  const [first, second] = labels;
  if (first === undefined) return { kind: "service" };
  if (labels.length === 1) return { kind: "endpoint", label: first };
  const isPort = labels.length === 2 && first.startsWith("_") && second?.startsWith("_");
  return isPort && second
    ? { kind: "port", port: first.slice(1), protocol: second.slice(1) }
    : undefined;
}

function answerExternalName(
  { spec }: Service,
  name: string,
  subject: Subject,
  type: QueryType,
): DnsAnswer {
  if (subject.kind !== "service") return NXDOMAIN;
  const target = (spec.externalName ?? "").replace(/\.$/, "").toLowerCase();
  const isFollowed = type === "A" || type === "AAAA" || type === "CNAME";
  return noError(isFollowed ? [{ type: "CNAME", name, target }] : []);
}

/** Headless Services and endpoint names stand for ready endpoints, others for the cluster IP. */
function targetsOf(store: DnsStore, service: Service, subject: Subject): readonly Target[] {
  const { namespace, name } = service.metadata;
  const domain = `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`;
  if (service.spec.clusterIP !== "None" && subject.kind !== "endpoint") {
    const clusterIP = parseIpv4(service.spec.clusterIP ?? "");
    return (service.spec.ports ?? [])
      .filter((port) => clusterIP !== undefined && isAsked(subject, port))
      .map(({ port }) => ({ ip: clusterIP ?? 0, port, name: domain }));
  }
  return readyEndpointsOf(store, namespace, name)
    .filter(({ label }) => subject.kind !== "endpoint" || subject.label === label)
    .flatMap(({ ip, label, ports }) => {
      const target = { ip, name: `${label}.${domain}` };
      if (ports.length === 0 && subject.kind !== "port") return [{ ...target, port: undefined }];
      return ports
        .filter((port) => isAsked(subject, port))
        .map(({ port }) => ({ ...target, port }));
    });
}

function isAsked(
  subject: Subject,
  port: { readonly name?: string; readonly protocol?: string },
): boolean {
  if (subject.kind !== "port") return true;
  return (
    subject.port === (port.name ?? "") &&
    subject.protocol === (port.protocol ?? "TCP").toLowerCase()
  );
}

function answerSrv(name: string, targets: readonly Target[]): DnsAnswer {
  const served = targets.filter((target) => target.port !== undefined);
  const weight = Math.floor(100 / Math.max(served.length, 1));
  const answers = served.map(
    (target): DnsRecord => ({
      type: "SRV",
      name,
      priority: 0,
      weight,
      port: target.port ?? 0,
      target: target.name,
    }),
  );
  return noError(answers, addressRecords(served));
}

/** One A record per name and address. */
function addressRecords(
  targets: readonly { readonly name: string; readonly ip: Ipv4 }[],
): readonly DnsRecord[] {
  const records = new Map<string, DnsRecord>();
  for (const { name, ip } of targets) records.set(`${name} ${ip}`, { type: "A", name, ip });
  return [...records.values()];
}
