import { PROTOCOL_NUMBERS } from "../../../net/packet";
import type { ConntrackMatch } from "../match-kinds";
import { NAMES } from "../names";
import { parseProtocol } from "../protocols";
import type { MatchModule } from "./module";
import type { Options } from "./options";
import { RuleError } from "./rule-error";
import { parseMasked, parseNames, parseNetwork, parseNumberRange, parsePortRange } from "./values";

const conntrack: MatchModule = {
  options: [
    { name: "ctstate", canNegate: true },
    { name: "ctproto", canNegate: true },
    { name: "ctorigsrc", canNegate: true },
    { name: "ctorigdst", canNegate: true },
    { name: "ctreplsrc", canNegate: true },
    { name: "ctrepldst", canNegate: true },
    { name: "ctorigsrcport", canNegate: true },
    { name: "ctorigdstport", canNegate: true },
    { name: "ctreplsrcport", canNegate: true },
    { name: "ctrepldstport", canNegate: true },
    { name: "ctstatus", canNegate: true },
    { name: "ctexpire", canNegate: true },
    { name: "ctdir" },
  ],
  build(options) {
    if (options.isEmpty) throw new RuleError("conntrack: At least one option is required");
    const { states, ...others } = readConntrack(options);
    if (states && Object.keys(others).length === 0)
      return [{ kind: "ctstate", states, ...options.negation("ctstate") }];
    const negated = FIELDS.filter(([name]) => options.isNegated(name)).map(([, field]) => field);
    return [{ kind: "conntrack", ...(states && { states }), ...others, negated }];
  },
};

type Fields = Omit<ConntrackMatch, "kind" | "negated">;

const FIELDS: readonly (readonly [option: string, field: keyof Fields])[] = [
  ["ctstate", "states"],
  ["ctproto", "protocol"],
  ["ctorigsrc", "origSrc"],
  ["ctorigdst", "origDst"],
  ["ctreplsrc", "replSrc"],
  ["ctrepldst", "replDst"],
  ["ctorigsrcport", "origSrcPort"],
  ["ctorigdstport", "origDstPort"],
  ["ctreplsrcport", "replSrcPort"],
  ["ctrepldstport", "replDstPort"],
  ["ctstatus", "statuses"],
  ["ctexpire", "expireS"],
  ["ctdir", "direction"],
];

const MAX_EXPIRE_S = 0xffffffff;

function readConntrack(options: Options): Fields {
  const fields: { -readonly [Field in keyof Fields]: Fields[Field] } = {};
  for (const [name, field] of FIELDS) {
    const text = options.find(name);
    if (text === undefined) continue;
    switch (field) {
      case "states":
        fields.states = parseStates(text);
        break;
      case "statuses":
        fields.statuses = parseStatuses(text);
        break;
      case "protocol":
        fields.protocol = protocolNumber(text);
        break;
      case "origSrc":
      case "origDst":
      case "replSrc":
      case "replDst":
        fields[field] = parseNetwork(text);
        break;
      case "expireS":
        fields.expireS = parseNumberRange(text, MAX_EXPIRE_S, "ctexpire");
        break;
      case "direction":
        if (text !== "ORIGINAL" && text !== "REPLY")
          throw new RuleError(`conntrack: bad value for option "--ctdir": ${text}`);
        fields.direction = text;
        break;
      default:
        fields[field] = parsePortRange(text);
    }
  }
  return fields;
}

function parseStates(text: string) {
  return parseNames(text, NAMES.states, (word) => `Bad ctstate "${word}"`);
}

/** NONE says nothing beside others. */
function parseStatuses(text: string): NonNullable<Fields["statuses"]> {
  const statuses = parseNames(text, NAMES.statuses, (word) => `Bad ctstatus "${word}"`);
  const named = statuses.filter((status) => status !== "NONE");
  return named.length > 0 ? named : statuses;
}

function protocolNumber(text: string): number {
  const protocol = parseProtocol(text);
  if (protocol === undefined) throw new RuleError(`unknown protocol "${text}" specified`);
  return typeof protocol === "number" ? protocol : PROTOCOL_NUMBERS[protocol];
}

/** The older name of conntrack, and a subset of it. */
const state: MatchModule = {
  options: [{ name: "state", canNegate: true }],
  build(options) {
    const states = parseNames(
      options.get("state"),
      NAMES.states.filter((name) => name !== "SNAT" && name !== "DNAT"),
      (word) => `Bad ctstate "${word}"`,
    );
    return [{ kind: "ctstate", states, isStateModule: true, ...options.negation("state") }];
  },
};

function markMatch(kind: "mark" | "connmark"): MatchModule {
  return {
    options: [{ name: "mark", canNegate: true }],
    build(options) {
      const mark = parseMasked(options.get("mark"), kind, "mark");
      return [{ kind, ...mark, ...options.negation("mark") }];
    },
  };
}

export const CONNTRACK_MATCHES = {
  conntrack,
  state,
  mark: markMatch("mark"),
  connmark: markMatch("connmark"),
};
