import { type Ipv4, parseIpv4 } from "../net/ipv4";
import { answerQuery, answerUpstream } from "./query";
import type { DnsAnswer, DnsWorld } from "./records";
import { candidateNames, type ResolvConf } from "./resolv";

export interface TriedName {
  readonly name: string;
  readonly answer: DnsAnswer;
}

export type Resolution =
  | {
      readonly ok: true;
      readonly ips: readonly Ipv4[];
      /** The name that had them, CNAMEs followed. */
      readonly canonicalName: string;
      readonly tried: readonly TriedName[];
    }
  /** `NoSuchName`: no candidate has an address. `NoServer`: nobody answers at the nameserver's address. */
  | {
      readonly ok: false;
      readonly reason: "NoSuchName" | "NoServer";
      readonly tried: readonly TriedName[];
    };

/** Finds a name's addresses as glibc does with this resolv.conf: the first candidate that has any. An address needs
 *  no query. Simplified: AAAA queries, which never find anything here, are not listed; musl would stop at a name
 *  that exists without addresses. */
export function resolve(world: DnsWorld, name: string, from: ResolvConf): Resolution {
  const literal = parseIpv4(name);
  if (literal !== undefined) return { ok: true, ips: [literal], canonicalName: name, tried: [] };
  const tried: TriedName[] = [];
  const ask = serverOf(world, from);
  if (!ask) return { ok: false, reason: "NoServer", tried };
  for (const candidate of candidateNames(from, name)) {
    const answer = ask(candidate);
    tried.push({ name: candidate, answer });
    const addresses = answer.answers.filter((record) => record.type === "A");
    if (addresses[0]) {
      const ips = addresses.map(({ ip }) => ip);
      return { ok: true, ips, canonicalName: addresses[0].name, tried };
    }
  }
  return { ok: false, reason: "NoSuchName", tried };
}

/** Who answers at the first nameserver. Simplified: later ones are not asked. */
function serverOf(
  world: DnsWorld,
  { nameservers }: ResolvConf,
): ((name: string) => DnsAnswer) | undefined {
  const [nameserver] = nameservers;
  if (nameserver === undefined) return undefined;
  const kubeDns = world.store.find("Service", "kube-system", "kube-dns");
  if (kubeDns?.spec.clusterIP === nameserver) return (name) => answerQuery(world, name, "A");
  if (nameserver === world.upstream) return (name) => answerUpstream(world, name, "A");
  return undefined;
}
