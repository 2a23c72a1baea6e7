import type { Match } from "../match-kinds";
import { NAMES } from "../names";
import type { MatchModule } from "./module";
import { unmodelled } from "./options";
import { RuleError } from "./rule-error";
import { parseAddress, parseNames, parseNumberRange } from "./values";

const addrtype: MatchModule = {
  options: [
    { name: "src-type", canNegate: true },
    { name: "dst-type", canNegate: true },
    { name: "limit-iface-in", takes: 0 },
    { name: "limit-iface-out", takes: 0 },
  ],
  build(options) {
    const [src, dst] = [options.find("src-type"), options.find("dst-type")];
    if (src === undefined && dst === undefined)
      throw new RuleError("addrtype: you must specify --src-type or --dst-type");
    options.exclude("limit-iface-in", "limit-iface-out");
    const types = (text: string) =>
      parseNames(text, NAMES.addrTypes, (word) => `addrtype: bad type "${word}"`);
    return [
      {
        kind: "addrtype",
        ...(src !== undefined && { srcTypes: types(src) }),
        ...(dst !== undefined && { dstTypes: types(dst) }),
        ...(options.isNegated("src-type") && { negateSrc: true }),
        ...(options.isNegated("dst-type") && { negateDst: true }),
        ...(options.has("limit-iface-in") && { limitIface: "in" }),
        ...(options.has("limit-iface-out") && { limitIface: "out" }),
      },
    ];
  },
};

const iprange: MatchModule = {
  options: [
    { name: "src-range", canNegate: true },
    { name: "dst-range", canNegate: true },
  ],
  build(options) {
    const conditions = (["source", "destination"] as const).flatMap((side): readonly Match[] => {
      const name = side === "source" ? "src-range" : "dst-range";
      const text = options.find(name);
      if (text === undefined) return [];
      const [first = "", last = first] = text.split("-");
      const range = { first: parseAddress(first), last: parseAddress(last) };
      return [{ kind: "iprange", side, ...range, ...options.negation(name) }];
    });
    if (conditions.length === 0)
      throw new RuleError('iprange match: You must specify "--src-range" or "--dst-range"');
    return conditions;
  },
};

const PHYSDEV_TESTS = ["is-in", "in", "is-out", "out", "is-bridged"] as const;
/** Source: kernel if.h, IFNAMSIZ. */
const MAX_INTERFACE_NAME = 15;

const physdev: MatchModule = {
  options: PHYSDEV_TESTS.map((test) => ({
    name: `physdev-${test}`,
    takes: test.startsWith("is-") ? 0 : 1,
    canNegate: true,
  })),
  build(options) {
    const conditions = PHYSDEV_TESTS.flatMap((test): readonly Match[] => {
      const option = `physdev-${test}`;
      if (!options.has(option)) return [];
      const name = options.find(option);
      const tested = name === undefined ? {} : { name: parseInterface(name) };
      return [{ kind: "physdev", test, ...tested, ...options.negation(option) }];
    });
    if (conditions.length === 0) throw new RuleError("PHYSDEV: no physdev option specified");
    return conditions;
  },
};

export function parseInterface(name: string): string {
  if (name === "") throw new RuleError("Empty interface is likely to be undesired");
  if (name.length > MAX_INTERFACE_NAME)
    throw new RuleError(
      `interface name \`${name}' must be shorter than IFNAMSIZ (${MAX_INTERFACE_NAME})`,
    );
  if (/[\s/!]/.test(name)) throw new RuleError(`\`${name}' is not the name of an interface`);
  return name;
}

/** Source: kernel ip_set.h, IPSET_DIM_MAX. */
const MAX_SET_DIMENSIONS = 6;

const set: MatchModule = {
  options: [
    { name: "match-set", takes: 2, canNegate: true },
    { name: "return-nomatch", takes: 0 },
    ...unmodelled("update-counters", "update-subcounters"),
    ...unmodelled("packets-eq", "packets-lt", "packets-gt", "bytes-eq", "bytes-lt", "bytes-gt"),
  ],
  build(options, { findSet }) {
    const [name, sides] = options.values("match-set") ?? [];
    if (name === undefined || sides === undefined)
      throw new RuleError("You must specify `--match-set' with proper arguments");
    if (!findSet(name)) throw new RuleError(`Set ${name} doesn't exist.`);
    const flags = sides.split(",").map((side) => {
      if (side !== "src" && side !== "dst")
        throw new RuleError("You must spefify (the comma separated list of) 'src' or 'dst'.");
      return side;
    });
    if (flags.length > MAX_SET_DIMENSIONS)
      throw new RuleError(`Can't be more src/dst options than ${MAX_SET_DIMENSIONS}.`);
    const returnNomatch = options.has("return-nomatch") && { returnNomatch: true };
    return [{ kind: "set", set: name, flags, ...returnNomatch, ...options.negation("match-set") }];
  },
};

const PACKET_TYPES = ["unicast", "broadcast", "multicast"] as const;

const pkttype: MatchModule = {
  options: [{ name: "pkt-type", canNegate: true }],
  build(options) {
    const text = options.get("pkt-type");
    const type = PACKET_TYPES.find((name) => name === text.toLowerCase());
    if (!type) throw new RuleError(`Bad packet type '${text}'`);
    return [{ kind: "pkttype", type, ...options.negation("pkt-type") }];
  },
};

const rpfilter: MatchModule = {
  options: ["loose", "validmark", "accept-local", "invert"].map((name) => ({ name, takes: 0 })),
  build: (options) => [
    {
      kind: "rpfilter",
      isLoose: options.has("loose"),
      validMark: options.has("validmark"),
      acceptLocal: options.has("accept-local"),
      ...(options.has("invert") && { negate: true }),
    },
  ],
};

const length: MatchModule = {
  options: [{ name: "length", canNegate: true }],
  build(options) {
    const range = parseNumberRange(options.get("length"), 0xffff, "length");
    return [{ kind: "length", ...range, ...options.negation("length") }];
  },
};

const ttl: MatchModule = {
  options: [{ name: "ttl-eq", canNegate: true }, { name: "ttl-lt" }, { name: "ttl-gt" }],
  build(options) {
    options.exclude("ttl-eq", "ttl-lt", "ttl-gt");
    const compare = (["eq", "lt", "gt"] as const).find((one) => options.has(`ttl-${one}`));
    const value = compare && options.number(`ttl-${compare}`, 0, 255);
    if (!compare || value === undefined)
      throw new RuleError("TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt");
    return [{ kind: "ttl", compare, value, ...options.negation(`ttl-${compare}`) }];
  },
};

const MAX_COMMENT_CHARACTERS = 255;

/** All comments of a rule; the first is the rule's own. */
const comment: MatchModule = {
  options: [{ name: "comment" }],
  build(options) {
    const text = options.get("comment");
    if (text.length > MAX_COMMENT_CHARACTERS)
      throw new RuleError(`COMMENT must be shorter than ${MAX_COMMENT_CHARACTERS + 1} characters`);
    return [{ kind: "comment", text }];
  },
};

/** The object that it counts into is taken to be there. */
const nfacct: MatchModule = {
  options: [{ name: "nfacct-name" }],
  build: (options) => [{ kind: "nfacct", name: options.get("nfacct-name") }],
};

export const OTHER_MATCHES = {
  addrtype,
  iprange,
  physdev,
  set,
  pkttype,
  rpfilter,
  length,
  ttl,
  comment,
  nfacct,
};
