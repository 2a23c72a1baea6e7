import { showRules } from "../../stores/view";
import type { HopView, RuleView } from "../../worker/protocol";
import { percentText } from "../parts/describe";

interface ChainWalk {
  readonly table: string;
  readonly chain: string;
  readonly rules: readonly RuleView[];
}

export function RulesWalked({ hop }: { hop: HopView }) {
  if (hop.rules.length === 0) return null;
  return (
    <section>
      <h3>
        Rules walked{" "}
        <span className="muted">
          ({hop.rulesTested} tested, {hop.rulesMatched} matched)
        </span>
      </h3>
      <div className="rules-walked">
        {chainWalks(hop.rules).map((walk) => (
          <section key={`${walk.table} ${walk.chain} ${walk.rules[0]?.position}`}>
            <button
              type="button"
              className="link"
              title="Show this chain in the iptables tab"
              onClick={() => showRules(hop.node, walk)}
            >
              {walk.table} · {walk.chain}
            </button>
            <ol>
              {walk.rules.map((rule) => (
                <Rule key={`${rule.position} ${rule.text}`} rule={rule} />
              ))}
            </ol>
          </section>
        ))}
      </div>
    </section>
  );
}

function Rule({ rule: { text, matched, probability } }: { rule: RuleView }) {
  return (
    <li className={matched ? "matched" : "passed"}>
      <span className="mark" aria-hidden="true">
        {matched ? "✓" : "–"}
      </span>
      <span>
        <span className="visually-hidden">{matched ? "matched: " : "not matched: "}</span>
        {matched ? <strong>{text}</strong> : <s>{text}</s>}
        {probability !== undefined && (
          <span className="chance"> chance {percentText(probability)}</span>
        )}
      </span>
    </li>
  );
}

/** Rules in the order they were tested, cut where the chain changes. */
function chainWalks(rules: readonly RuleView[]): readonly ChainWalk[] {
  const walks: { table: string; chain: string; rules: RuleView[] }[] = [];
  for (const rule of rules) {
    const walk = walks.at(-1);
    if (walk?.table === rule.table && walk.chain === rule.chain) walk.rules.push(rule);
    else walks.push({ table: rule.table, chain: rule.chain, rules: [rule] });
  }
  return walks;
}
