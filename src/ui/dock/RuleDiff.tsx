import { useState } from "react";
import { useMirror } from "../../stores/mirror";
import type { RuleChange } from "../../worker/protocol";
import { Causes } from "../inspector/CauseChain";
import { clockText } from "../parts/describe";
import { useAsked } from "./use-asked";

const SECOND_US = 1_000_000;

/** Moments to compare with, in microseconds before the one that is shown. */
const AGO = [
  { label: "1 second ago", us: SECOND_US },
  { label: "10 seconds ago", us: 10 * SECOND_US },
  { label: "1 minute ago", us: 60 * SECOND_US },
] as const;

interface SinceSelectProps {
  /** Virtual microseconds; null: no comparison. */
  readonly since: number | null;
  readonly onChange: (since: number | null) => void;
}

/** Chooses the moment that the rules are compared with. */
export function SinceSelect({ since, onChange }: SinceSelectProps) {
  const [label, setLabel] = useState("");
  const choose = (value: string) => {
    const { nowUs } = useMirror.getState();
    if (value === "") return onChange(null);
    const ago = AGO.find((moment) => moment.label === value);
    const moment = value === "start" ? 0 : nowUs - (ago?.us ?? 0);
    setLabel(value === "start" ? "the start" : clockText(Math.max(0, moment)));
    onChange(Math.max(0, moment));
  };
  return (
    <label>
      Changes since{" "}
      <select
        className="field"
        value={since === null ? "" : "chosen"}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">—</option>
        {since !== null && <option value="chosen">{label}</option>}
        <option value="now">this moment on</option>
        {AGO.map((moment) => (
          <option key={moment.label}>{moment.label}</option>
        ))}
        <option value="start">the start</option>
      </select>
    </label>
  );
}

interface RuleDiffProps {
  readonly node: string;
  readonly sinceUs: number;
  readonly filter: string;
}

/** What was written and deleted in a node's rules since then, with the objects that are the reason. */
export function RuleDiff({ node, sinceUs, filter }: RuleDiffProps) {
  const changes = useAsked(`${node} ${sinceUs}`, (simulation) =>
    simulation.ruleChanges(node, sinceUs),
  );
  const wanted = filter.trim().toLowerCase();
  const shown = (changes ?? []).filter(({ text }) => text.toLowerCase().includes(wanted));
  if (!changes) return <p className="empty">Comparing the rules of {node} …</p>;
  if (shown.length === 0) return <p className="empty">No rule of {node} has changed since then.</p>;
  return (
    <table className="data rule-diff" aria-label={`Changed rules of ${node}`}>
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">Rule</th>
          <th scope="col">Because of</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((change, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff have no other identity
          <ChangedRule key={position} change={change} />
        ))}
      </tbody>
    </table>
  );
}

function ChangedRule({ change: { change, table, text, causes } }: { change: RuleChange }) {
  return (
    <tr className={change}>
      <td className="change">
        <span aria-hidden="true">{change === "added" ? "+" : "−"}</span> {change}
      </td>
      <td className="rule">
        <span className="muted">{table}</span> <code>{text}</code>
      </td>
      <td className="because">{causes.length > 0 && <Causes causes={causes} />}</td>
    </tr>
  );
}
