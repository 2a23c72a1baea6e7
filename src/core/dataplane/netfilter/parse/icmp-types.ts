import { RuleError } from "./rule-error";

/** Source: iptables libipt_icmp.c. Those without a code stand for every code. */
const ICMP_NAMES: Readonly<Record<string, readonly [type: number, code?: number]>> = {
  any: [255],
  "echo-reply": [0],
  pong: [0],
  "destination-unreachable": [3],
  "network-unreachable": [3, 0],
  "host-unreachable": [3, 1],
  "protocol-unreachable": [3, 2],
  "port-unreachable": [3, 3],
  "fragmentation-needed": [3, 4],
  "source-route-failed": [3, 5],
  "network-unknown": [3, 6],
  "host-unknown": [3, 7],
  "network-prohibited": [3, 9],
  "host-prohibited": [3, 10],
  "TOS-network-unreachable": [3, 11],
  "TOS-host-unreachable": [3, 12],
  "communication-prohibited": [3, 13],
  "host-precedence-violation": [3, 14],
  "precedence-cutoff": [3, 15],
  "source-quench": [4],
  redirect: [5],
  "network-redirect": [5, 0],
  "host-redirect": [5, 1],
  "TOS-network-redirect": [5, 2],
  "TOS-host-redirect": [5, 3],
  "echo-request": [8],
  ping: [8],
  "router-advertisement": [9],
  "router-solicitation": [10],
  "time-exceeded": [11],
  "ttl-exceeded": [11],
  "ttl-zero-during-transit": [11, 0],
  "ttl-zero-during-reassembly": [11, 1],
  "parameter-problem": [12],
  "ip-header-bad": [12, 0],
  "required-option-missing": [12, 1],
  "timestamp-request": [13],
  "timestamp-reply": [14],
  "address-mask-request": [17],
  "address-mask-reply": [18],
};

/** A name, or as much of it as no other begins with; `8`; `3/4`. */
export function parseIcmpType(text: string): { readonly type: number; readonly code?: number } {
  const given = text.toLowerCase();
  const names = Object.keys(ICMP_NAMES).filter((name) => name.toLowerCase().startsWith(given));
  const name = names.find((candidate) => candidate.toLowerCase() === given) ?? names[0];
  if (name !== undefined && given !== "") {
    if (names.length > 1 && name.toLowerCase() !== given)
      throw new RuleError(`Ambiguous ICMP type \`${text}': \`${names[0]}' or \`${names[1]}'?`);
    const [type, code] = ICMP_NAMES[name] ?? [0];
    return code === undefined ? { type } : { type, code };
  }
  const match = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text);
  const [type, code] = [Number(match?.[1]), match?.[2] === undefined ? 0 : Number(match[2])];
  if (!match || type > 255 || code > 255) throw new RuleError(`Unknown ICMP type \`${text}'`);
  return match[2] === undefined ? { type } : { type, code };
}
