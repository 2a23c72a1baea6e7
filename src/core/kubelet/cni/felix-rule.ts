import { sha224, sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Chain, Match, Rule, RuleTarget } from "../../dataplane/netfilter/rules";

/** A rule as Felix writes it: comments, matches, an action; its own number comes as the first comment. */
export interface FelixRule {
  readonly matches?: readonly Match[];
  readonly target?: RuleTarget;
  readonly comment?: string;
}

const HASH_LENGTH = 16;
/** Source: iptables' limit on chain names. */
const MAX_CHAIN_NAME = 28;

/** The chain with each rule's number: a hash over the chain's name and all rules up to it, by which Felix knows its own
 *  rules again. `hashedAs`: what the hash calls the chain. Source: Calico, felix/iptables RuleHashes. */
export function felixChain(
  name: string,
  rules: readonly FelixRule[],
  origin: string,
  hashedAs = name,
): Chain {
  let hash = sha224(utf8ToBytes(hashedAs));
  return {
    name,
    rules: rules.map((rule) => {
      const text = `-A ${hashedAs} HASH ${renderRule(rule)}`;
      hash = sha224(concatBytes(hash, utf8ToBytes(text)));
      return numbered(rule, base64Url(hash).slice(0, HASH_LENGTH), origin);
    }),
  };
}

/** Names that are too long end in a hash instead. Source: Calico, felix/hashutils GetLengthLimitedID. */
export function limitedName(prefix: string, suffix: string): string {
  const name = prefix + suffix;
  if (name.length <= MAX_CHAIN_NAME && !suffix.startsWith("_")) return name;
  const hash = base64Url(sha256(utf8ToBytes(suffix)));
  return `${prefix}_${hash}`.slice(0, MAX_CHAIN_NAME);
}

function numbered(
  { matches = [], target, comment }: FelixRule,
  hash: string,
  origin: string,
): Rule {
  const inOptions = matches.filter(isOption);
  const others = matches.filter((match) => !isOption(match));
  const second: readonly Match[] =
    comment === undefined ? [] : [{ kind: "comment", text: comment }];
  return {
    matches: [...inOptions, ...second, ...others],
    ...(target && { target }),
    comment: `cali:${hash}`,
    origin,
  };
}

function isOption({ kind }: Match): boolean {
  return kind === "in-interface" || kind === "out-interface" || kind === "protocol";
}

/** Felix's own spelling, over which the hash goes; iptables-save has another. */
function renderRule({ matches = [], target, comment }: FelixRule): string {
  return [
    ...(comment === undefined ? [] : [`-m comment --comment "${comment}"`]),
    ...matches.map(renderMatch),
    ...(target ? [renderTarget(target)] : []),
  ].join(" ");
}

function renderMatch(match: Match): string {
  switch (match.kind) {
    case "in-interface":
      return `--in-interface ${match.name}`;
    case "out-interface":
      return `--out-interface ${match.name}`;
    case "protocol":
      return `-p ${match.protocol === "udp" ? 17 : match.protocol}`;
    case "mark":
      return `-m mark --mark ${hex(match.value)}/${hex(match.mask)}`;
    case "ctstate":
      return `-m conntrack ${match.negate ? "! " : ""}--ctstate ${match.states.join(",")}`;
    case "multiport":
      return `-m multiport --destination-ports ${match.ports.map(({ from }) => from).join(",")}`;
    case "set":
      return `-m set ${match.negate ? "! " : ""}--match-set ${match.set} ${match.flags.join(",")}`;
    default:
      throw new Error(`Felix has no ${match.kind}`);
  }
}

function renderTarget(target: RuleTarget): string {
  switch (target.kind) {
    case "jump":
      return `--jump ${target.chain}`;
    case "goto":
      return `--goto ${target.chain}`;
    case "MARK":
      if (target.op !== "xmark") throw new Error("Felix sets bits under a mask");
      return `--jump MARK --set-mark ${hex(target.value)}/${hex(target.mask)}`;
    case "MASQUERADE":
      return "--jump MASQUERADE --random-fully";
    default:
      return `--jump ${target.kind}`;
  }
}

function hex(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** RFC 4648 base64url without padding. */
function base64Url(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    count += 8;
    for (; count >= 6; count -= 6) text += DIGITS.charAt((bits >>> (count - 6)) & 63);
  }
  return count > 0 ? text + DIGITS.charAt((bits << (6 - count)) & 63) : text;
}
