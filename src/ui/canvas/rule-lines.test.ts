import { describe, expect, test } from "vitest";
import type { RuleRow } from "../../worker/protocol";
import { fitLines, packetLines, standingLines } from "./rule-lines";
import { hop, rule } from "./testing/fixture";

const SVC = "KUBE-SVC-KONBABCDEFGHIJKL";
const SEP = "KUBE-SEP-D6Q6ABCDEFGHIJKL";

function row(chain: string, text: string, packets = 0): RuleRow {
  return {
    table: "nat",
    chain,
    position: 1,
    text: `-A ${chain} ${text}`,
    packets,
    bytes: 0,
    causes: [],
  };
}

const RULES: readonly RuleRow[] = [
  row("PREROUTING", "-j KUBE-SERVICES"),
  row(
    "KUBE-SERVICES",
    `-d 10.96.4.4/32 -p tcp -m comment --comment "default/kuard cluster IP" -m tcp --dport 80 -j ${SVC}`,
  ),
  row(SVC, `! -s 10.244.0.0/16 -d 10.96.4.4/32 -p tcp -j KUBE-MARK-MASQ`),
  row(
    SVC,
    `-m comment --comment "default/kuard -> 10.244.1.3:8080" -m statistic --mode random --probability 0.33333333349 -j ${SEP}`,
    2,
  ),
  row(SEP, "-p tcp -m tcp -j DNAT --to-destination 10.244.1.3:8080", 2),
];

describe("the open iptables room", () => {
  test("shows the Services' chains down to each DNAT, with what they took", () => {
    expect(standingLines(RULES).map(({ depth, text }) => `${" ".repeat(depth)}${text}`)).toEqual([
      "nat KUBE-SERVICES",
      " KUBE-SVC-KONB… 10.96.4.4:80",
      "  KUBE-SEP-D6Q6… p=0.333 · 2 pkt",
      "   DNAT 10.244.1.3:8080 · 2 pkt",
    ]);
    expect(standingLines([])).toEqual([]);
  });

  test("counts rules that did not match, where there are many", () => {
    const missed = [1, 2, 3].map((last) =>
      rule("KUBE-SERVICES", `-d 10.96.0.${last}/32 -p tcp -j RETURN`, { matched: false }),
    );
    const rules = [...missed, rule("KUBE-SERVICES", `-j ${SVC}`, { matched: true })];
    const texts = packetLines(hop(0, "node/node-1/iptables", { rules })).map(({ text }) => text);
    expect(texts).toEqual([
      "nat KUBE-SERVICES",
      "– 3 rules tested, none matched",
      "✓ -j KUBE-SVC-KONB…",
    ]);
  });

  test("shows the rules that a packet met, under their chains", () => {
    const rules = [
      rule("KUBE-SERVICES", "-d 10.96.0.1/32 -p tcp -j RETURN", {
        matched: false,
      }),
      rule("KUBE-SERVICES", `-m comment --comment "a \\"b\\"" -j ${SVC}`, {
        matched: true,
      }),
      rule(SVC, `-j ${SEP}`, { matched: true }),
    ];
    expect(
      packetLines(hop(0, "node/node-1/iptables", { rules })).map(({ kind, text }) => [kind, text]),
    ).toEqual([
      ["chain", "nat KUBE-SERVICES"],
      ["missed", "– -d 10.96.0.1/32 -p tcp -j RETURN"],
      ["matched", "✓ -j KUBE-SVC-KONB…"],
      ["chain", "nat KUBE-SVC-KONB…"],
      ["matched", "✓ -j KUBE-SEP-D6Q6…"],
    ]);
  });

  test("says how many lines do not fit", () => {
    const lines = standingLines(RULES);
    expect(fitLines(lines, 4)).toBe(lines);
    expect(fitLines(lines, 3).map(({ text }) => text)).toEqual([
      "nat KUBE-SERVICES",
      "KUBE-SVC-KONB… 10.96.4.4:80",
      "… 2 more, in the dock under iptables",
    ]);
  });
});
