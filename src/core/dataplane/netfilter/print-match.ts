import { type Cidr, formatCidr, netmask } from "../../net/cidr";
import { formatIpv4 } from "../../net/ipv4";
import type {
  AddrtypeMatch,
  ConntrackMatch,
  HashlimitMatch,
  Match,
  PortRange,
  RecentMatch,
  SetMatch,
} from "./match-kinds";
import { NAMES } from "./names";
import { formatMasked, formatRange, formatRate, not, quote } from "./print-parts";
import { formatProtocol } from "./protocols";

/** What stands before the first `-m`, in iptables' order. */
export const OPTION_KINDS = [
  "source",
  "destination",
  "in-interface",
  "out-interface",
  "protocol",
  "fragment",
] as const;

export function formatOption(match: Match): string {
  switch (match.kind) {
    case "source":
    case "destination":
      if (match.range.prefix === 0 && !match.negate) return "";
      return `${not(match.negate)} ${match.kind === "source" ? "-s" : "-d"} ${formatCidr(match.range)}`;
    case "in-interface":
      return formatInterface("-i", match.name, match.negate);
    case "out-interface":
      return formatInterface("-o", match.name, match.negate);
    case "protocol":
      return `${not(match.negate)} -p ${formatProtocol(match.protocol)}`;
    case "fragment":
      return `${not(match.negate)} -f`;
    default:
      return "";
  }
}

function formatInterface(option: "-i" | "-o", name: string, negate: boolean | undefined): string {
  return name === "+" && !negate ? "" : `${not(negate)} ${option} ${name}`;
}

/** One text per `-m`; options of one module that follow each other share theirs, in the order iptables prints them. */
export function formatExtensions(matches: readonly Match[]): string[] {
  const texts: string[] = [];
  let group: { readonly name: string; readonly matches: Match[] } | undefined;
  const close = () => {
    if (group) texts.push(formatGroup(group.name, group.matches));
    group = undefined;
  };
  for (const match of matches) {
    const name = groupOf(match);
    if (name === undefined) {
      const text = formatExtension(match);
      if (text === "") continue;
      close();
      texts.push(text);
      continue;
    }
    if (group?.name !== name || group.matches.some((other) => rankOf(other) === rankOf(match)))
      close();
    group ??= { name, matches: [] };
    group.matches.push(match);
  }
  close();
  return texts;
}

/** The module that an option belongs to, where several of its options can be conditions of their own. */
function groupOf(match: Match): string | undefined {
  switch (match.kind) {
    case "dport":
    case "sport":
    case "transport":
      return match.protocol;
    case "tcp-flags":
    case "tcp-option":
      return "tcp";
    case "sctp-chunks":
      return "sctp";
    case "physdev":
    case "iprange":
      return match.kind;
    default:
      return undefined;
  }
}

function rankOf(match: Match): string {
  switch (match.kind) {
    case "physdev":
      return match.test;
    case "iprange":
      return match.side;
    default:
      return match.kind;
  }
}

const RANKS = [
  "transport",
  "sport",
  "dport",
  "tcp-option",
  "tcp-flags",
  "sctp-chunks",
  "is-in",
  "in",
  "is-out",
  "out",
  "is-bridged",
  "source",
  "destination",
];

function formatGroup(name: string, matches: readonly Match[]): string {
  const sorted = [...matches].sort((a, b) => RANKS.indexOf(rankOf(a)) - RANKS.indexOf(rankOf(b)));
  return ` -m ${name}${sorted.map(formatGroupOption).join("")}`;
}

function formatGroupOption(match: Match): string {
  switch (match.kind) {
    case "dport":
    case "sport":
      if (match.from === 0 && match.to === 65_535 && !match.negate) return "";
      return `${not(match.negate)} --${match.kind} ${formatRange(match)}`;
    case "tcp-option":
      return `${not(match.negate)} --tcp-option ${match.option}`;
    case "tcp-flags":
      return `${not(match.negate)} --tcp-flags ${formatFlags(match.mask)} ${formatFlags(match.set)}`;
    case "sctp-chunks": {
      const chunks =
        match.chunks === "ALL"
          ? "ALL"
          : match.chunks.map(({ type, flags }) => (flags ? `${type}:${flags}` : type)).join();
      return `${not(match.negate)} --chunk-types ${match.mode} ${chunks}`;
    }
    case "physdev": {
      const name = match.name === undefined ? "" : ` ${match.name}`;
      return `${not(match.negate)} --physdev-${match.test}${name}`;
    }
    case "iprange": {
      const side = match.side === "source" ? "src" : "dst";
      return `${not(match.negate)} --${side}-range ${formatIpv4(match.first)}-${formatIpv4(match.last)}`;
    }
    default:
      return "";
  }
}

function formatFlags(flags: number): string {
  const names = NAMES.tcpFlags.filter((_, bit) => flags & (1 << bit));
  return names.length === 0 ? "NONE" : names.join();
}

function formatExtension(match: Match): string {
  switch (match.kind) {
    case "comment":
      return ` -m comment --comment ${quote(match.text)}`;
    case "mark":
    case "connmark":
      return ` -m ${match.kind}${not(match.negate)} --mark ${formatMasked(match.value, match.mask)}`;
    case "ctstate": {
      const [name, option] = match.isStateModule
        ? ["state", "--state"]
        : ["conntrack", "--ctstate"];
      return ` -m ${name}${not(match.negate)} ${option} ${inOrder(NAMES.states, match.states)}`;
    }
    case "conntrack":
      return ` -m conntrack${formatConntrackOptions(match)}`;
    case "statistic-random":
      return ` -m statistic --mode random${not(match.negate)} --probability ${quantize(match.probability).toFixed(11)}`;
    case "statistic-nth":
      return ` -m statistic --mode nth${not(match.negate)} --every ${match.every} --packet ${match.packet}`;
    case "addrtype":
      return formatAddrtype(match);
    case "recent":
      return formatRecent(match);
    case "icmp-type": {
      const code = match.code === undefined ? "" : `/${match.code}`;
      return ` -m icmp${not(match.negate)} --icmp-type ${match.type === 255 ? "any" : `${match.type}${code}`}`;
    }
    case "multiport": {
      const option = { source: "--sports", destination: "--dports", either: "--ports" }[match.side];
      return ` -m multiport${not(match.negate)} ${option} ${match.ports.map(formatRange).join()}`;
    }
    case "set":
      return formatSet(match);
    case "limit": {
      const burst = match.burst === DEFAULT_BURST ? "" : ` --limit-burst ${match.burst}`;
      return ` -m limit --limit ${formatRate(match.average, 10_000).text}${burst}`;
    }
    case "hashlimit":
      return formatHashlimit(match);
    case "length":
      return ` -m length${not(match.negate)} --length ${formatRange(match)}`;
    case "ttl":
      return ` -m ttl${not(match.negate)} --ttl-${match.compare} ${match.value}`;
    case "pkttype":
      return ` -m pkttype${not(match.negate)} --pkt-type ${match.type}`;
    case "nfacct":
      return ` -m nfacct --nfacct-name ${match.name}`;
    case "rpfilter": {
      const loose = match.isLoose ? " --loose" : "";
      const mark = match.validMark ? " --validmark" : "";
      const local = match.acceptLocal ? " --accept-local" : "";
      return ` -m rpfilter${loose}${mark}${local}${match.negate ? " --invert" : ""}`;
    }
    default:
      return "";
  }
}

/** What `-m limit` and hashlimit take without being told. */
export const DEFAULT_BURST = 5;

function inOrder<T extends string>(order: readonly T[], given: readonly T[]): string {
  return order.filter((name) => given.includes(name)).join();
}

/** The kernel compares 31 random bits, so every probability is a multiple of 2⁻³¹. */
export function quantize(probability: number): number {
  return Math.round(probability * 2 ** 31) / 2 ** 31;
}

function formatAddrtype(match: AddrtypeMatch): string {
  const side = (option: string, types: AddrtypeMatch["srcTypes"], negate: boolean | undefined) =>
    types ? `${not(negate)} ${option} ${inOrder(NAMES.addrTypes, types)}` : "";
  const src = side("--src-type", match.srcTypes, match.negateSrc);
  const dst = side("--dst-type", match.dstTypes, match.negateDst);
  const limit = match.limitIface ? ` --limit-iface-${match.limitIface}` : "";
  return ` -m addrtype${src}${dst}${limit}`;
}

function formatRecent(match: RecentMatch): string {
  const seconds = match.seconds === undefined ? "" : ` --seconds ${match.seconds}`;
  const reap = match.reap ? " --reap" : "";
  const hits = match.hitcount === undefined ? "" : ` --hitcount ${match.hitcount}`;
  const ttl = match.rttl ? " --rttl" : "";
  const mask = formatIpv4(netmask(match.prefix ?? 32));
  const side = match.isDestination ? "--rdest" : "--rsource";
  return ` -m recent${not(match.negate)} --${match.mode}${seconds}${reap}${hits}${ttl} --name ${match.list} --mask ${mask} ${side}`;
}

function formatSet({ set, flags, negate, returnNomatch }: SetMatch): string {
  const nomatch = returnNomatch ? " --return-nomatch" : "";
  return ` -m set${not(negate)} --match-set ${set} ${flags.join()}${nomatch}`;
}

function formatConntrackOptions(match: ConntrackMatch): string {
  const option = (name: string, field: keyof ConntrackMatch, text: string | undefined) =>
    text === undefined ? "" : `${not(match.negated.includes(field))} --${name} ${text}`;
  const cidr = (range: Cidr | undefined) =>
    range && (range.prefix === 32 ? formatIpv4(range.network) : formatCidr(range));
  const ports = (range: PortRange | undefined) => range && formatRange(range);
  const { states, statuses, protocol, direction } = match;
  return [
    option("ctstate", "states", states && inOrder(NAMES.states, states)),
    option("ctproto", "protocol", protocol?.toString()),
    option("ctorigsrc", "origSrc", cidr(match.origSrc)),
    option("ctorigdst", "origDst", cidr(match.origDst)),
    option("ctreplsrc", "replSrc", cidr(match.replSrc)),
    option("ctrepldst", "replDst", cidr(match.replDst)),
    option("ctorigsrcport", "origSrcPort", ports(match.origSrcPort)),
    option("ctorigdstport", "origDstPort", ports(match.origDstPort)),
    option("ctreplsrcport", "replSrcPort", ports(match.replSrcPort)),
    option("ctrepldstport", "replDstPort", ports(match.replDstPort)),
    option("ctstatus", "statuses", statuses && inOrder(NAMES.statuses, statuses)),
    option("ctexpire", "expireS", ports(match.expireS)),
    option("ctdir", "direction", direction),
  ].join("");
}

function formatHashlimit(match: HashlimitMatch): string {
  const { text, unitS } = formatRate(match.average, 1_000_000);
  const mode = match.by.length > 0 ? ` --hashlimit-mode ${match.by.join()}` : "";
  const tuning = match.tuning.map(([name, value]) => ` --hashlimit-${name} ${value}`).join("");
  const expire =
    match.expireMs === unitS * 1_000 ? "" : ` --hashlimit-htable-expire ${match.expireMs}`;
  const src = match.srcPrefix === 32 ? "" : ` --hashlimit-srcmask ${match.srcPrefix}`;
  const dst = match.dstPrefix === 32 ? "" : ` --hashlimit-dstmask ${match.dstPrefix}`;
  const rate = `--hashlimit-${match.isAbove ? "above" : "upto"} ${text}`;
  return ` -m hashlimit ${rate} --hashlimit-burst ${match.burst}${mode} --hashlimit-name ${match.name}${tuning}${expire}${src}${dst}`;
}
