import { formatIpv4, type Ipv4 } from "./ipv4";

export type QueryType = "A" | "AAAA" | "CNAME" | "SRV" | "PTR" | "TXT";

/** Names without the final dot, in lower case. */
export type DnsRecord =
  | { readonly type: "A"; readonly name: string; readonly ip: Ipv4 }
  | { readonly type: "CNAME" | "PTR"; readonly name: string; readonly target: string }
  | {
      readonly type: "SRV";
      readonly name: string;
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | { readonly type: "TXT"; readonly name: string; readonly text: string };

/** NOERROR without answers means: the name exists, but has no such records. */
export interface DnsAnswer {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "SERVFAIL";
  /** The server speaks for the zone (AA); false: it asked upstream. */
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

/** What a datagram to or from port 53 says. */
export interface DnsMessage {
  readonly id: number;
  readonly question: { readonly name: string; readonly type: QueryType };
  /** Absent: it asks. */
  readonly answer?: DnsAnswer;
  readonly ttlSeconds?: number;
}

/** Source: IANA, DNS parameters. */
const TYPE_NUMBERS: Record<QueryType, number> = {
  A: 1,
  CNAME: 5,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
};
const RCODES: Record<DnsAnswer["rcode"], number> = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 };
const CLASS_IN = 1;
/** Flags. Source: RFC 1035, section 4.1.1. */
const RESPONSE = 0x8000;
const AUTHORITATIVE = 0x0400;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
/** Points to the question's name, right behind the header. */
const QUESTION_NAME = [0xc0, 0x0c];

/** As tcpdump says it: `A? kubernetes.default.svc.cluster.local.`, `A 10.96.0.1`, `NXDomain`, `ServFail`. */
export function formatDnsMessage({ question, answer }: DnsMessage): string {
  if (!answer) return `${question.type}? ${question.name}.`;
  if (answer.rcode === "NXDOMAIN") return "NXDomain";
  if (answer.rcode === "SERVFAIL") return "ServFail";
  return answer.answers.map(formatRecord).join(", ") || "no records";
}

function formatRecord(record: DnsRecord): string {
  switch (record.type) {
    case "A":
      return `A ${formatIpv4(record.ip)}`;
    case "CNAME":
    case "PTR":
      return `${record.type} ${record.target}.`;
    case "SRV":
      return `SRV ${record.target}.:${record.port} ${record.priority} ${record.weight}`;
    case "TXT":
      return `TXT "${record.text}"`;
  }
}

/** The message as it is on the wire. Source: RFC 1035, section 4.
 *  Simplified: negative answers carry no SOA record; only the question's name is compressed. */
export function dnsMessageBytes({ id, question, answer, ttlSeconds = 0 }: DnsMessage): Uint8Array {
  const flags = answer
    ? RESPONSE | (answer.authoritative ? AUTHORITATIVE : RECURSION_AVAILABLE) | RCODES[answer.rcode]
    : 0;
  const { answers = [], additional = [] } = answer ?? {};
  return Uint8Array.from([
    ...u16(id),
    ...u16(flags | RECURSION_DESIRED),
    ...u16(1),
    ...u16(answers.length),
    ...u16(0),
    ...u16(additional.length),
    ...nameBytes(question.name),
    ...u16(TYPE_NUMBERS[question.type]),
    ...u16(CLASS_IN),
    ...[...answers, ...additional].flatMap((record) =>
      recordBytes(record, question.name, ttlSeconds),
    ),
  ]);
}

function recordBytes(record: DnsRecord, asked: string, ttlSeconds: number): readonly number[] {
  const data = dataBytes(record);
  return [
    ...(record.name === asked ? QUESTION_NAME : nameBytes(record.name)),
    ...u16(TYPE_NUMBERS[record.type]),
    ...u16(CLASS_IN),
    ...u32(ttlSeconds),
    ...u16(data.length),
    ...data,
  ];
}

function dataBytes(record: DnsRecord): readonly number[] {
  switch (record.type) {
    case "A":
      return u32(record.ip);
    case "CNAME":
    case "PTR":
      return nameBytes(record.target);
    case "SRV": {
      const { priority, weight, port, target } = record;
      return [...u16(priority), ...u16(weight), ...u16(port), ...nameBytes(target)];
    }
    case "TXT":
      return [record.text.length, ...asciiBytes(record.text)];
  }
}

function nameBytes(name: string): readonly number[] {
  const labels = name.split(".").filter((label) => label !== "");
  return [...labels.flatMap((label) => [label.length, ...asciiBytes(label)]), 0];
}

function asciiBytes(text: string): readonly number[] {
  return [...text].map((character) => character.charCodeAt(0) & 0xff);
}

function u16(value: number): readonly number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

function u32(value: number): readonly number[] {
  return [...u16(value >>> 16), ...u16(value)];
}
