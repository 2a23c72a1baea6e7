import { useId, useMemo } from "react";
import { useMirror } from "../../stores/mirror";
import { send, setFrom, setTo, useSession } from "../../stores/session";
import { sourceChoices, type TargetChoice, targetChoices } from "../../stores/targets";
import { showInspector } from "../../stores/view";
import { Icon } from "../parts/Icon";
import { LoadControls } from "../traffic/LoadControls";

/** Who sends to whom. */
export function SendBar() {
  const records = useMirror((state) => state.records);
  const from = useSession((state) => state.from);
  const to = useSession((state) => state.to);
  const ready = useSession((state) => state.phase.kind === "running");
  const sources = useMemo(() => groupsOf(sourceChoices(records)), [records]);
  const isGone = from !== "" && !sources.some(([, values]) => values.includes(from));
  const targets = useMemo(() => targetChoices(records), [records]);
  const listId = useId();

  return (
    <form
      className="send-bar"
      aria-label="Send a request"
      onSubmit={(event) => {
        event.preventDefault();
        showInspector("packet");
        send();
      }}
    >
      <label>
        <span>From</span>
        <select
          className="field"
          aria-label="From"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        >
          {isGone && <option value={from}>{shortName(from)} (gone)</option>}
          {sources.map(([group, values]) => (
            <optgroup key={group} label={group}>
              {values.map((value) => (
                <option key={value} value={value}>
                  {shortName(value)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <Icon name="arrow" size={14} />
      <label className="to">
        <span>To</span>
        <input
          className="field mono"
          aria-label="To"
          list={listId}
          value={to}
          spellCheck={false}
          autoComplete="off"
          placeholder="lb/…, svc/…, pod/…, 10.96.0.1:443"
          onChange={(event) => setTo(event.target.value)}
          onFocus={(event) => event.target.select()}
        />
      </label>
      <datalist id={listId}>
        {targets.map(({ value, group }) => (
          <option key={value} value={value}>
            {group}
          </option>
        ))}
      </datalist>
      <button
        type="submit"
        className="button primary"
        disabled={!ready}
        title="Send one request (Space, when nothing is followed yet)"
      >
        <Icon name="send" /> Send
      </button>
      <LoadControls />
    </form>
  );
}

function shortName(source: string): string {
  return source.replace(/^(host|node|pod)\//, "");
}

function groupsOf(
  choices: readonly TargetChoice[],
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { group, value } of choices) groups.set(group, [...(groups.get(group) ?? []), value]);
  return [...groups];
}
