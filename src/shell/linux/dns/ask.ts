import type { ResolvConf } from "../../../core/dns/resolv";
import type { DnsMessage, QueryType } from "../../../core/net/dns-message";
import { SECOND } from "../../../core/sim/time";
import { sourceOf } from "../../place";
import type { Process } from "../../process";
import { outcomeOf } from "../connect/reach";

export type Asked =
  | { readonly kind: "answer"; readonly message: DnsMessage; readonly tookUs: number }
  | { readonly kind: "silent" | "refused" };

interface AskOptions {
  readonly timeoutUs?: number;
  readonly tries?: number;
}

/** One question as a datagram to a DNS server, asked again where nothing comes back. */
export async function askServer(
  process: Process,
  server: string,
  question: { readonly name: string; readonly type: QueryType },
  { timeoutUs = 5 * SECOND, tries = 1 }: AskOptions = {},
): Promise<Asked> {
  const from = sourceOf(process.place);
  if (from === undefined) return { kind: "refused" };
  const { cluster, interrupt } = process;
  for (let attempt = 1; attempt <= tries; attempt++) {
    const startUs = cluster.nowUs;
    const sent = await cluster.request(from, `${server}:53/udp`, { question }, interrupt);
    if (!sent.ok) return { kind: "refused" };
    const reached = outcomeOf(sent.value);
    const message = [...sent.value.hops]
      .reverse()
      .find(
        ({ direction, kind, after }) => direction === "reply" && kind === "delivered" && after.dns,
      )?.after.dns;
    if (reached.kind === "answered" && message?.answer)
      return { kind: "answer", message, tookUs: cluster.nowUs - startUs };
    if (reached.kind === "failed") return { kind: "refused" };
    await cluster.sleep(startUs + timeoutUs - cluster.nowUs, interrupt);
  }
  return { kind: "silent" };
}

/** What the place's /etc/resolv.conf says, as it is now. */
export function readResolvConf(process: Process): ResolvConf {
  const read = process.files.read("/etc/resolv.conf");
  const conf = { nameservers: [] as string[], search: [] as string[], options: [] as string[] };
  for (const line of read.ok ? read.value.split("\n") : []) {
    const [key, ...words] = line.trim().split(/\s+/);
    if (key === "nameserver" && words[0] !== undefined) conf.nameservers.push(words[0]);
    if (key === "search") conf.search = words;
    if (key === "options") conf.options.push(...words);
  }
  return conf;
}
