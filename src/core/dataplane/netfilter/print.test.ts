import { expect, test } from "vitest";
import { cidr } from "../../net/cidr";
import { ipv4 } from "../../net/ipv4";
import { formatRule, formatRuleset } from "./print";
import { quantize } from "./print-match";
import { type Match, type Rule, tableOf } from "./rules";

const tcp80: readonly Match[] = [
  { kind: "protocol", protocol: "tcp" },
  { kind: "dport", protocol: "tcp", from: 80, to: 80 },
];
const accept: Rule["target"] = { kind: "ACCEPT" };

/** Right: what iptables-save 1.8.9 printed for these rules. */
const rules: readonly (readonly [Rule, string])[] = [
  [
    {
      matches: [
        { kind: "source", range: cidr("10.0.0.0/8"), negate: true },
        { kind: "destination", range: cidr("172.30.0.41/32") },
        ...tcp80,
      ],
      target: { kind: "jump", chain: "KUBE-MARK-MASQ" },
      comment: "ns/svc:p80 cluster IP",
    },
    '! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp -m comment --comment "ns/svc:p80 cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
  ],
  [
    { matches: [{ kind: "in-interface", name: "veth+", negate: true }, ...tcp80], target: accept },
    "! -i veth+ -p tcp -m tcp --dport 80 -j ACCEPT",
  ],
  [
    {
      matches: [{ kind: "ctstate", states: ["NEW"] }],
      target: accept,
      comment: "kubernetes service portals",
      commentAfter: 1,
    },
    '-m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j ACCEPT',
  ],
  [
    { matches: [{ kind: "ctstate", states: ["DNAT", "ESTABLISHED", "RELATED"], negate: true }] },
    "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT",
  ],
  [
    {
      matches: [{ kind: "mark", value: 0x4000, mask: 0x4000, negate: true }],
      target: { kind: "RETURN" },
    },
    "-m mark ! --mark 0x4000/0x4000 -j RETURN",
  ],
  [
    { matches: [{ kind: "mark", value: 7, mask: 0xffffffff }], target: accept },
    "-m mark --mark 0x7 -j ACCEPT",
  ],
  [
    { matches: [], target: { kind: "MARK", op: "or", value: 0x4000 } },
    "-j MARK --set-xmark 0x4000/0x4000",
  ],
  [
    { matches: [], target: { kind: "MARK", op: "xor", value: 0x4000 } },
    "-j MARK --set-xmark 0x4000/0x0",
  ],
  [
    { matches: [], target: { kind: "MARK", op: "set", value: 5 } },
    "-j MARK --set-xmark 0x5/0xffffffff",
  ],
  [
    { matches: [], target: { kind: "MARK", op: "and", value: 0xf0 } },
    "-j MARK --set-xmark 0x0/0xffffff0f",
  ],
  [
    { matches: [], target: { kind: "MASQUERADE", randomFully: true } },
    "-j MASQUERADE --random-fully",
  ],
  [
    {
      matches: [{ kind: "statistic-random", probability: quantize(0.3333333333) }],
      target: accept,
    },
    "-m statistic --mode random --probability 0.33333333349 -j ACCEPT",
  ],
  [
    { matches: [{ kind: "statistic-random", probability: 0.2 }], target: accept },
    "-m statistic --mode random --probability 0.20000000019 -j ACCEPT",
  ],
  [
    { matches: [{ kind: "statistic-random", probability: 0.0000333333 }], target: accept },
    "-m statistic --mode random --probability 0.00003333343 -j ACCEPT",
  ],
  [
    {
      matches: [
        { kind: "recent", mode: "rcheck", list: "KUBE-SEP-A", seconds: 10_800, reap: true },
      ],
      target: accept,
    },
    "-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask 255.255.255.255 --rsource -j ACCEPT",
  ],
  [
    {
      matches: [
        { kind: "protocol", protocol: "tcp" },
        { kind: "recent", mode: "set", list: "KUBE-SEP-A" },
        { kind: "transport", protocol: "tcp" },
      ],
      target: { kind: "DNAT", ip: ipv4("10.0.0.1"), port: 80 },
      comment: "ns/svc:p80",
    },
    '-p tcp -m comment --comment "ns/svc:p80" -m recent --set --name KUBE-SEP-A --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.0.0.1:80',
  ],
  [
    {
      matches: [
        { kind: "protocol", protocol: "udp" },
        { kind: "sport", protocol: "udp", from: 5, to: 10 },
        { kind: "dport", protocol: "udp", from: 53, to: 53, negate: true },
      ],
      target: { kind: "REJECT", with: "icmp-port-unreachable" },
    },
    "-p udp -m udp --sport 5:10 ! --dport 53 -j REJECT --reject-with icmp-port-unreachable",
  ],
  [
    {
      matches: [{ kind: "addrtype", srcTypes: ["LOCAL"], dstTypes: ["LOCAL"], negateDst: true }],
      target: accept,
    },
    "-m addrtype --src-type LOCAL ! --dst-type LOCAL -j ACCEPT",
  ],
  [{ matches: [], comment: "masq" }, "-m comment --comment masq"],
  [{ matches: [], comment: 'a "q" it\'s \\ b' }, '-m comment --comment "a \\"q\\" it\\\'s \\\\ b"'],
  [{ matches: [], comment: "plain-1_2.x" }, '-m comment --comment "plain-1_2.x"'],
];

test.each(rules)("%# prints as iptables-save does", (rule, text) => {
  expect(formatRule("INPUT", rule)).toBe(`-A INPUT ${text}`);
});

test("a rule without conditions is its target alone, in whatever chain", () => {
  const rule: Rule = { matches: [], target: { kind: "jump", chain: "KUBE-FIREWALL" } };
  expect(formatRule("INPUT", rule)).toBe("-A INPUT -j KUBE-FIREWALL");
  expect(formatRule("OUTPUT", rule)).toBe("-A OUTPUT -j KUBE-FIREWALL");
});

test("a ruleset: tables in iptables-save's order, built-in chains first, the others by name", () => {
  const drop: Rule = { matches: [], target: { kind: "DROP" } };
  const ruleset = {
    filter: tableOf("filter", [
      { name: "Z", rules: [drop] },
      { name: "A", rules: [] },
      { name: "FORWARD", policy: "DROP", rules: [] },
    ]),
    mangle: tableOf("mangle", []),
  };
  expect(
    formatRuleset(ruleset, { counters: new Map([[drop, { packets: 2, bytes: 120 }]]) }),
  ).toBe(`*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:A - [0:0]
:Z - [0:0]
[2:120] -A Z -j DROP
COMMIT
`);
});
