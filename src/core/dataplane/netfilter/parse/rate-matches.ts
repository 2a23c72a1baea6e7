import { netmask } from "../../../net/cidr";
import { parseIpv4 } from "../../../net/ipv4";
import type { HashlimitMode, RecentMatch } from "../match-kinds";
import { DEFAULT_BURST, quantize } from "../print-match";
import { MAX_STAMPS } from "../recent";
import type { MatchModule } from "./module";
import { unmodelled } from "./options";
import { RuleError } from "./rule-error";
import { parseRate, prefixOf } from "./values";

const MAX_UINT32 = 0xffffffff;

const statistic: MatchModule = {
  options: [
    { name: "mode" },
    { name: "probability", canNegate: true },
    { name: "every", canNegate: true },
    { name: "packet" },
  ],
  build(options) {
    const mode = options.get("mode");
    options.exclude("probability", "every");
    options.exclude("probability", "packet");
    options.requires("every", "packet");
    if (mode === "random") {
      const text = options.find("probability");
      if (text === undefined)
        throw new RuleError("--probability must be specified when using random mode");
      const probability = /^(\d*\.?\d*)(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      if (!(text !== "" && probability >= 0 && probability <= 1))
        throw new RuleError(
          'statistic: bad value for option "--probability", or out of range (0-1).',
        );
      const quantized = { probability: quantize(probability) };
      return [{ kind: "statistic-random", ...quantized, ...options.negation("probability") }];
    }
    if (mode !== "nth") throw new RuleError(`Bad mode "${mode}"`);
    const every = options.number("every", 1, MAX_UINT32);
    const packet = options.number("packet", 0, MAX_UINT32) ?? 0;
    if (every === undefined) throw new RuleError("--every must be specified when using nth mode");
    if (packet >= every) throw new RuleError("the --packet p must be 0 <= p <= n-1");
    return [{ kind: "statistic-nth", every, packet, ...options.negation("every") }];
  },
};

const MAX_BURST = 10_000;

const limit: MatchModule = {
  options: [{ name: "limit" }, { name: "limit-burst" }],
  build(options) {
    const { average } = parseRate(options.find("limit") ?? "3/hour", 10_000);
    // 0 means: as if it had not been given.
    const burst = options.number("limit-burst", 0, MAX_BURST) || DEFAULT_BURST;
    return [{ kind: "limit", average, burst }];
  },
};

const HASHLIMIT_MODES: readonly HashlimitMode[] = ["srcip", "srcport", "dstip", "dstport"];
const TUNING = ["htable-size", "htable-max", "htable-gcinterval"] as const;

const hashlimit: MatchModule = {
  options: [
    { name: "hashlimit-upto", aliases: ["hashlimit"], canNegate: true },
    { name: "hashlimit-above", canNegate: true },
    { name: "hashlimit-burst" },
    { name: "hashlimit-mode" },
    { name: "hashlimit-name" },
    { name: "hashlimit-srcmask" },
    { name: "hashlimit-dstmask" },
    { name: "hashlimit-htable-expire" },
    ...TUNING.map((name) => ({ name: `hashlimit-${name}` })),
    ...unmodelled("hashlimit-rate-match", "hashlimit-rate-interval"),
  ],
  build(options) {
    options.exclude("hashlimit-upto", "hashlimit-above");
    const option = options.has("hashlimit-above") ? "hashlimit-above" : "hashlimit-upto";
    const { average, unitS } = parseRate(options.get(option), 1_000_000);
    const by = (options.find("hashlimit-mode") ?? "").split(",").filter((word) => word !== "");
    const unknown = by.find((word) => !(HASHLIMIT_MODES as readonly string[]).includes(word));
    if (unknown !== undefined) throw new RuleError(`bad hashlimit mode: "${unknown}"`);
    const tuning = TUNING.flatMap((name) => {
      const value = options.number(`hashlimit-${name}`, 0, MAX_UINT32);
      return value === undefined ? [] : [[name, value] as const];
    });
    return [
      {
        kind: "hashlimit",
        name: options.get("hashlimit-name"),
        isAbove: (option === "hashlimit-above") !== options.isNegated(option),
        average,
        burst: options.number("hashlimit-burst", 0, MAX_BURST) || DEFAULT_BURST,
        by: HASHLIMIT_MODES.filter((mode) => by.includes(mode)),
        srcPrefix: options.number("hashlimit-srcmask", 0, 32) ?? 32,
        dstPrefix: options.number("hashlimit-dstmask", 0, 32) ?? 32,
        tuning,
        expireMs: options.number("hashlimit-htable-expire", 0, MAX_UINT32) ?? unitS * 1_000,
      },
    ];
  },
};

const RECENT_MODES = ["set", "rcheck", "update", "remove"] as const;
const DEFAULT_LIST = "DEFAULT";

const recent: MatchModule = {
  options: [
    ...RECENT_MODES.map((name) => ({ name, takes: 0, canNegate: true }) as const),
    { name: "seconds" },
    { name: "hitcount" },
    { name: "reap", takes: 0 },
    { name: "rttl", takes: 0 },
    { name: "name" },
    { name: "mask" },
    { name: "rsource", takes: 0 },
    { name: "rdest", takes: 0 },
  ],
  build(options) {
    options.exclude(...RECENT_MODES);
    options.exclude("rttl", "set");
    options.exclude("rttl", "remove");
    options.requires("reap", "seconds");
    const mode = RECENT_MODES.find((name) => options.has(name));
    if (!mode)
      throw new RuleError(
        "recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'",
      );
    if (mode === "set" || mode === "remove") {
      if (options.has("seconds") || options.has("hitcount"))
        throw new RuleError(
          `recent: --${mode} takes no --seconds or --hitcount (Invalid argument)`,
        );
    }
    const seconds = options.number("seconds", 1, MAX_UINT32);
    const hitcount = options.number("hitcount", 1, MAX_STAMPS);
    const maskText = options.find("mask") ?? "255.255.255.255";
    const mask = parseIpv4(maskText);
    if (mask === undefined)
      throw new RuleError(`recent: bad value for option "--mask": ${maskText}`);
    const prefix = prefixOf(mask, maskText);
    const match: RecentMatch = {
      kind: "recent",
      mode,
      list: options.find("name") ?? DEFAULT_LIST,
      ...(seconds !== undefined && { seconds }),
      ...(hitcount !== undefined && { hitcount }),
      ...(options.has("reap") && { reap: true }),
      ...(options.has("rttl") && { rttl: true }),
      ...(mask !== netmask(32) && { prefix }),
      ...(options.has("rdest") && { isDestination: true }),
      ...options.negation(mode),
    };
    return [match];
  },
};

export const RATE_MATCHES = { statistic, limit, hashlimit, recent };
