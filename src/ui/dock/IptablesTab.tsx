import { useEffect, useMemo, useRef, useState } from "react";
import { useSelection } from "../../stores/selection";
import { showAllRules, showRulesOf, useView } from "../../stores/view";
import type { NodeTables, RuleRow } from "../../worker/protocol";
import { Causes } from "../inspector/CauseChain";
import { keyText } from "../parts/describe";
import { RowsBox } from "../parts/RowsBox";
import { RestoredNote, RulesActions } from "../rules/RulesActions";
import { NodeBar, useShownNode } from "./NodeBar";
import { RuleDiff, SinceSelect } from "./RuleDiff";
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
export default function IptablesTab() {
  const node = useShownNode();
  const tables = useNodeTables(node);
  const focus = useView((state) => state.ruleFocus);
  const rulesOf = useView((state) => state.rulesOf);
  const selected = useSelection((state) => state.selected);
  const [filter, setFilter] = useState("");
  const [open, setOpen] = useState("");
  const [since, setSince] = useState<number | null>(null);
  const found = useMemo(
    () => (tables?.rules ?? []).filter((rule) => matches(rule, filter)),
    [tables, filter],
  );
  const shown = found.filter(
    (rule) =>
      (!focus || (rule.table === focus.table && rule.chain === focus.chain)) &&
      (!rulesOf || isBecauseOf(rule, rulesOf)),
  );
  const ofSelected =
    selected !== null && selected !== rulesOf && hasRules(selected)
      ? found.filter((rule) => isBecauseOf(rule, selected)).length
      : 0;
  const chains = chainsOf(since === null ? shown.slice(0, SHOWN_RULES) : []);
  const isAll = since === null && !focus && !rulesOf && filter === "";
  const top = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chain starts at its top
  useEffect(() => {
    if (top.current) top.current.scrollTop = 0;
  }, [focus, rulesOf, node]);

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
        <SinceSelect since={since} onChange={setSince} />
        {(focus || rulesOf) && (
          <span className="badge">
            {focus ? `${focus.table} · ${focus.chain}` : `because of ${keyText(rulesOf ?? "")}`}
            <button type="button" className="link" onClick={showAllRules}>
              show all
            </button>
          </span>
        )}
        {selected && ofSelected > 0 && (
          <button type="button" className="button small" onClick={() => showRulesOf(selected)}>
            {ofSelected} because of {keyText(selected)}
          </button>
        )}
        <span className="muted">
          {shown.length > SHOWN_RULES
            ? `${SHOWN_RULES} of ${shown.length} rules: filter for more`
            : `${shown.length} rules`}
        </span>
        <RulesActions />
      </NodeBar>
      <RestoredNote node={node} />
      <RowsBox label={`Rules of ${node}`} ref={top}>
        {!tables && <p className="empty">Reading the rules of {node} …</p>}
        {since !== null && <RuleDiff node={node} sinceUs={since} filter={filter} />}
        {since === null && tables && shown.length === 0 && (
          <p className="empty">{emptyText(focus !== null, rulesOf, node)}</p>
        )}
        {isAll && tables && <SilentDrops tables={tables} />}
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
                    onClick={() => useView.setState({ ruleFocus: { table, chain }, rulesOf: null })}
                  >
                    {table} · {chain}
                  </button>
                  {isDropping(tables, table, chain) && (
                    <span className="badge bad">policy DROP</span>
                  )}
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => {
                const key = `${id} ${rule.position}`;
                return (
                  <tr key={key} className={rowClass(rule, selected)}>
                    <td className="number">{rule.packets}</td>
                    <td className="number">{rule.bytes}</td>
                    <td>
                      <RuleText
                        rule={rule}
                        open={open === key}
                        onToggle={() => {
                          setOpen(open === key ? "" : key);
                          if (open !== key) selectCause(rule);
                        }}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        ))}
      </RowsBox>
    </>
  );
}

function isDropping(tables: NodeTables | undefined, table: string, chain: string): boolean {
  return tables?.dropping.some((one) => one.table === table && one.chain === chain) ?? false;
}

/** Chains without a rule that drop all the same. */
function SilentDrops({ tables: { dropping, rules } }: { readonly tables: NodeTables }) {
  const silent = dropping.filter(
    ({ table, chain }) => !rules.some((rule) => rule.table === table && rule.chain === chain),
  );
  if (silent.length === 0) return null;
  const names = silent.map(({ table, chain }) => `${table} · ${chain}`).join(", ");
  return (
    <p className="dock-note" role="note">
      {names}: no rules, policy DROP
    </p>
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
        data-pick
        aria-expanded={open}
        title="Why is this rule here? Selects the object behind it."
        onClick={onToggle}
      >
        {rule.text}
      </button>
      {open && <Causes causes={rule.causes} />}
    </>
  );
}

/** The object behind a rule, the most specific one: the pod of an endpoint before its Service. */
function selectCause({ causes }: RuleRow): void {
  const object = causes.find((cause) => cause.object !== undefined)?.object;
  if (object) useSelection.getState().select(object);
}

function emptyText(isChain: boolean, rulesOf: string | null, node: string): string {
  if (isChain) return "This chain has no rules at this moment.";
  return rulesOf
    ? `No rule on ${node} is there because of ${keyText(rulesOf)} at this moment.`
    : "No rule matches.";
}

/** Every rule has to do with a node: only what kube-proxy reads tells rules apart. */
function hasRules(key: string): boolean {
  return /^(Service|EndpointSlice|Pod)\//.test(key);
}

function isBecauseOf(rule: RuleRow, key: string): boolean {
  return rule.causes.some(({ object }) => object === key);
}

function rowClass(rule: RuleRow, selected: string | null): string {
  const isRelated = selected !== null && hasRules(selected) && isBecauseOf(rule, selected);
  return `${rule.packets > 0 ? "counted" : ""} ${isRelated ? "related" : ""}`.trim();
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
