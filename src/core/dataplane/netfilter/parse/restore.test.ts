import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bootScenario } from "../../../../scenario/boot";
import { formatIpSets } from "../ipset";
import { formatRule, formatRuleset } from "../print";
import { type Rule, type TableName, tableOf } from "../rules";
import { arbitraryRule } from "../testing/arbitrary-rules";
import { parseRestore, type Restored } from "./restore";

function rulesOf(text: string, table: TableName): readonly string[] {
  const restored = parseRestore(text);
  if (!restored.ok) throw new Error(JSON.stringify(restored.errors));
  return [...(restored.tables[table]?.chains.values() ?? [])].flatMap(({ name, rules }) =>
    rules.map((rule) => formatRule(name, rule)),
  );
}

/** Left: what somebody types. Right: what iptables-save 1.8.9 printed after loading it. */
const filterRules: readonly (readonly [string, ...string[]])[] = [
  ["-p tcp --dport 80 --sport 5:10", "-p tcp -m tcp --sport 5:10 --dport 80"],
  ["-p tcp --syn", "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN"],
  ["-p tcp ! --syn", "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN"],
  [
    "-p tcp -m tcp --tcp-flags SYN,ACK,FIN SYN --tcp-option 5 --sport 4",
    "-p tcp -m tcp --sport 4 --tcp-option 5 --tcp-flags FIN,SYN,ACK SYN",
  ],
  [
    "-p tcp -m tcp ! --tcp-flags ALL NONE",
    "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE",
  ],
  ["-p 47", "-p gre"],
  ["-p 4", "-p ipencap"],
  ["-p 200", "-p 200"],
  ["-p all", ""],
  ["! -p tcp", "! -p tcp"],
  ["! -f", "! -f"],
  ["-i +", ""],
  ["! -i eth+", "! -i eth+"],
  [
    "-s 10.0.0.1,10.0.0.2 -d 1.1.1.1,2.2.2.2",
    "-s 10.0.0.1/32 -d 1.1.1.1/32",
    "-s 10.0.0.1/32 -d 2.2.2.2/32",
    "-s 10.0.0.2/32 -d 1.1.1.1/32",
    "-s 10.0.0.2/32 -d 2.2.2.2/32",
  ],
  ["-s 0.0.0.0/0", ""],
  ["-s 10.1/16", "-s 10.1.0.0/16"],
  ["--source 10.1.2.3/255.255.0.0", "-s 10.1.0.0/16"],
  ["--sou 10.1.2.3", "-s 10.1.2.3/32"],
  ["-p icmp --icmp-type echo-request", "-p icmp -m icmp --icmp-type 8"],
  ["-p icmp --icmp-type network-unreachable", "-p icmp -m icmp --icmp-type 3/0"],
  ["-p icmp ! --icmp-type 3/4", "-p icmp -m icmp ! --icmp-type 3/4"],
  ["-p icmp --icmp-type any", "-p icmp -m icmp --icmp-type any"],
  [
    "-p sctp --dport 80 --chunk-types any INIT,DATA:Be",
    "-p sctp -m sctp --dport 80 --chunk-types any DATA:Be,INIT",
  ],
  ["-p sctp ! --chunk-types all ABORT:T", "-p sctp -m sctp ! --chunk-types all ABORT:T"],
  ["-p tcp -m multiport --dports 80,http,1:5", "-p tcp -m multiport --dports 80,80,1:5"],
  ["-p tcp -m multiport ! --sports 80,443", "-p tcp -m multiport ! --sports 80,443"],
  ["-m state --state NEW,ESTABLISHED", "-m state --state NEW,ESTABLISHED"],
  ["-m conntrack --ctstate established,RELATED", "-m conntrack --ctstate RELATED,ESTABLISHED"],
  [
    "-m conntrack --ctdir REPLY --ctstate NEW --ctproto tcp --ctorigsrc 10.0.0.0/8 ! --ctrepldst 2.2.2.2 --ctorigdstport 80:90 --ctstatus CONFIRMED,ASSURED --ctexpire 10:20",
    "-m conntrack --ctstate NEW --ctproto 6 --ctorigsrc 10.0.0.0/8 ! --ctrepldst 2.2.2.2 --ctorigdstport 80:90 --ctstatus ASSURED,CONFIRMED --ctexpire 10:20 --ctdir REPLY",
  ],
  ["-m mark ! --mark 16/0xff", "-m mark ! --mark 0x10/0xff"],
  ["-m mark --mark 010", "-m mark --mark 0x8"],
  ["-m mark --mark 1 -m connmark --mark 2", "-m mark --mark 0x1 -m connmark --mark 0x2"],
  ["-m statistic --mode nth --every 3 --packet 2", "-m statistic --mode nth --every 3 --packet 2"],
  [
    "-m statistic --mode random ! --probability .25",
    "-m statistic --mode random ! --probability 0.25000000000",
  ],
  [
    "-m addrtype --limit-iface-in --src-type local,UNICAST",
    "-m addrtype --src-type UNICAST,LOCAL --limit-iface-in",
  ],
  ["-m recent --set", "-m recent --set --name DEFAULT --mask 255.255.255.255 --rsource"],
  [
    "-m recent --rdest --update --hitcount 4 --seconds 60 --name ssh",
    "-m recent --update --seconds 60 --hitcount 4 --name ssh --mask 255.255.255.255 --rdest",
  ],
  [
    "-m recent ! --rcheck --seconds 60 --reap --rttl --name ssh --mask 255.255.255.0",
    "-m recent ! --rcheck --seconds 60 --reap --rttl --name ssh --mask 255.255.255.0 --rsource",
  ],
  [
    "-m physdev ! --physdev-in veth1 --physdev-is-in",
    "-m physdev --physdev-is-in ! --physdev-in veth1",
  ],
  ["-m limit", "-m limit --limit 3/hour"],
  ["-m limit --limit 5/m --limit-burst 10", "-m limit --limit 5/min --limit-burst 10"],
  ["-m limit --limit 120/minute", "-m limit --limit 2/sec"],
  ["-m limit --limit 24/day", "-m limit --limit 1/hour"],
  ["-m limit --limit 7", "-m limit --limit 7/sec"],
  [
    "-m hashlimit --hashlimit-above 5/min --hashlimit-mode srcip --hashlimit-srcmask 24 --hashlimit-name foo --hashlimit-htable-expire 20000",
    "-m hashlimit --hashlimit-above 5/min --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name foo --hashlimit-htable-expire 20000 --hashlimit-srcmask 24",
  ],
  [
    "-m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 1.1.1.1-1.1.1.2",
    "-m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 1.1.1.1-1.1.1.2",
  ],
  ["-m length --length 10:20", "-m length --length 10:20"],
  ["-m ttl ! --ttl-eq 5", "-m ttl ! --ttl-eq 5"],
  [
    '-m comment --comment one -m comment --comment "two words"',
    '-m comment --comment one -m comment --comment "two words"',
  ],
  ['-m comment --comment ""', '-m comment --comment ""'],
  ['-m comment --comment "!"', '-m comment --comment "!"'],
  [
    "-m mark --mark 1 -m comment --comment late -p tcp --dport 1",
    "-p tcp -m mark --mark 0x1 -m comment --comment late -m tcp --dport 1",
  ],
  ["-p tcp -m mark --mark 1 --dport 80", "-p tcp -m mark --mark 0x1 -m tcp --dport 80"],
  ["-p tcp -m tcp --dport 80 -m tcp --sport 5", "-p tcp -m tcp --sport 5 --dport 80"],
  ["-p tcp --dport :1024", "-p tcp -m tcp --dport 0:1024"],
  ["-p tcp --dport 1024:", "-p tcp -m tcp --dport 1024:65535"],
  ["-p tcp --dport 0:65535", "-p tcp -m tcp"],
  ["-4", ""],
];

test.each(filterRules)("-A INPUT %s", (given, ...printed) => {
  const text = `*filter\n-A INPUT ${given} -j ACCEPT\nCOMMIT\n`;
  const lines = printed.map((line) => `-A INPUT${line === "" ? "" : ` ${line}`} -j ACCEPT`);
  expect(rulesOf(text, "filter")).toEqual(lines);
});

const targets: readonly (readonly [TableName, string, string])[] = [
  ["filter", "-j REJECT", "-j REJECT --reject-with icmp-port-unreachable"],
  ["filter", "-j REJECT --reject-with host-prohib", "-j REJECT --reject-with icmp-host-prohibited"],
  ["filter", "-p tcp -j REJECT --reject-with tcp-rst", "-p tcp -j REJECT --reject-with tcp-reset"],
  [
    "filter",
    '-j LOG --log-level 4 --log-uid --log-tcp-sequence --log-prefix "a b: "',
    '-j LOG --log-prefix "a b: " --log-tcp-sequence --log-uid',
  ],
  ["filter", "-j LOG --log-level debug", "-j LOG --log-level 7"],
  [
    "filter",
    "-j NFLOG --nflog-group 3 --nflog-prefix foo",
    "-j NFLOG --nflog-prefix foo --nflog-group 3",
  ],
  ["filter", "-j MARK --set-mark 5", "-j MARK --set-xmark 0x5/0xffffffff"],
  ["filter", "-j MARK --set-mark 5/0xf0", "-j MARK --set-xmark 0x5/0xf5"],
  ["filter", "-j MARK --set-xmark 5/0xff", "-j MARK --set-xmark 0x5/0xff"],
  ["filter", "-j MARK --or-mark 5", "-j MARK --set-xmark 0x5/0x5"],
  ["filter", "-j MARK --and-mark 5", "-j MARK --set-xmark 0x0/0xfffffffa"],
  ["filter", "-j MARK --xor-mark 5", "-j MARK --set-xmark 0x5/0x0"],
  ["filter", "-j CONNMARK --set-mark 5", "-j CONNMARK --set-xmark 0x5/0xffffffff"],
  [
    "filter",
    "-j CONNMARK --save-mark",
    "-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff",
  ],
  [
    "filter",
    "-j CONNMARK --restore-mark --mask 0xff",
    "-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff",
  ],
  ["filter", "-g OWN", "-g OWN"],
  ["filter", "--jump OWN", "-j OWN"],
  ["filter", "-j RETURN", "-j RETURN"],
  ["filter", "", ""],
  ["nat", "-p tcp -j DNAT --to 10.0.0.1", "-p tcp -j DNAT --to-destination 10.0.0.1"],
  [
    "nat",
    "-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:80-90 --persistent --random",
    "-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:80-90 --random --persistent",
  ],
  [
    "nat",
    "-p tcp -j DNAT --to-destination 10.0.0.1:80-90/1000",
    "-p tcp -j DNAT --to-destination 10.0.0.1:80-90/1000",
  ],
  ["nat", "-p tcp -j DNAT --to-destination :http", "-p tcp -j DNAT --to-destination :80"],
  [
    "nat",
    "-p tcp -j REDIRECT --to-ports 8080-8090 --random",
    "-p tcp -j REDIRECT --to-ports 8080-8090 --random",
  ],
  ["raw", "-j CT --notrack", "-j CT --notrack"],
  ["raw", "-j NOTRACK", "-j NOTRACK"],
  ["raw", "-j TRACE", "-j TRACE"],
];

test.each(targets)("%s: %s", (table, given, printed) => {
  const hook = table === "filter" ? "INPUT" : "PREROUTING";
  const text = `*${table}\n:OWN - [0:0]\n-A ${hook} ${given}\nCOMMIT\n`;
  expect(rulesOf(text, table)).toEqual([`-A ${hook} ${printed}`.trimEnd()]);
});

test.each([
  [
    "-j SNAT --to-source 10.0.0.1-10.0.0.9 --persistent --random-fully",
    "--random-fully --persistent",
  ],
  ["-p tcp -j SNAT --to-source :1024-2000", "--to-source :1024-2000"],
  ["-p tcp -j MASQUERADE --to-ports 1024-2000 --random", "--to-ports 1024-2000 --random"],
])("POSTROUTING %s", (given, end) => {
  const [line] = rulesOf(`*nat\n-A POSTROUTING ${given}\nCOMMIT\n`, "nat");
  expect(line?.endsWith(end)).toBe(true);
});

test("commands of iptables, counters, comments, policies, several tables", () => {
  const restored = parseRestore(`# Generated by iptables-save
*raw
COMMIT
*filter
:INPUT DROP [12:345]
:OWN - [0:0]
[3:180] -A INPUT -m comment --comment "say \\"hi\\"" -j OWN

  -A INPUT -j DROP
-I INPUT 2 -i lo -j ACCEPT
-N LATER
-A LATER -j RETURN
-A LATER -j ACCEPT -c 5 300
-R LATER 1 -s 10.0.0.1 -j RETURN
-D INPUT -j DROP
-D LATER 2
-A LATER -6 -s ::1 -j DROP
-P FORWARD DROP
-N GONE
-X GONE
COMMIT\r
`);
  if (!restored.ok) throw new Error(JSON.stringify(restored.errors));
  expect(formatRuleset(restored.tables, { counters: restored.counters })).toBe(`*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:LATER - [0:0]
:OWN - [0:0]
[3:180] -A INPUT -m comment --comment "say \\"hi\\"" -j OWN
[0:0] -A INPUT -i lo -j ACCEPT
[0:0] -A LATER -s 10.0.0.1/32 -j RETURN
COMMIT
`);
});

/** Right: what iptables-restore 1.8.9 said, or what we say of what it knows and we do not. */
const mistakes: readonly (readonly [string, number, string])[] = [
  ["-A INPUT -m foo --bar 1", 3, "Couldn't load match `foo':No such file or directory"],
  ["-A INPUT -m string --string x --algo bm", 3, "match `string' is not modelled"],
  ["-A INPUT -j NFQUEUE --queue-num 1", 3, "target `NFQUEUE' is not modelled"],
  ["-A INPUT -j CT --zone 1", 3, 'CT: option "--zone" is not modelled'],
  ["-A INPUT -j NOWHERE", 3, "Chain 'NOWHERE' does not exist"],
  ["-A NOWHERE -j ACCEPT", 3, "No chain/target/match by that name."],
  ["-A INPUT --foo 3", 3, 'unknown option "--foo"'],
  ["-A INPUT --dport 80", 3, 'unknown option "--dport"'],
  ["-A INPUT -m tcp --dport 80", 3, "TCP match requires '-p tcp'"],
  ["-A INPUT -p tcp --dport 80000", 3, "invalid port/service `80000' specified"],
  ["-A INPUT -p tcp --dport 9:5", 3, "invalid portrange (min > max)"],
  ["-A INPUT -p tcp --dport ! 80", 3, "Bad argument `80'"],
  ["-A INPUT -p foo", 3, 'unknown protocol "foo" specified'],
  ["-A INPUT ! -p all", 3, "rule would never match protocol"],
  ["-A INPUT -s 10.0.0.300", 3, "host/network `10.0.0.300' not found"],
  ["-A INPUT -s 10.0.0.0/33", 3, "invalid mask `33' specified"],
  ["-A INPUT -s 1.1.1.1 -s 2.2.2.2", 3, "multiple -s flags not allowed"],
  ["-A INPUT -j", 3, 'option "-j" requires an argument'],
  ["-A INPUT ! -j ACCEPT", 3, "cannot have ! before -j"],
  ["-A INPUT ! ! -s 1.1.1.1", 3, "multiple consecutive ! not allowed"],
  ["-A INPUT -o eth0", 3, "Can't use -o with INPUT"],
  ["-A OUTPUT -i eth0", 3, "Can't use -i with OUTPUT"],
  ["-A INPUT foo", 3, "Bad argument `foo'"],
  [
    "-A INPUT -m statistic --mode random",
    3,
    "--probability must be specified when using random mode",
  ],
  [
    "-A INPUT -m statistic --mode nth --every 3",
    3,
    'statistic: option "--every" also requires "--packet".',
  ],
  ["-A INPUT -m mark", 3, 'mark: option "--mark" must be specified'],
  [
    "-A INPUT -m mark --mark xyz",
    3,
    'mark: bad integer value for option "--mark", or out of range.',
  ],
  ["-A INPUT -m conntrack --ctstate FOO", 3, 'Bad ctstate "FOO"'],
  ["-A INPUT -m conntrack ! --ctdir REPLY", 3, 'conntrack: option "--ctdir" cannot be inverted.'],
  ["-A INPUT -p icmp --icmp-type foo", 3, "Unknown ICMP type `foo'"],
  ["-A INPUT -j REJECT --reject-with foo", 3, 'unknown reject type "foo"'],
  ["-A INPUT -m set --match-set gone src", 3, "Set gone doesn't exist."],
  ["-A INPUT -p tcp --tcp-flags SYN -j ACCEPT", 3, "--tcp-flags requires two args."],
  [
    "-A INPUT -j DNAT --to-destination 10.0.0.1",
    3,
    "RULE_APPEND failed (Invalid argument): rule in chain INPUT",
  ],
  [
    "-A OWN -j SNAT --to-source 10.0.0.1",
    3,
    "RULE_APPEND failed (Invalid argument): rule in chain OWN",
  ],
  ["-A OWN -j OWN", 3, "RULE_APPEND failed (Too many links): rule in chain OWN"],
  ["-A INPUT -t nat", 3, "The -t option cannot be used in iptables-restore."],
  ["-I INPUT 5 -j ACCEPT", 3, "Index of insertion too big."],
  ["-D INPUT -j ACCEPT", 3, "Bad rule (does a matching rule exist in that chain?)."],
  ["-X OWN2", 3, "No chain/target/match by that name."],
  [":INPUT FOO [0:0]", 3, "Bad policy name."],
  [":-x - [0:0]", 3, "chain name not allowed to start with `-'"],
  ["[1:2 -A INPUT", 3, "Bad line 3: need ]"],
  [`-A INPUT -m comment --comment "${"x".repeat(2_000)}"`, 3, "Parameter too long!"],
  [`-A INPUT${" -m mark --mark 1".repeat(90)}`, 3, "Parser cannot handle more arguments"],
];

test.each(mistakes)("%s", (line, number, message) => {
  const restored = parseRestore(`*filter\n:OWN - [0:0]\n${line}\nCOMMIT\n`);
  expect(restored).toEqual({ ok: false, errors: [{ line: number, message }] });
});

test.each([
  ["", 1, "there is no table in this text: it starts with *filter, *nat …"],
  ["*filter\n-A INPUT -j ACCEPT\n", 3, "COMMIT expected at line 3"],
  ["*nonsense\n-A INPUT -j ACCEPT\nCOMMIT\n", 1, "line 1 table name 'nonsense' invalid"],
  ["-A INPUT -j ACCEPT\n", 1, "line 1 failed: no table yet (*filter)"],
  ["x".repeat(4_000_001), 1, "the text is longer than 4000000 characters"],
])("a text that is no table: %.20s", (text, line, message) => {
  expect(parseRestore(text)).toEqual({ ok: false, errors: [{ line, message }] });
});

test("sets before the tables, and members of them", () => {
  const text = `create own hash:net family inet hashsize 1024 maxelem 1048576
add own 10.0.0.0/8
add own 10.1.0.0/16 nomatch
create ports hash:ip,port family inet
add ports 10.2.0.1,tcp:80
create six hash:ip family inet6
add six fd00::1
*filter
-A INPUT -m set --match-set own src -m set ! --match-set ports dst,dst -j ACCEPT
-A INPUT -m set --match-set gone src -j DROP
COMMIT
`;
  const refused = parseRestore(text);
  expect(refused).toMatchObject({ errors: [{ line: 10, message: "Set gone doesn't exist." }] });
  const read = parseRestore(text.replace(/.*gone.*\n/, ""));
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  expect(formatIpSets(read.sets)).toBe(text.split("\n").slice(0, 5).join("\n").concat("\n"));
  expect(parseRestore("create x hash:mac\nadd y 1\nadd own 1\n")).toMatchObject({
    errors: [
      { line: 1, message: "set type hash:mac is not modelled" },
      { line: 2, message: "The set with the given name does not exist" },
      { line: 3, message: "The set with the given name does not exist" },
    ],
  });
});

test("every wrong line is told, not only the first", () => {
  const restored = parseRestore(
    "*filter\n-A INPUT -m x\n-A INPUT -j ACCEPT\n-A INPUT -p y\nCOMMIT\n",
  );
  expect(restored.ok ? [] : restored.errors.map(({ line }) => line)).toEqual([2, 4]);
});

describe("jumps", () => {
  const chain = (length: number) => {
    const names = Array.from({ length }, (_, index) => `C${index}`);
    const declared = names.map((name) => `:${name} - [0:0]`);
    const jumps = names.map(
      (name, index) => `-A ${index === 0 ? "INPUT" : names[index - 1]} -j ${name}`,
    );
    return ["*filter", ...declared, ...jumps, "COMMIT", ""].join("\n");
  };

  test("as deep as the kernel follows them, and one deeper", () => {
    expect(parseRestore(chain(16)).ok).toBe(true);
    const deeper = parseRestore(chain(17));
    expect(deeper.ok ? "" : deeper.errors[0]?.message).toContain("Too many links");
  });

  test("many that lead to each other are checked in no time", () => {
    const names = Array.from({ length: 200 }, (_, index) => `C${index}`);
    const lines = names.flatMap((name, index) =>
      names.slice(index + 1, index + 9).map((other) => `-A ${name} -j ${other}`),
    );
    const text = ["*filter", ...names.map((name) => `:${name} - [0:0]`), ...lines, "COMMIT", ""];
    expect(parseRestore(text.join("\n")).ok).toBe(false);
  });
});

test("anything at all is refused in words, never by throwing", () => {
  const words = fc.constantFrom(
    ...["*filter", ":INPUT", "-A", "INPUT", "-m", "tcp", "-p", "!", '"', "--dport", "80", "[1:2]"],
    ...[
      "COMMIT",
      "-j",
      "ACCEPT",
      "mark",
      "--mark",
      "0x1",
      "-s",
      "10.0.0.1",
      "\\",
      "\n",
      "\n",
      "-I",
    ],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words).map((all) => all.join(" ")),
  );
  fc.assert(
    fc.property(text, (given) => {
      parseRestore(`*filter\n${given}\nCOMMIT\n`);
      parseRestore(given);
    }),
    { seed: 20_261_122 },
  );
});

test.each(["nat", "filter", "mangle", "raw"] as const)(
  "%s: what is printed is read as the same rules, and printed the same",
  (name) => {
    const rules = fc.array(arbitraryRule(name, ["TWO", "THREE"]), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rules, (given) => {
        const table = tableOf(name, [
          { name: "ONE", rules: given },
          { name: "TWO", rules: [] },
          { name: "THREE", rules: [] },
        ]);
        const printed = formatRuleset({ [name]: table });
        const restored = parseRestore(printed);
        if (!restored.ok) throw new Error(`${printed}${JSON.stringify(restored.errors)}`);
        expect(formatRuleset(restored.tables)).toBe(printed);
        expect(rulesIn(parseRestore(formatRuleset(restored.tables)), name)).toEqual(
          rulesIn(restored, name),
        );
      }),
      { seed: 20_261_122, numRuns: 150 },
    );
  },
  30_000,
);

function rulesIn(restored: Restored, table: TableName): readonly Rule[] | undefined {
  return restored.ok ? restored.tables[table]?.chains.get("ONE")?.rules : undefined;
}

const FOLDER = "e2e/kernel/scenarios";
const files = [
  "public/scenarios/default.yaml",
  ...readdirSync(FOLDER).map((file) => `${FOLDER}/${file}`),
];

test.each(files)("the dump of %s is read as it was printed", (file) => {
  const booted = bootScenario(readFileSync(file, "utf8"));
  if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
  booted.world.settle();
  for (const netns of booted.world.plane.all()) {
    const printed = formatRuleset(booted.world.plane.ruleset(netns.id));
    if (printed === "") continue;
    const restored = parseRestore(printed, netns.sets);
    expect(restored.ok ? formatRuleset(restored.tables) : restored.errors).toEqual(printed);
  }
});
