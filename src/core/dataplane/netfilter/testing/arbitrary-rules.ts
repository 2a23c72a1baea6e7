import fc from "fast-check";
import { type Cidr, cidrOf } from "../../../net/cidr";
import type { Protocol } from "../../../net/packet";
import type { ConntrackMatch, HashlimitMatch, Match, PortRange, RecentMatch } from "../match-kinds";
import { NAMES } from "../names";
import { quantize } from "../print-match";
import type { Rule, RuleTarget, TableName } from "../rules";
import type { NatRange } from "../target-kinds";

/** Few addresses and ports, so that rules and packets meet. */
export const ARBITRARY = {
  ip: fc.integer({ min: 0x0a600000, max: 0x0a600005 }),
  port: fc.integer({ min: 80, max: 84 }),
} as const;

type WithPorts = Exclude<Protocol, "icmp">;

const { ip, port } = ARBITRARY;
const protocols = fc.constantFrom<WithPorts>("tcp", "udp", "sctp");
const negation = fc.constantFrom({}, {}, {}, { negate: true });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const device = fc.constantFrom("eth0", "cni0", "veth+", "cali1234567890a");
const range: fc.Arbitrary<Cidr> = fc
  .tuple(ip, fc.constantFrom(32, 32, 30, 24, 8))
  .map(([address, prefix]) => cidrOf(address, prefix));
const ports: fc.Arbitrary<PortRange> = fc
  .tuple(port, fc.constantFrom(0, 0, 2))
  .map(([from, width]) => ({ from, to: from + width }));

function some<T>(values: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.subarray([...values], { minLength: 1 });
}

function negatable(match: fc.Arbitrary<Match>): fc.Arbitrary<Match> {
  return fc.tuple(match, negation).map(([one, negate]) => ({ ...one, ...negate }) as Match);
}

function kind<K extends Match["kind"]>(
  name: K,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Match> {
  return negatable(fc.record(fields).map((values) => ({ kind: name, ...values }) as Match));
}

/** A number is one that no packet here has. */
function protocolMatch(protocol: Protocol | number): Match {
  return { kind: "protocol", protocol };
}

const base: fc.Arbitrary<readonly Match[]> = fc
  .tuple(
    fc.option(kind("source", { range })),
    fc.option(kind("destination", { range })),
    fc.option(kind("in-interface", { name: device })),
    fc.option(kind("out-interface", { name: device })),
    fc.option(negatable(fc.constant<Match>({ kind: "fragment" })), { freq: 20 }),
  )
  .map((matches) => matches.filter((match) => match !== null));

/** What needs `-p`, together with it. */
const transport: fc.Arbitrary<readonly Match[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<readonly Match[]>([]) },
  fc
    .constantFrom<Protocol | number>("tcp", "udp", "sctp", "icmp", 4, 47, 112, 200)
    .chain((protocol) => negatable(fc.constant(protocolMatch(protocol))).map((match) => [match])),
  {
    weight: 6,
    arbitrary: protocols.chain((protocol) =>
      fc
        .oneof(
          kind("dport", { protocol: fc.constant(protocol), from: port, to: fc.constant(84) }),
          ports.map(({ from, to }): Match => ({ kind: "sport", protocol, from, to })),
          fc.constant<Match>({ kind: "transport", protocol }),
          kind("multiport", {
            side: fc.constantFrom("source", "destination", "either"),
            ports: fc.array(ports, { minLength: 1, maxLength: 7 }),
          }),
        )
        .map((match) => [protocolMatch(protocol), match]),
    ),
  },
  kind("tcp-flags", {
    mask: fc.integer({ min: 1, max: 63 }),
    set: fc.integer({ min: 0, max: 63 }),
  }).map((match) => [protocolMatch("tcp"), match]),
  kind("tcp-option", { option: fc.integer({ min: 1, max: 255 }) }).map((match) => [
    protocolMatch("tcp"),
    match,
  ]),
  kind("sctp-chunks", {
    mode: fc.constantFrom("any", "all", "only"),
    chunks: fc.constantFrom("ALL", [{ type: "DATA", flags: "Be" }], [{ type: "INIT", flags: "" }]),
  }).map((match) => [protocolMatch("sctp"), match]),
  kind("icmp-type", { type: fc.constantFrom(0, 3, 8, 11, 255) }).map((match) => [
    protocolMatch("icmp"),
    match,
  ]),
  kind("icmp-type", { type: fc.constant(3), code: fc.constantFrom(0, 1, 3, 4) }).map((match) => [
    protocolMatch("icmp"),
    match,
  ]),
);

const recent: fc.Arbitrary<Match> = fc
  .record<RecentMatch>(
    {
      kind: fc.constant("recent"),
      mode: fc.constantFrom("set", "rcheck", "update", "remove"),
      list: fc.constantFrom("L", "KUBE-SEP-ABCDEFGHIJKLMNOP"),
      seconds: fc.constantFrom(1, 10, 10_800),
      hitcount: fc.constantFrom(1, 3),
      prefix: fc.constantFrom(24, 8),
      isDestination: fc.constant(true),
      rttl: fc.constant(true),
      negate: fc.constant(true),
    },
    { requiredKeys: ["kind", "mode", "list"] },
  )
  .chain((match) =>
    fc.boolean().map((reap): Match => {
      const { seconds, hitcount, rttl, ...others } = match;
      if (match.mode === "set" || match.mode === "remove") return others;
      return reap && seconds ? { ...match, reap: true } : match;
    }),
  );

const conntrack: fc.Arbitrary<Match> = fc
  .record<ConntrackMatch>(
    {
      kind: fc.constant("conntrack"),
      states: some(NAMES.states),
      statuses: some(NAMES.statuses.slice(1)),
      protocol: fc.constantFrom(6, 17),
      origSrc: range,
      origDst: range,
      replSrc: range,
      replDst: range,
      origSrcPort: ports,
      origDstPort: ports,
      replSrcPort: ports,
      replDstPort: ports,
      expireS: ports,
      direction: fc.constantFrom("ORIGINAL", "REPLY"),
      negated: fc.constant([]),
    },
    { requiredKeys: ["kind", "negated", "protocol"] },
  )
  .chain((match) =>
    some(
      Object.keys(match).filter((field) => !["kind", "negated", "direction"].includes(field)),
    ).map((negated): Match => ({ ...match, negated })),
  );

const hashlimit: fc.Arbitrary<Match> = fc.record<HashlimitMatch>({
  kind: fc.constant("hashlimit"),
  name: fc.constantFrom("h1", "h2"),
  isAbove: fc.boolean(),
  average: fc.constantFrom(1_000_000, 200_000, 12_000_000),
  burst: fc.integer({ min: 1, max: 9 }),
  by: some(["srcip", "srcport", "dstip", "dstport"] as const),
  srcPrefix: fc.constantFrom(32, 24),
  dstPrefix: fc.constantFrom(32, 16),
  tuning: fc.constantFrom([], [["htable-size", 64] as const]),
  expireMs: fc.constantFrom(1_000, 60_000, 7_777),
});

const comment = fc.oneof(
  fc.constantFrom("default/kuard:http cluster IP", "cali:4h2k_j-1", 'a "b" \\ it\'s', ""),
  fc.string({ maxLength: 20 }).filter((text) => !/[\n\r\0]/.test(text)),
);

const extension: fc.Arbitrary<Match> = fc.oneof(
  kind("mark", { value: uint32, mask: uint32 }),
  kind("connmark", { value: fc.constantFrom(0, 1, 0x80), mask: fc.constantFrom(1, 0x80) }),
  kind("ctstate", { states: some(NAMES.states) }),
  kind("ctstate", {
    states: some(NAMES.states.slice(0, 5)),
    isStateModule: fc.constant(true),
  }),
  conntrack,
  negatable(
    fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((value): Match => ({ kind: "statistic-random", probability: quantize(value) })),
  ),
  negatable(
    fc
      .integer({ min: 1, max: 5 })
      .chain((every) =>
        fc
          .integer({ min: 0, max: every - 1 })
          .map((packet): Match => ({ kind: "statistic-nth", every, packet })),
      ),
  ),
  fc
    .record({
      srcTypes: some(["LOCAL", "UNICAST", "BROADCAST", "MULTICAST"] as const),
      dstTypes: some(["LOCAL", "UNICAST", "ANYCAST"] as const),
    })
    .chain((types) =>
      fc.constantFrom<Match>(
        { kind: "addrtype", srcTypes: types.srcTypes, limitIface: "in" },
        { kind: "addrtype", dstTypes: types.dstTypes, negateDst: true },
        { kind: "addrtype", ...types, negateSrc: true },
      ),
    ),
  recent,
  fc
    .tuple(fc.constantFrom(10_000, 3_333, 200_000, 12_000_000), fc.integer({ min: 1, max: 9 }))
    .map(([average, burst]): Match => ({ kind: "limit", average, burst })),
  hashlimit,
  kind("physdev", { test: fc.constantFrom("in", "out"), name: device }),
  kind("physdev", { test: fc.constantFrom("is-in", "is-out", "is-bridged") }),
  kind("iprange", {
    side: fc.constantFrom("source", "destination"),
    first: ip,
    last: fc.constant(0x0a600009),
  }),
  kind("length", { from: fc.constantFrom(0, 40), to: fc.constantFrom(40, 100, 65_535) }),
  kind("ttl", { compare: fc.constant("eq"), value: fc.constantFrom(1, 64) }),
  fc.constantFrom<Match>(
    { kind: "ttl", compare: "lt", value: 64 },
    { kind: "ttl", compare: "gt", value: 1 },
  ),
  kind("pkttype", { type: fc.constantFrom("unicast", "broadcast", "multicast") }),
  comment.map((text): Match => ({ kind: "comment", text })),
);

const natRange: fc.Arbitrary<NatRange> = fc.record(
  { ip, random: fc.constant(true), persistent: fc.constant(true) },
  { requiredKeys: ["ip"] },
);

const anywhere: fc.Arbitrary<RuleTarget> = fc.oneof(
  fc.constantFrom<RuleTarget>({ kind: "ACCEPT" }, { kind: "RETURN" }),
  fc
    .tuple(fc.constantFrom("set", "or", "xor", "and"), uint32)
    .map(([op, value]) => ({ kind: "MARK", op, value }) as RuleTarget),
  fc
    .tuple(uint32, uint32)
    .map(([value, mask]): RuleTarget => ({ kind: "CONNMARK", op: "set", value, mask })),
  fc
    .tuple(fc.constantFrom("save", "restore"), uint32, uint32)
    .map(([op, nfmask, ctmask]) => ({ kind: "CONNMARK", op, nfmask, ctmask }) as RuleTarget),
  fc.constantFrom<RuleTarget>(
    { kind: "LOG", options: [] },
    { kind: "LOG", options: ["--log-prefix", "a b: ", "--log-level", "7", "--log-uid"] },
    { kind: "NFLOG", options: ["--nflog-prefix", "x", "--nflog-group", "3"] },
  ),
);

const TARGETS: Partial<Record<TableName, fc.Arbitrary<RuleTarget>>> = {
  nat: fc.oneof(
    natRange.map((one): RuleTarget => ({ kind: "DNAT", ...one })),
    fc.constant<RuleTarget>({ kind: "REDIRECT", random: true }),
  ),
  raw: fc.constantFrom<RuleTarget>(
    { kind: "NOTRACK" },
    { kind: "NOTRACK", isOldName: true },
    { kind: "TRACE", options: [] },
  ),
  filter: fc.constantFrom<RuleTarget>(
    { kind: "DROP" },
    { kind: "REJECT", with: "icmp-port-unreachable" },
    { kind: "REJECT", with: "icmp-host-prohibited" },
  ),
};

/** Rules that may stand in a chain of the table that PREROUTING (filter: INPUT) leads to, and jump to `chains`. */
export function arbitraryRule(
  table: TableName,
  chains: readonly string[] = [],
): fc.Arbitrary<Rule> {
  const jumps = chains.flatMap((chain): RuleTarget[] => [
    { kind: "jump", chain },
    { kind: "goto", chain },
  ]);
  const special = TARGETS[table];
  const target = fc.oneof(
    anywhere,
    ...(special ? [special] : []),
    ...(jumps.length > 0 ? [fc.constantFrom(...jumps)] : []),
  );
  return fc
    .tuple(
      base,
      transport,
      fc.array(extension, { maxLength: 3 }),
      fc.option(target),
      fc.option(comment),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([options, protocol, extensions, jump, text, after]): Rule => {
      const matches = [...options, ...protocol, ...extensions];
      return {
        matches,
        ...(jump && { target: jump }),
        ...(text !== null && { comment: text, ...(after > 0 && { commentAfter: after }) }),
      };
    });
}
