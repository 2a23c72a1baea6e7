import { useEffect, useMemo, useRef, useState } from "react";
import { useView } from "../../stores/view";
import type { RuleRow } from "../../worker/protocol";
import { Causes } from "../inspector/CauseChain";
import { ScrollBox } from "../parts/ScrollBox";
import { NodeBar, useShownNode } from "./NodeBar";
import { useNodeTables } from "./use-node-tables";

/** More than this would be slow to draw; the filter narrows it down. */
const SHOWN_RULES = 400;

interface ChainRules {
  readonly id: string;
  readonly table: string;
  readonly chain: string;
  readonly rules: readonly RuleRow[];
}

/** A node's rules with their counters, at the moment that is shown. */
export function IptablesTab() {
  const node = useShownNode();
  const tables = useNodeTables(node);
  const focus = useView((state) => state.ruleFocus);
  const [filter, setFilter] = useState("");
  const [open, setOpen] = useState("");
  const found = useMemo(
    () => (tables?.rules ?? []).filter((rule) => matches(rule, filter)),
    [tables, filter],
  );
  const shown = focus
    ? found.filter((rule) => rule.table === focus.table && rule.chain === focus.chain)
    : found;
  const chains = chainsOf(shown.slice(0, SHOWN_RULES));
  const top = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chain starts at its top
  useEffect(() => {
    if (top.current) top.current.scrollTop = 0;
  }, [focus, node]);

  return (
    <>
      <NodeBar>
        <input
          className="field"
          type="search"
          placeholder="Filter rules"
          aria-label="Filter rules"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        {focus && (
          <span className="badge">
            {focus.table} · {focus.chain}
            <button
              type="button"
              className="link"
              onClick={() => useView.setState({ ruleFocus: null })}
            >
              show all
            </button>
          </span>
        )}
        <span className="muted">
          {shown.length > SHOWN_RULES
            ? `${SHOWN_RULES} of ${shown.length} rules: filter for more`
            : `${shown.length} rules`}
        </span>
      </NodeBar>
      <ScrollBox label={`Rules of ${node}`} ref={top}>
        {!tables && <p className="empty">Reading the rules of {node} …</p>}
        {tables && shown.length === 0 && (
          <p className="empty">
            {focus ? "This chain has no rules at this moment." : "No rule matches."}
          </p>
        )}
        {chains.map(({ id, table, chain, rules }) => (
          <table className="data rules" key={id} aria-label={`${table} ${chain}`}>
            <thead>
              <tr>
                <th scope="col" className="number">
                  packets
                </th>
                <th scope="col" className="number">
                  bytes
                </th>
                <th scope="col">
                  <button
                    type="button"
                    className="link"
                    onClick={() => useView.setState({ ruleFocus: { table, chain } })}
                  >
                    {table} · {chain}
                  </button>
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => {
                const key = `${id} ${rule.position}`;
                return (
                  <tr key={key} className={rule.packets > 0 ? "counted" : undefined}>
                    <td className="number">{rule.packets}</td>
                    <td className="number">{rule.bytes}</td>
                    <td>
                      <RuleText
                        rule={rule}
                        open={open === key}
                        onToggle={() => setOpen(open === key ? "" : key)}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        ))}
      </ScrollBox>
    </>
  );
}

function RuleText({
  rule,
  open,
  onToggle,
}: {
  rule: RuleRow;
  open: boolean;
  onToggle: () => void;
}) {
  if (rule.causes.length === 0) return <code>{rule.text}</code>;
  return (
    <>
      <button
        type="button"
        className="rule-text mono"
        aria-expanded={open}
        title="Why is this rule here?"
        onClick={onToggle}
      >
        {rule.text}
      </button>
      {open && <Causes causes={rule.causes} />}
    </>
  );
}

function matches(rule: RuleRow, filter: string): boolean {
  return `${rule.table} ${rule.text}`.toLowerCase().includes(filter.trim().toLowerCase());
}

function chainsOf(rules: readonly RuleRow[]): readonly ChainRules[] {
  const chains = new Map<string, { id: string; table: string; chain: string; rules: RuleRow[] }>();
  for (const rule of rules) {
    const id = `${rule.table} ${rule.chain}`;
    const known = chains.get(id);
    if (known) known.rules.push(rule);
    else chains.set(id, { id, table: rule.table, chain: rule.chain, rules: [rule] });
  }
  return [...chains.values()];
}
