import { reverseName } from "../../../core/dns/query";
import { candidateNames } from "../../../core/dns/resolv";
import type { DnsRecord, QueryType } from "../../../core/net/dns-message";
import { parseIpv4 } from "../../../core/net/ipv4";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { type Asked, askServer, readResolvConf } from "./ask";
import { recordData } from "./records";

const TYPES = /^(?:A|AAAA|CNAME|PTR|SRV|TXT)$/i;
/** Source: RFC 1035, section 4.1.1, and RFC 2136. */
const RCODES: Readonly<Record<string, number>> = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };

/** bind's host(1): it goes through the search list. */
export const host: Program = async (process) => {
  const words: string[] = [];
  let given: string | undefined;
  for (let at = 0; at < process.args.length; at++) {
    const word = process.args[at] ?? "";
    if (word === "-t") given = process.args[++at];
    else if (/^-(?:W|R|c|N|m)$/.test(word)) at++;
    else if (word.startsWith("-")) {
      if (/^-[av]$/.test(word)) await hint(process, `host ${word} is not modelled here`);
    } else words.push(word);
  }
  const [name, server] = words;
  if (name === undefined)
    return fail(
      process,
      "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]",
    );
  if (given !== undefined && !TYPES.test(given))
    return fail(process, `host: invalid type: ${given}`, 2);
  const conf = readResolvConf(process);
  const asked = server ?? conf.nameservers[0] ?? "127.0.0.1";
  if (server !== undefined)
    await print(
      process,
      `Using domain server:\nName: ${server}\nAddress: ${server}#53\nAliases: \n`,
    );
  const ip = parseIpv4(name);
  if (ip !== undefined) return lookUp(process, asked, name, [reverseName(ip)], ["PTR"]);
  const types: readonly QueryType[] =
    given === undefined ? ["A", "AAAA"] : [given.toUpperCase() as QueryType];
  return lookUp(process, asked, name, candidateNames(conf, name), types);
};

async function lookUp(
  process: Process,
  server: string,
  shown: string,
  names: readonly string[],
  types: readonly QueryType[],
): Promise<number> {
  const [type = "A", ...others] = types;
  let rcode = "NXDOMAIN";
  for (const name of names) {
    const asked = await askServer(process, server, { name, type }, { tries: 2 });
    if (asked.kind !== "answer") return noServer(process, server, asked);
    rcode = asked.message.answer?.rcode ?? "SERVFAIL";
    if (rcode !== "NOERROR") continue;
    await printAnswers(process, asked);
    for (const other of others) {
      const more = await askServer(process, server, { name, type: other }, { tries: 2 });
      if (more.kind === "answer") await printAnswers(process, more);
    }
    if (asked.message.answer?.answers.length === 0 && others.length === 0)
      await print(process, `${name} has no ${type} record`);
    return 0;
  }
  const full = type === "PTR" ? `${names[0]}.` : shown;
  return fail(
    { ...process, stderr: process.stdout },
    `Host ${full} not found: ${RCODES[rcode] ?? 2}(${rcode})`,
  );
}

async function printAnswers(process: Process, { message }: Extract<Asked, { kind: "answer" }>) {
  for (const record of message.answer?.answers ?? [])
    await print(process, `${record.name} ${WORDS[record.type]} ${recordData(record)}`);
}

const WORDS: Readonly<Record<DnsRecord["type"], string>> = {
  A: "has address",
  CNAME: "is an alias for",
  PTR: "domain name pointer",
  SRV: "has SRV record",
  TXT: "descriptive text",
};

async function noServer(process: Process, server: string, { kind }: Asked): Promise<number> {
  const why = kind === "refused" ? "connection refused" : "timed out";
  for (let i = 0; i < 2; i++)
    await print(process, `;; communications error to ${server}#53: ${why}`);
  await print(process, ";; no servers could be reached");
  return 1;
}
