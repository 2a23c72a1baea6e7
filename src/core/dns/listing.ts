import type { Service } from "../api/types";
import { formatIpv4 } from "../net/ipv4";
import { answerQuery, reverseName } from "./query";
import { CLUSTER_DOMAIN, type DnsRecord, type DnsWorld, type QueryType } from "./records";

/** A record that the cluster's DNS would answer with, and the Service behind it. */
export interface ListedRecord {
  readonly name: string;
  readonly type: QueryType;
  /** An address, a name, or for SRV `priority weight port target`. */
  readonly value: string;
  /** `NAMESPACE/NAME`. */
  readonly service: string;
}

/** Every record of every Service, found out by asking for the names that a Service has: its own, those of its named
 *  ports, of its endpoints, and the reverse of its addresses. */
export function listRecords(world: DnsWorld): readonly ListedRecord[] {
  const listed: ListedRecord[] = [];
  const seen = new Set<string>();
  const ask = (service: string, name: string, type: QueryType): readonly DnsRecord[] => {
    const own = service.split("/").reverse().join(".");
    // An endpoint's address leads back to every Service that it belongs to.
    const answers = answerQuery(world, name, type).answers.filter(
      (record) => record.type !== "PTR" || record.target.includes(`${own}.svc.`),
    );
    for (const record of answers) {
      const value = textOf(record);
      const key = `${service} ${record.name} ${record.type} ${value}`;
      if (seen.has(key)) continue;
      seen.add(key);
      listed.push({ name: record.name, type: record.type, value, service });
    }
    return answers;
  };
  for (const service of world.store.list("Service")) listService(service, ask);
  return listed;
}

type Ask = (service: string, name: string, type: QueryType) => readonly DnsRecord[];

function listService({ metadata, spec }: Service, ask: Ask): void {
  const key = `${metadata.namespace}/${metadata.name}`;
  const name = `${metadata.name}.${metadata.namespace}.svc.${CLUSTER_DOMAIN}`;
  ask(key, name, "CNAME");
  const addresses = ask(key, name, "A");
  for (const { name: port, protocol } of spec.ports ?? []) {
    if (!port) continue;
    const targets = ask(key, `_${port}._${protocol.toLowerCase()}.${name}`, "SRV");
    for (const record of targets) if (record.type === "SRV") ask(key, record.target, "A");
  }
  for (const record of addresses) {
    if (record.type === "A") ask(key, reverseName(record.ip), "PTR");
  }
}

function textOf(record: DnsRecord): string {
  switch (record.type) {
    case "A":
      return formatIpv4(record.ip);
    case "CNAME":
    case "PTR":
      return record.target;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case "TXT":
      return record.text;
  }
}
