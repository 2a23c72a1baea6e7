import { reverseName } from "../../../core/dns/query";
import { candidateNames } from "../../../core/dns/resolv";
import {
  type DnsMessage,
  type DnsRecord,
  dnsMessageBytes,
  type QueryType,
} from "../../../core/net/dns-message";
import { parseIpv4 } from "../../../core/net/ipv4";
import { SECOND } from "../../../core/sim/time";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { dateWords } from "../iptables/save-restore";
import { askServer, readResolvConf } from "./ask";
import { recordData } from "./records";

const TYPES = /^(?:A|AAAA|CNAME|PTR|SRV|TXT)$/i;
const KNOWN_FLAGS =
  /^\+(?:no)?(?:short|search|answer|question|all|comments|cmd|stats|recurse|tcp|time=\d+|tries=\d+|timeout=\d+|retry=\d+)$/;

/** bind's dig: no search list unless it is asked for. Simplified: asks as with +noedns. */
export const dig: Program = async (process) => {
  let server: string | undefined;
  let name = "";
  let type: QueryType = "A";
  const flags: string[] = [];
  for (let i = 0; i < process.args.length; i++) {
    const word = process.args[i] as string;
    if (word.startsWith("@")) server = word.slice(1);
    else if (word.startsWith("+")) flags.push(word);
    else if (word === "-x") {
      const ip = parseIpv4(process.args[++i] ?? "");
      if (ip === undefined) return fail(process, `;; Invalid IP address ${process.args[i] ?? ""}`);
      name = reverseName(ip);
      type = "PTR";
    } else if (word === "-t") type = (process.args[++i] ?? "A").toUpperCase() as QueryType;
    else if (word.startsWith("-"))
      return fail(
        process,
        `Invalid option: ${word}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}`,
      );
    else if (TYPES.test(word)) type = word.toUpperCase() as QueryType;
    else name = word;
  }
  const strange = flags.find((flag) => !KNOWN_FLAGS.test(flag));
  if (strange !== undefined) {
    await hint(process, `dig ${strange} is not modelled here`);
    return 1;
  }
  if (name === "")
    return fail(
      process,
      "dig: a name to ask for is needed here: the root servers are not modelled",
    );
  const conf = readResolvConf(process);
  const at = server ?? conf.nameservers[0] ?? "127.0.0.1";
  const names = flags.includes("+search") ? candidateNames(conf, name) : [name.replace(/\.$/, "")];
  const seconds = Number(
    flags.map((flag) => /^\+time(?:out)?=(\d+)/.exec(flag)?.[1]).find((text) => text) ?? 5,
  );
  const tries = Number(
    flags.map((flag) => /^\+tries=(\d+)/.exec(flag)?.[1]).find((text) => text) ?? 3,
  );
  for (const [index, one] of names.entries()) {
    const asked = await askServer(
      process,
      at,
      { name: one, type },
      { timeoutUs: seconds * SECOND, tries },
    );
    if (asked.kind !== "answer") {
      const why = asked.kind === "refused" ? "connection refused" : "timed out";
      for (let i = 0; i < tries; i++)
        await print(process, `;; communications error to ${at}#53: ${why}`);
      await print(
        process,
        `\n; <<>> DiG 9.18.28 <<>> ${process.args.join(" ")}\n;; global options: +cmd\n;; no servers could be reached\n`,
      );
      return 9;
    }
    const none = (asked.message.answer?.answers.length ?? 0) === 0;
    if (none && index < names.length - 1) continue;
    return show(process, asked.message, { at, tookUs: asked.tookUs, flags });
  }
  return 0;
};

interface Shown {
  readonly at: string;
  readonly tookUs: number;
  readonly flags: readonly string[];
}

async function show(
  process: Process,
  message: DnsMessage,
  { at, tookUs, flags }: Shown,
): Promise<number> {
  const { answer, question, id, ttlSeconds = 0 } = message;
  const { answers = [], additional = [], authoritative = false, rcode = "SERVFAIL" } = answer ?? {};
  if (flags.includes("+short")) {
    for (const record of answers) await print(process, recordData(record));
    return 0;
  }
  const line = (record: DnsRecord) =>
    columns([`${record.name}.`, `${ttlSeconds}`, "IN", record.type], [24, 32, 40, 48]) +
    recordData(record);
  const isLocal = /(?:^|\.)local$/.test(question.name);
  const lines = [
    ...(flags.includes("+noall") || flags.includes("+nocmd")
      ? []
      : ["", `; <<>> DiG 9.18.28 <<>> ${process.args.join(" ")}`, ";; global options: +cmd"]),
    ...(flags.includes("+noall") || flags.includes("+nocomments")
      ? []
      : [
          ";; Got answer:",
          ...(isLocal
            ? [
                ";; WARNING: .local is reserved for Multicast DNS",
                ";; You are currently testing what happens when an mDNS query is leaked to DNS",
              ]
            : []),
          `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: ${id}`,
          `;; flags: qr${authoritative ? " aa" : ""} rd${authoritative ? "" : " ra"}; QUERY: 1, ANSWER: ${answers.length}, AUTHORITY: 0, ADDITIONAL: ${additional.length}`,
          ...(authoritative ? [";; WARNING: recursion requested but not available"] : []),
          "",
        ]),
    ...(flags.includes("+noall") || flags.includes("+noquestion")
      ? []
      : [
          ";; QUESTION SECTION:",
          `${columns([`;${question.name}.`, "IN"], [32, 40])}${question.type}`,
          "",
        ]),
    ...(answers.length > 0 && (!flags.includes("+noall") || flags.includes("+answer"))
      ? [
          ...(flags.includes("+noall") ? [] : [";; ANSWER SECTION:"]),
          ...answers.map(line),
          ...(flags.includes("+noall") ? [] : [""]),
        ]
      : []),
    ...(additional.length > 0 && !flags.includes("+noall")
      ? [";; ADDITIONAL SECTION:", ...additional.map(line), ""]
      : []),
    ...(flags.includes("+noall") || flags.includes("+nostats")
      ? []
      : [
          `;; Query time: ${Math.round(tookUs / 1_000)} msec`,
          `;; SERVER: ${at}#53(${at}) (UDP)`,
          `;; WHEN: ${dateWords(process.cluster.nowUs)
            .replace("  ", " 0")
            .replace(/ (\d+)$/, " UTC $1")}`,
          `;; MSG SIZE  rcvd: ${dnsMessageBytes(message).length}`,
          "",
        ]),
  ];
  for (const text of lines) await print(process, text);
  return 0;
}

/** Fields at their columns, with tabs; a field that is too long pushes the others on by a space. */
function columns(fields: readonly string[], ends: readonly number[]): string {
  let text = "";
  let at = 0;
  for (const [index, field] of fields.entries()) {
    text += field;
    at += field.length;
    const end = ends[index] ?? 0;
    if (at >= end) {
      text += " ";
      at++;
    }
    while (at < end) {
      text += "\t";
      at = (Math.floor(at / 8) + 1) * 8;
    }
  }
  return text;
}
