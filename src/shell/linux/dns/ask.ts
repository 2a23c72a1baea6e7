import { dnsWorldOf } from "../../../core/cluster/names";
import { answerUpstream } from "../../../core/dns/query";
import { UPSTREAM_TTL_SECONDS } from "../../../core/dns/records";
import type { ResolvConf } from "../../../core/dns/resolv";
import type { DnsMessage, QueryType } from "../../../core/net/dns-message";
import { SECOND } from "../../../core/sim/time";
import { sourceOf } from "../../place";
import type { Process } from "../../process";
import { LOCAL_RESOLVER } from "../computed-files";
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
  if (server === LOCAL_RESOLVER && isOnInternet(process)) return answerHere(process, question);
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

/** The answer of a resolver that is not modelled is there at once, as names.ts has it for every program of such a machine. */
function answerHere({ cluster }: Process, question: DnsMessage["question"]): Asked {
  const { world } = cluster;
  const dns = dnsWorldOf(world.store, world.loadBalancers());
  const answer = answerUpstream(dns, question.name, question.type);
  const message: DnsMessage = { id: 1, question, answer, ttlSeconds: UPSTREAM_TTL_SECONDS };
  return { kind: "answer", message, tookUs: 0 };
}

function isOnInternet({ place, cluster }: Process): boolean {
  if (place.kind !== "host") return false;
  return cluster.world.store.find("Host", "", place.name)?.spec.zone === "internet";
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
