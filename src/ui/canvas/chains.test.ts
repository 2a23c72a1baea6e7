import { describe, expect, it } from "vitest";
import { chainCard, openIptablesHop, shortChain } from "./chains";
import { hop, rule } from "./testing/fixture";

const EXT = "KUBE-EXT-7QXRABCDEFGH1234";
const SVC = "KUBE-SVC-7QXRABCDEFGH1234";
const SEP = "KUBE-SEP-M2KDABCDEFGH1234";

const toNodePort = hop(4, "node/node-1/iptables", {
  rules: [
    rule("PREROUTING", "-j MANGLED", { table: "mangle", matched: false }),
    rule("PREROUTING", "-j KUBE-SERVICES"),
    rule("KUBE-SERVICES", "… 12 rules tested, none matched", { matched: false }),
    rule("KUBE-SERVICES", "-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS"),
    rule("KUBE-NODEPORTS", `-p tcp --dport 31234 -j ${EXT}`),
    rule(EXT, "-j KUBE-MARK-MASQ"),
    rule("KUBE-MARK-MASQ", "-j MARK --or-mark 0x4000"),
    rule(EXT, `-j ${SVC}`),
    rule(SVC, "--probability 0.3333333333 -j KUBE-SEP-OTHER", {
      matched: false,
      probability: 1 / 3,
    }),
    rule(SVC, `--probability 0.5000000000 -j ${SEP}`, { probability: 0.5 }),
    rule(SEP, "-p tcp -j DNAT --to-destination 10.244.2.7:8080"),
  ],
});

describe("the iptables card", () => {
  it("shows the chains on the packet's way, indented, with what their rules did", () => {
    const card = chainCard(toNodePort);
    expect(card?.title).toBe("nat PREROUTING");
    const text = card?.lines.map(
      ({ depth, chain, notes, lit }) =>
        `${" ".repeat(depth)}${shortChain(chain)}${notes.map((one) => ` ${one.text}`).join("")}${lit ? " <" : ""}`,
    );
    expect(text).toEqual([
      "KUBE-SERVICES",
      " KUBE-NODEPORTS",
      "  KUBE-EXT-7QXR… mark 0x4000",
      "   KUBE-SVC-7QXR… p=0.500",
      "    KUBE-SEP-M2KD… DNAT 10.244.2.7:8080 <",
    ]);
  });

  it("tells setting a mark from clearing it, as iptables-save writes them", () => {
    const notes = (text: string) =>
      chainCard(
        hop(0, "node/node-1/iptables", {
          rules: [rule("POSTROUTING", "-j KUBE-POSTROUTING"), rule("KUBE-POSTROUTING", text)],
        }),
      )?.lines[0]?.notes.map((one) => one.text);
    expect(notes("-j MARK --set-xmark 0x4000/0x4000")).toEqual(["mark 0x4000"]);
    expect(notes("-j MARK --set-xmark 0x4000/0x0")).toEqual(["clears mark 0x4000"]);
  });

  it("goes back to the caller where a chain returns", () => {
    const card = chainCard(
      hop(0, "node/node-1/iptables", {
        rules: [
          rule("POSTROUTING", "-j KUBE-POSTROUTING"),
          rule("KUBE-POSTROUTING", "-m mark ! --mark 0x4000/0x4000 -j RETURN"),
          rule("POSTROUTING", "-s 10.244.0.0/16 -j MASQUERADE"),
        ],
      }),
    );
    expect(card?.lines).toEqual([{ depth: 0, chain: "KUBE-POSTROUTING", notes: [], lit: false }]);
    expect(card?.decided).toEqual({ text: "MASQUERADE", tone: "snat" });
  });

  it("shows the filter's refusal rather than the nat table that let it pass", () => {
    const card = chainCard(
      hop(0, "node/node-1/iptables", {
        rules: [
          rule("PREROUTING", "-j KUBE-SERVICES"),
          rule("FORWARD", "-j KUBE-SERVICES", { table: "filter" }),
          rule("KUBE-SERVICES", "-d 10.96.14.3/32 -j REJECT", { table: "filter" }),
        ],
      }),
    );
    expect(card?.title).toBe("filter FORWARD");
    expect(card?.lines.at(-1)).toMatchObject({
      lit: true,
      notes: [{ text: "REJECT", tone: "bad" }],
    });
  });

  it("has none where no rule was asked", () => {
    expect(chainCard(hop(0, "node/node-1/iptables"))).toBeUndefined();
  });
});

describe("the open iptables", () => {
  it("still shows the rules while the packet shows what they did", () => {
    const outcome = hop(5, "node/node-1/iptables", { kind: "DNAT" });
    expect(openIptablesHop([toNodePort, outcome], 1)).toBe(toNodePort);
    const known = hop(6, "node/node-1/iptables", { kind: "conntrack" });
    expect(openIptablesHop([toNodePort, outcome, known], 2)).toBe(known);
  });

  const hops = [
    hop(0, "node/node-1/eth0"),
    toNodePort,
    hop(2, "node/node-1/route"),
    hop(3, "node/node-1/eth0"),
    hop(4, "node/node-2/eth0"),
    hop(5, "node/node-2/iptables"),
    hop(6, "pod/default/kuard"),
  ];

  it("stays open until the packet comes to an interface or leaves the node", () => {
    const open = hops.map((_, index) => openIptablesHop(hops, index)?.place ?? "-");
    const [one, two] = ["node/node-1/iptables", "node/node-2/iptables"];
    expect(open).toEqual(["-", one, one, "-", "-", two, "-"]);
  });
});
