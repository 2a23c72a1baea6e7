import type { HopView, RuleView } from "../../worker/protocol";

export type ChainTone = "dnat" | "snat" | "bad" | "ok" | "plain";

export interface ChainNote {
  readonly text: string;
  readonly tone: ChainTone;
}

/** One chain on the packet's way through iptables: a line of the card. */
export interface ChainLine {
  readonly depth: number;
  readonly chain: string;
  readonly notes: readonly ChainNote[];
  /** The rule that decided is in here. */
  readonly lit: boolean;
}

export interface ChainCard {
  /** `nat PREROUTING` */
  readonly title: string;
  readonly lines: readonly ChainLine[];
  /** What a rule in the hook's own chain did. */
  readonly decided?: ChainNote;
}

const TARGET = /(?:^|\s)-[jg] (\S+)/;
const MARK_CHAIN = "KUBE-MARK-MASQ";
const ENDS = new Set(["DNAT", "SNAT", "MASQUERADE", "REJECT", "DROP", "ACCEPT", "REDIRECT"]);

/** What stands in the card of a hop: every chain that was entered, one below the other, with what its matching
 *  rules did. Where several tables were walked, the last one in which anything matched. */
export function chainCard(hop: HopView): ChainCard | undefined {
  const decisive = hop.rules.filter((rule) => rule.matched).at(-1) ?? hop.rules.at(-1);
  const table = decisive?.table;
  const rules = hop.rules.filter((rule) => rule.table === table);
  const hook = rules[0];
  if (!hook) return undefined;
  const [own, ...lines] = walk(rules);
  return { title: `${hook.table} ${hook.chain}`, lines, decided: own?.notes.at(-1) };
}

interface Draft {
  readonly depth: number;
  readonly chain: string;
  readonly notes: ChainNote[];
  lit: boolean;
}

function walk(rules: readonly RuleView[]): readonly ChainLine[] {
  const open: Draft[] = [];
  const drafts: Draft[] = [];
  for (const rule of rules) {
    const known = open.findIndex((draft) => draft.chain === rule.chain);
    if (known >= 0) open.length = known + 1;
    else {
      const draft = { depth: open.length, chain: rule.chain, notes: [], lit: false };
      open.push(draft);
      if (rule.chain !== MARK_CHAIN) drafts.push(draft);
    }
    if (rule.matched) note(rule, open);
  }
  // The hook's own chain is the title, so the chains below it start at the left.
  return drafts.map((draft) => ({ ...draft, depth: Math.max(0, draft.depth - 1) }));
}

function note(rule: RuleView, open: readonly Draft[]): void {
  const draft = open.at(-1);
  if (!draft) return;
  const target = TARGET.exec(rule.text)?.[1] ?? "";
  if (rule.probability !== undefined) {
    draft.notes.push({ text: `p=${formatProbability(rule.probability)}`, tone: "plain" });
  }
  if (target === "MARK") {
    // KUBE-MARK-MASQ has no line of its own: the chain that called it gets the note.
    const caller = draft.chain === MARK_CHAIN ? open.at(-2) : draft;
    caller?.notes.push({ text: markOf(rule.text), tone: "snat" });
  }
  if (!ENDS.has(target)) return;
  draft.lit = true;
  draft.notes.push({ text: endOf(target, rule.text), tone: toneOf(target) });
}

function markOf(text: string): string {
  // iptables-save writes --or-mark V as --set-xmark V/V, and --xor-mark V as --set-xmark V/0x0.
  const toggled = /--(?:xor-mark (0x[0-9a-f]+)|set-xmark (0x[0-9a-f]+)\/0x0\b)/i
    .exec(text)
    ?.slice(1)
    .find(Boolean);
  const set = toggled ? undefined : /--(?:or-mark|set-x?mark) (0x[0-9a-f]+)/i.exec(text)?.[1];
  return set ? `mark ${set}` : toggled ? `clears mark ${toggled}` : "mark";
}

function endOf(target: string, text: string): string {
  const to = /--to-(?:destination|source) (\S+)/.exec(text)?.[1];
  return to ? `${target} ${to}` : target;
}

function toneOf(target: string): ChainTone {
  if (target === "DNAT" || target === "REDIRECT") return "dnat";
  if (target === "SNAT" || target === "MASQUERADE") return "snat";
  return target === "ACCEPT" ? "ok" : "bad";
}

function formatProbability(probability: number): string {
  return probability === 1 ? "1" : probability.toFixed(3);
}

/** `KUBE-SVC-7QXRABCDEFGH1234` as people recognise it. */
export function shortChain(chain: string): string {
  return chain.replace(/^(KUBE-[A-Z]+-[A-Z0-9]{4})[A-Z0-9]{12}$/, "$1…");
}

/** The hop whose rules are shown: the last one through iptables, until the packet comes to an interface. */
export function openIptablesHop(hops: readonly HopView[], index: number): HopView | undefined {
  const node = nodeOf(hops[index]);
  const isAtInterface = /\/(eth0|cni0)$/.test(hops[index]?.place ?? "");
  if (node === undefined || isAtInterface) return undefined;
  for (let i = index; i >= 0; i--) {
    const hop = hops[i];
    if (hop === undefined || nodeOf(hop) !== node || hop.direction !== hops[index]?.direction) {
      return undefined;
    }
    if (hop.place.endsWith("/iptables") && !isOutcome(hop)) return hop;
  }
  return undefined;
}

/** A hop that only tells what the rules of the hop before it did. */
function isOutcome(hop: HopView): boolean {
  return hop.rules.length === 0 && ["DNAT", "SNAT", "MASQUERADE"].includes(hop.kind);
}

function nodeOf(hop: HopView | undefined): string | undefined {
  const [kind, node] = (hop?.place ?? "").split("/");
  return kind === "node" ? node : undefined;
}
