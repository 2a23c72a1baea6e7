import { reverseName } from "../../../core/dns/query";
import { candidateNames } from "../../../core/dns/resolv";
import type { QueryType } from "../../../core/net/dns-message";
import { parseIpv4 } from "../../../core/net/ipv4";
import { SECOND } from "../../../core/sim/time";
import { fail, type Process, type Program, print } from "../../process";
import { isBusybox } from "../network";
import { askServer, readResolvConf } from "./ask";
import { nslookupLines } from "./records";

const TYPES = /^(?:A|AAAA|CNAME|PTR|SRV|TXT)$/;

interface Query {
  readonly name: string;
  readonly types: readonly QueryType[];
  readonly server: string;
}

/** Busybox's own resolver in Alpine images, bind's elsewhere. */
export const nslookup: Program = async (process) => {
  const options = process.args.filter((word) => word.startsWith("-"));
  const [name, given] = process.args.filter((word) => !word.startsWith("-"));
  const type = options
    .map((word) => /^-(?:type|query|q)=(\w+)$/.exec(word)?.[1]?.toUpperCase())
    .find((word) => word !== undefined);
  if (name === undefined)
    return fail(
      process,
      isBusybox(process)
        ? "Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]"
        : "nslookup: interactive mode is not modelled here",
    );
  if (type !== undefined && !TYPES.test(type))
    return fail(
      process,
      isBusybox(process) ? "nslookup: invalid query type" : `unknown query type: ${type}`,
    );
  const conf = readResolvConf(process);
  const server = given ?? conf.nameservers[0] ?? "127.0.0.1";
  const types = type === undefined ? (["A", "AAAA"] as const) : [type as QueryType];
  const ip = parseIpv4(name);
  const query: Query =
    ip === undefined
      ? { name, types, server }
      : { name: reverseName(ip), types: type === undefined ? ["PTR"] : types, server };
  return isBusybox(process) ? busybox(process, query) : bind(process, query);
};

/** It ignores ndots: a name with a dot is asked as it is, one without in every search domain, whatever comes.
 *  Source: busybox networking/nslookup.c. */
async function busybox(process: Process, { name, types, server }: Query): Promise<number> {
  const conf = readResolvConf(process);
  const names =
    name.includes(".") || conf.search.length === 0
      ? [name.replace(/\.$/, "")]
      : conf.search.map((domain) => `${name}.${domain}`);
  const blocks: string[] = [];
  let failed = false;
  for (const type of types)
    for (const one of names) {
      const asked = await askServer(process, server, { name: one, type }, { tries: 2 });
      if (asked.kind !== "answer") {
        await print(process, ";; connection timed out; no servers could be reached\n");
        return 1;
      }
      const { answer } = asked.message;
      if (answer?.rcode !== "NOERROR") {
        failed = true;
        blocks.push(`** server can't find ${one}: ${answer?.rcode ?? "SERVFAIL"}\n`);
        continue;
      }
      const lines = answer.answers.flatMap(nslookupLines);
      const head = answer.authoritative ? [] : ["Non-authoritative answer:"];
      blocks.push([...head, ...lines].map((line) => `${line}\n`).join(""));
    }
  await print(process, `Server:\t\t${server}\nAddress:\t${server}:53\n`);
  for (const block of blocks) await print(process, block);
  return failed ? 1 : 0;
}

async function bind(process: Process, { name, types, server }: Query): Promise<number> {
  const names = candidateNames(readResolvConf(process), name);
  const lines: string[] = [];
  let found = false;
  let told = false;
  let status = "NXDOMAIN";
  for (const [index, one] of names.entries()) {
    for (const type of types) {
      if (type === "AAAA" && !found) continue;
      const asked = await askServer(
        process,
        server,
        { name: one, type },
        { tries: 3, timeoutUs: 5 * SECOND },
      );
      if (asked.kind !== "answer")
        return timedOut(
          process,
          server,
          asked.kind === "refused" ? "connection refused" : "timed out",
        );
      const { answer } = asked.message;
      if (answer?.rcode !== "NOERROR") {
        status = answer?.rcode ?? "SERVFAIL";
        continue;
      }
      if (!told && answer.authoritative)
        lines.unshift(`;; Got recursion not available from ${server}`);
      told = true;
      if (!found && !answer.authoritative) lines.push("Non-authoritative answer:");
      lines.push(...answer.answers.flatMap(nslookupLines));
      found = found || answer.answers.length > 0;
      if (answer.answers.length === 0 && type !== "AAAA") status = "No answer";
    }
    if (found || index === names.length - 1) break;
  }
  const head = lines[0]?.startsWith(";;") ? lines.shift() : undefined;
  if (head !== undefined) await print(process, head);
  await print(process, `Server:\t\t${server}\nAddress:\t${server}#53\n`);
  if (!found) {
    await print(
      process,
      status === "No answer"
        ? `*** Can't find ${name}: No answer\n`
        : `** server can't find ${name}: ${status}\n`,
    );
    return 1;
  }
  for (const line of lines) await print(process, line);
  await print(process, "");
  return 0;
}

async function timedOut(process: Process, server: string, why: string): Promise<number> {
  for (let i = 0; i < 3; i++)
    await print(process, `;; communications error to ${server}#53: ${why}`);
  await print(process, ";; no servers could be reached\n");
  return 1;
}
