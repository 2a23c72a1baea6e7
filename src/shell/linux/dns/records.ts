import type { DnsRecord } from "../../../core/net/dns-message";
import { formatIpv4 } from "../../../core/net/ipv4";

/** As nslookup tells records, busybox's and bind's alike. */
export function nslookupLines(record: DnsRecord): readonly string[] {
  switch (record.type) {
    case "A":
      return [`Name:\t${record.name}`, `Address: ${formatIpv4(record.ip)}`];
    case "CNAME":
      return [`${record.name}\tcanonical name = ${record.target}`];
    case "PTR":
      return [`${record.name}\tname = ${record.target}`];
    case "SRV":
      return [
        `${record.name}\tservice = ${record.priority} ${record.weight} ${record.port} ${record.target}`,
      ];
    case "TXT":
      return [`${record.name}\ttext = "${record.text}"`];
  }
}

/** A record's data as a zone file has it. */
export function recordData(record: DnsRecord): string {
  switch (record.type) {
    case "A":
      return formatIpv4(record.ip);
    case "CNAME":
    case "PTR":
      return `${record.target}.`;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${record.target}.`;
    case "TXT":
      return `"${record.text}"`;
  }
}
