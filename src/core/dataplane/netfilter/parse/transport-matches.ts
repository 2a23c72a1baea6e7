import type { Protocol } from "../../../net/packet";
import type { Match, PortRange } from "../match-kinds";
import { NAMES } from "../names";
import { parseIcmpType } from "./icmp-types";
import type { MatchModule, RuleContext } from "./module";
import type { OptionSpec, Options } from "./options";
import { RuleError } from "./rule-error";
import { parsePort, parsePortRange } from "./values";

const PORT_OPTIONS: readonly OptionSpec[] = [
  { name: "source-port", aliases: ["sport"], canNegate: true },
  { name: "destination-port", aliases: ["dport"], canNegate: true },
];

const EVERY_PORT: PortRange = { from: 0, to: 65_535 };

function ports(protocol: Protocol, options: Options): readonly Match[] {
  const range = (kind: "sport" | "dport", name: string): readonly Match[] => {
    const text = options.find(name);
    if (text === undefined) return [];
    const given = parsePortRange(text);
    const isAll = given.from === EVERY_PORT.from && given.to === EVERY_PORT.to;
    return isAll && !options.isNegated(name)
      ? []
      : [{ kind, protocol, ...given, ...options.negation(name) }];
  };
  return [...range("sport", "source-port"), ...range("dport", "destination-port")];
}

function requireProtocol(
  protocol: Protocol,
  words: string,
  { protocol: given }: RuleContext,
): void {
  if (!given || (given.protocol !== protocol && !given.negate))
    throw new RuleError(`${words} match requires '-p ${protocol}'`);
}

/** Conditions of the module, or that it is there at all. */
function orBare(protocol: Protocol, conditions: readonly Match[]): readonly Match[] {
  return conditions.length > 0 ? conditions : [{ kind: "transport", protocol }];
}

const tcp: MatchModule = {
  options: [
    ...PORT_OPTIONS,
    { name: "syn", takes: 0, canNegate: true },
    { name: "tcp-flags", takes: 2, canNegate: true },
    { name: "tcp-option", canNegate: true },
  ],
  build(options, context) {
    requireProtocol("tcp", "TCP", context);
    options.exclude("syn", "tcp-flags");
    const conditions: Match[] = [...ports("tcp", options)];
    const option = options.number("tcp-option", 1, 255);
    if (option !== undefined)
      conditions.push({ kind: "tcp-option", option, ...options.negation("tcp-option") });
    if (options.has("syn")) {
      const flags = { mask: parseFlags("SYN,RST,ACK,FIN"), set: parseFlags("SYN") };
      conditions.push({ kind: "tcp-flags", ...flags, ...options.negation("syn") });
    }
    const [mask, set] = options.values("tcp-flags") ?? [];
    if (mask !== undefined && set !== undefined) {
      const flags = { mask: parseFlags(mask), set: parseFlags(set) };
      const isAlways = flags.mask === 0 && flags.set === 0 && !options.isNegated("tcp-flags");
      if (!isAlways)
        conditions.push({ kind: "tcp-flags", ...flags, ...options.negation("tcp-flags") });
    }
    return orBare("tcp", conditions);
  },
};

function parseFlags(text: string): number {
  if (text === "NONE") return 0;
  if (text === "ALL") return 2 ** NAMES.tcpFlags.length - 1;
  let flags = 0;
  for (const word of text.split(",")) {
    const bit = (NAMES.tcpFlags as readonly string[]).indexOf(word.toUpperCase());
    if (bit < 0) throw new RuleError(`Unknown TCP flag \`${word}'`);
    flags |= 1 << bit;
  }
  return flags;
}

const udp: MatchModule = {
  options: PORT_OPTIONS,
  build(options, context) {
    requireProtocol("udp", "UDP", context);
    return orBare("udp", ports("udp", options));
  },
};

/** In the order of their numbers. Source: RFC 9260, iptables libxt_sctp.c. */
const CHUNKS = [
  "DATA",
  "INIT",
  "INIT_ACK",
  "SACK",
  "HEARTBEAT",
  "HEARTBEAT_ACK",
  "ABORT",
  "SHUTDOWN",
  "SHUTDOWN_ACK",
  "ERROR",
  "COOKIE_ECHO",
  "COOKIE_ACK",
  "ECN_ECNE",
  "ECN_CWR",
  "SHUTDOWN_COMPLETE",
  "I_DATA",
  "RE_CONFIG",
  "PAD",
  "ASCONF",
  "ASCONF_ACK",
  "FORWARD_TSN",
  "I_FORWARD_TSN",
] as const;

const sctp: MatchModule = {
  options: [...PORT_OPTIONS, { name: "chunk-types", takes: 2, canNegate: true }],
  build(options, context) {
    requireProtocol("sctp", "SCTP", context);
    const conditions: Match[] = [...ports("sctp", options)];
    const [mode, chunks] = options.values("chunk-types") ?? [];
    if (mode !== undefined && chunks !== undefined) {
      if (mode !== "any" && mode !== "all" && mode !== "only")
        throw new RuleError(`--chunk-types requires a match type: all|any|only, not "${mode}"`);
      const types = { mode, chunks: parseChunks(chunks) } as const;
      conditions.push({ kind: "sctp-chunks", ...types, ...options.negation("chunk-types") });
    }
    return orBare("sctp", conditions);
  },
};

function parseChunks(text: string): "ALL" | readonly { type: string; flags: string }[] {
  if (text === "ALL") return "ALL";
  if (text === "NONE") return [];
  const chunks = text.split(",").map((word) => {
    const [type = "", flags = ""] = word.split(":");
    if (!(CHUNKS as readonly string[]).includes(type))
      throw new RuleError(`Unknown sctp chunk \`${type}'`);
    const allowed = type === "DATA" ? /^[IUBEiube]*$/ : /^[Tt]*$/;
    if (!allowed.test(flags)) throw new RuleError(`Invalid chunk flags \`${flags}' for ${type}`);
    return { type, flags };
  });
  const order = (type: string) => (CHUNKS as readonly string[]).indexOf(type);
  return chunks.sort((a, b) => order(a.type) - order(b.type));
}

const icmp: MatchModule = {
  options: [{ name: "icmp-type", canNegate: true }],
  build(options, context) {
    const text = options.get("icmp-type");
    requireProtocol("icmp", "ICMP", context);
    return [{ kind: "icmp-type", ...parseIcmpType(text), ...options.negation("icmp-type") }];
  },
};

/** Source: kernel xt_multiport.h, XT_MULTI_PORTS; a range counts twice. */
const MAX_MULTIPORTS = 15;
const WITH_PORTS: readonly unknown[] = ["tcp", "udp", "sctp", 33, 136];

const multiport: MatchModule = {
  options: [
    { name: "source-ports", aliases: ["sports"], canNegate: true },
    { name: "destination-ports", aliases: ["dports"], canNegate: true },
    { name: "ports", canNegate: true },
  ],
  build(options, { protocol }) {
    options.exclude("source-ports", "destination-ports", "ports");
    const name = ["source-ports", "destination-ports", "ports"].find((one) => options.has(one));
    if (name === undefined) throw new RuleError("multiport expection an option");
    if (!protocol || protocol.negate || !WITH_PORTS.includes(protocol.protocol))
      throw new RuleError(
        "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'",
      );
    const ranges = options
      .get(name)
      .split(",")
      .map((text) => (text.includes(":") ? parsePortRange(text) : single(parsePort(text))));
    const count = ranges.reduce((sum, { from, to }) => sum + (from === to ? 1 : 2), 0);
    if (count > MAX_MULTIPORTS) throw new RuleError("too many ports specified");
    const side = { "source-ports": "source", "destination-ports": "destination" }[name] ?? "either";
    return [
      {
        kind: "multiport",
        side: side as "source" | "destination" | "either",
        ports: ranges,
        ...options.negation(name),
      },
    ];
  },
};

function single(port: number): PortRange {
  return { from: port, to: port };
}

export const TRANSPORT_MATCHES = { tcp, udp, sctp, icmp, multiport };
