import type { RejectKind, RuleTarget } from "../target-kinds";
import type { TargetModule } from "./module";
import { NAT_TARGETS } from "./nat-targets";
import { type OptionSpec, type Options, unmodelled } from "./options";
import { RuleError } from "./rule-error";
import { parseMasked } from "./values";

const verdicts = Object.fromEntries(
  (["ACCEPT", "DROP", "RETURN"] as const).map((kind): [string, TargetModule] => [
    kind,
    { options: [], build: () => ({ kind }) },
  ]),
);

/** With the names that they may be called by. Source: iptables libipt_REJECT.c. */
const REJECT_KINDS: readonly (readonly [RejectKind, alias: string])[] = [
  ["icmp-net-unreachable", "net-unreach"],
  ["icmp-host-unreachable", "host-unreach"],
  ["icmp-proto-unreachable", "proto-unreach"],
  ["icmp-port-unreachable", "port-unreach"],
  ["icmp-net-prohibited", "net-prohib"],
  ["icmp-host-prohibited", "host-prohib"],
  ["tcp-reset", "tcp-rst"],
  ["icmp-admin-prohibited", "admin-prohib"],
];

const REJECT: TargetModule = {
  options: [{ name: "reject-with" }],
  build(options, { protocol }) {
    const text = options.find("reject-with") ?? "icmp-port-unreachable";
    const found = REJECT_KINDS.find((names) => names.some((name) => name.startsWith(text)));
    if (!found || text === "") throw new RuleError(`unknown reject type "${text}"`);
    const isTcp = protocol?.protocol === "tcp" && !protocol.negate;
    if (found[0] === "tcp-reset" && !isTcp)
      throw new RuleError("REJECT: --reject-with tcp-reset requires -p tcp (Invalid argument)");
    return { kind: "REJECT", with: found[0] };
  },
};

const MARK_OPTIONS: readonly OptionSpec[] = [
  { name: "set-xmark" },
  { name: "set-mark" },
  { name: "or-mark" },
  { name: "and-mark" },
  { name: "xor-mark" },
];
const MARK_OPTION_NAMES = MARK_OPTIONS.map(({ name }) => name);
const ALL_ONES = 0xffffffff;

/** What a mark becomes: its bits in `mask` are cleared, then those in `value` are flipped. */
function parseMark(options: Options): { readonly value: number; readonly mask: number } {
  options.exclude(...MARK_OPTION_NAMES);
  const name = MARK_OPTION_NAMES.find((one) => options.has(one));
  if (name === undefined)
    throw new RuleError(
      `${options.module}: One of the --set-xmark, --{and,or,xor,set}-mark options is required`,
    );
  const { value, mask } = parseMasked(options.get(name), options.module, name);
  switch (name) {
    case "set-xmark":
      return { value, mask };
    case "set-mark":
      return { value, mask: (value | mask) >>> 0 };
    case "or-mark":
      return { value, mask: value };
    case "xor-mark":
      return { value, mask: 0 };
    default:
      return { value: 0, mask: ~value >>> 0 };
  }
}

const MARK: TargetModule = {
  options: MARK_OPTIONS,
  build: (options) => markTarget(parseMark(options)),
};

function markTarget({ value, mask }: { value: number; mask: number }): RuleTarget {
  if (mask === ALL_ONES) return { kind: "MARK", op: "set", value };
  if (mask === 0) return { kind: "MARK", op: "xor", value };
  if (mask === value) return { kind: "MARK", op: "or", value };
  if (value === 0) return { kind: "MARK", op: "and", value: ~mask >>> 0 };
  return { kind: "MARK", op: "xmark", value, mask };
}

const CONNMARK: TargetModule = {
  options: [
    ...MARK_OPTIONS,
    { name: "save-mark", takes: 0 },
    { name: "restore-mark", takes: 0 },
    { name: "nfmask" },
    { name: "ctmask" },
    { name: "mask" },
  ],
  build(options) {
    options.exclude("save-mark", "restore-mark");
    const op = options.has("save-mark")
      ? "save"
      : options.has("restore-mark")
        ? "restore"
        : undefined;
    if (!op) return { kind: "CONNMARK", op: "set", ...parseMark(options) };
    options.exclude("mask", "nfmask");
    options.exclude("mask", "ctmask");
    const mask = (name: string) => options.number(name, 0, ALL_ONES);
    const both = mask("mask") ?? ALL_ONES;
    return { kind: "CONNMARK", op, nfmask: mask("nfmask") ?? both, ctmask: mask("ctmask") ?? both };
  },
};

const CT: TargetModule = {
  options: [
    { name: "notrack", takes: 0 },
    ...unmodelled("zone", "zone-orig", "zone-reply", "helper", "ctevents", "expevents", "timeout"),
  ],
  build(options) {
    if (!options.has("notrack")) throw new RuleError("CT: without --notrack it is not modelled");
    return { kind: "NOTRACK" };
  },
};

const NOTRACK: TargetModule = {
  options: [],
  build: () => ({ kind: "NOTRACK", isOldName: true }),
};

const LOG_LEVELS = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"];
const DEFAULT_LOG_LEVEL = 4;
/** Source: kernel xt_LOG.h, xt_NFLOG.h. */
const MAX_LOG_PREFIX = 29;
const MAX_NFLOG_PREFIX = 63;
const LOG_FLAGS = [
  "log-tcp-sequence",
  "log-tcp-options",
  "log-ip-options",
  "log-uid",
  "log-macdecode",
];

const LOG: TargetModule = {
  options: [
    { name: "log-level" },
    { name: "log-prefix" },
    ...LOG_FLAGS.map((name) => ({ name, takes: 0 }) as const),
  ],
  build(options) {
    const level = parseLogLevel(options.find("log-level"));
    return {
      kind: "LOG",
      options: [
        ...prefixWords("--log-prefix", options.find("log-prefix"), MAX_LOG_PREFIX),
        ...(level === DEFAULT_LOG_LEVEL ? [] : ["--log-level", String(level)]),
        ...LOG_FLAGS.filter((name) => options.has(name)).map((name) => `--${name}`),
      ],
    };
  },
};

function parseLogLevel(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LOG_LEVEL;
  const level = /^[0-7]$/.test(text) ? Number(text) : LOG_LEVELS.indexOf(text.toLowerCase());
  if (level < 0) throw new RuleError(`log level "${text}" unknown`);
  return level;
}

function prefixWords(option: string, text: string | undefined, max: number): readonly string[] {
  return text === undefined || text === "" ? [] : [option, text.slice(0, max)];
}

const NFLOG: TargetModule = {
  options: [
    { name: "nflog-group" },
    { name: "nflog-prefix" },
    { name: "nflog-size" },
    { name: "nflog-range" },
    { name: "nflog-threshold" },
  ],
  build(options) {
    const number = (name: string) => {
      const value = options.number(name, 0, ALL_ONES);
      return value ? [`--${name}`, String(value)] : [];
    };
    return {
      kind: "NFLOG",
      options: [
        ...prefixWords("--nflog-prefix", options.find("nflog-prefix"), MAX_NFLOG_PREFIX),
        ...number("nflog-group"),
        ...number("nflog-range"),
        ...number("nflog-size"),
        ...number("nflog-threshold"),
      ],
    };
  },
};

const TRACE: TargetModule = { options: [], build: () => ({ kind: "TRACE", options: [] }) };

const TCPMSS: TargetModule = {
  options: [{ name: "set-mss" }, { name: "clamp-mss-to-pmtu", takes: 0 }],
  build(options) {
    options.exclude("set-mss", "clamp-mss-to-pmtu");
    const size = options.number("set-mss", 0, 0xffff);
    if (size !== undefined) return { kind: "TCPMSS", options: ["--set-mss", String(size)] };
    if (options.has("clamp-mss-to-pmtu"))
      return { kind: "TCPMSS", options: ["--clamp-mss-to-pmtu"] };
    throw new RuleError("TCPMSS target: At least one parameter is required");
  },
};

const CHECKSUM: TargetModule = {
  options: [{ name: "checksum-fill", takes: 0 }],
  build(options) {
    if (options.isEmpty)
      throw new RuleError("CHECKSUM target: Parameter --checksum-fill is required");
    return { kind: "CHECKSUM", options: ["--checksum-fill"] };
  },
};

export const TARGETS: Readonly<Record<string, TargetModule>> = {
  ...verdicts,
  REJECT,
  MARK,
  CONNMARK,
  CT,
  NOTRACK,
  ...NAT_TARGETS,
  LOG,
  NFLOG,
  TRACE,
  TCPMSS,
  CHECKSUM,
};
