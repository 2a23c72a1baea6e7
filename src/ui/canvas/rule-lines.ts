import type { HopView, RuleRow, RuleView } from "../../worker/protocol";
import { shortChain } from "./chains";

/** One line of the open iptables room. */
export interface RuleLine {
  readonly depth: number;
  readonly text: string;
  /** A chain's name, a rule that matched, one that was tested in vain, or one that just stands there. */
  readonly kind: "chain" | "matched" | "missed" | "standing";
}

const JUMP = /(?:^|\s)-[jg] (\S+)/;
const COMMENT = /(?:^|\s)-m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/;
const DEEPEST = 4;

/** More rules in a row that did not match than these are counted: what the packet goes through must stay in sight. */
const MOST_MISSED = 2;

/** The rules that were asked about the packet at this hop, under their chains. */
export function packetLines(hop: HopView): readonly RuleLine[] {
  const lines: RuleLine[] = [];
  let missed: RuleView[] = [];
  let chain = "";
  const tellMissed = () => {
    const texts =
      missed.length > MOST_MISSED
        ? [`${missed.length} rules tested, none matched`]
        : missed.map(({ text }) => bare(text));
    for (const text of texts) lines.push({ depth: 1, text: `– ${text}`, kind: "missed" });
    missed = [];
  };
  for (const rule of hop.rules) {
    const name = `${rule.table} ${rule.chain}`;
    if (name !== chain || rule.matched) tellMissed();
    if (name !== chain)
      lines.push({ depth: 0, text: `${rule.table} ${shortChain(rule.chain)}`, kind: "chain" });
    chain = name;
    if (rule.matched) lines.push({ depth: 1, text: `✓ ${bare(rule.text)}`, kind: "matched" });
    else missed.push(rule);
  }
  tellMissed();
  return lines;
}

/** The Services' chains as they stand, from KUBE-SERVICES down to each endpoint's DNAT. */
export function standingLines(rules: readonly RuleRow[]): readonly RuleLine[] {
  const chains = new Map<string, RuleRow[]>();
  for (const rule of rules) {
    if (rule.table !== "nat") continue;
    const chain = chains.get(rule.chain);
    if (chain) chain.push(rule);
    else chains.set(rule.chain, [rule]);
  }
  const lines: RuleLine[] = [];
  const walk = (chain: string, depth: number) => {
    for (const rule of chains.get(chain) ?? []) {
      const target = JUMP.exec(rule.text)?.[1] ?? "";
      if (target === "KUBE-MARK-MASQ") continue;
      lines.push({ depth, text: standingText(rule, target), kind: "standing" });
      if (depth < DEEPEST && chains.has(target)) walk(target, depth + 1);
    }
  };
  if (chains.has("KUBE-SERVICES")) {
    lines.push({ depth: 0, text: "nat KUBE-SERVICES", kind: "chain" });
    walk("KUBE-SERVICES", 1);
  }
  return lines;
}

/** `KUBE-SVC-KONB… 10.104.121.55:80`, `KUBE-SEP-D6Q6… p=0.333`, `DNAT 10.244.1.3:8080`, and how many packets it took. */
function standingText({ text, packets }: RuleRow, target: string): string {
  const destination = / -d (\S+?)(?:\/32)?(?= )/.exec(text)?.[1];
  const port = / --dport (\d+)/.exec(text)?.[1];
  const chance = / --probability ([\d.]+)/.exec(text)?.[1];
  const to = / --to-destination (\S+)/.exec(text)?.[1];
  return [
    shortChain(target),
    to ?? [destination, port].filter(Boolean).join(":"),
    chance && `p=${Number(chance).toFixed(3)}`,
    packets > 0 && `· ${packets} pkt`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** Without what its heading says already, and without the comment. */
function bare(text: string): string {
  return text
    .replace(/^-A \S+ ?/, "")
    .replace(COMMENT, "")
    .replace(/KUBE-[A-Z]+-[A-Z0-9]{16}/g, shortChain)
    .trim();
}

/** As many as there is room for, and how many are left out. */
export function fitLines(lines: readonly RuleLine[], most: number): readonly RuleLine[] {
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, Math.max(1, most - 1));
  const text = `… ${lines.length - kept.length} more, in the dock under iptables`;
  return [...kept, { depth: 0, text, kind: "missed" }];
}
