import { memo, useId, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { parseHttpOptions } from "../../core/net/http-message";
import { type MirrorRecords, objectsOf, useMirror } from "../../stores/mirror";
import { setFrom, setTo, setUrl, useSession } from "../../stores/session";
import { sourceChoices, speaksHttp, type TargetChoice, targetChoices } from "../../stores/targets";
import { perform } from "../actions/action";
import { sendRequest } from "../actions/traffic";
import { Icon } from "../parts/Icon";
import { LoadControls } from "../traffic/LoadControls";

/** Who sends to whom. */
export function SendBar() {
  const from = useSession((state) => state.from);
  const to = useSession((state) => state.to);
  const ready = useSession((state) => state.phase.kind === "running");
  const listId = useId();

  return (
    <form
      className="send-bar"
      aria-label="Send a request"
      onSubmit={(event) => {
        event.preventDefault();
        perform(sendRequest);
      }}
    >
      <label className="from">
        <span>From</span>
        <select
          className="field"
          aria-label="From"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        >
          <Sources chosen={from} />
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
      <UrlField />
      <datalist id={listId}>
        <Targets />
      </datalist>
      <button
        type="submit"
        className="button primary"
        data-action={sendRequest.id}
        disabled={!ready}
        title="Send one request (Space, when nothing is followed yet)"
      >
        <Icon name="send" /> Send
      </button>
      <LoadControls />
    </form>
  );
}

/** Host and path of the request, where the target may speak HTTP. */
function UrlField() {
  const url = useSession((state) => state.url);
  const isShown = useSession((state) => speaksHttp(state.to));
  const hasRoutes = useMirror(({ records }) => objectsOf(records, "Ingress").length > 0);
  if (!isShown) return null;
  const isWanted = url.trim() !== "" || hasRoutes;
  const isWrong = url.trim() !== "" && parseHttpOptions(url) === undefined;
  return (
    <label className={isWanted ? "url wanted" : "url"}>
      <span className="visually-hidden">URL</span>
      <input
        className="field mono"
        aria-label="URL or path"
        aria-invalid={isWrong}
        title="Host and path of the HTTP request: shop.example.com/cart, /cart, POST /cart"
        value={url}
        maxLength={2_000}
        spellCheck={false}
        autoComplete="off"
        placeholder="host/path"
        onChange={(event) => setUrl(event.target.value)}
        onFocus={(event) => event.target.select()}
      />
    </label>
  );
}

/** Hundreds of options: drawn again only when there are others. */
const Sources = memo(function Sources({ chosen }: { chosen: string }) {
  const choices = useChoices(sourceChoices);
  const isGone = chosen !== "" && !choices.some(({ value }) => value === chosen);
  return (
    <>
      {isGone && <option value={chosen}>{shortName(chosen)} (gone)</option>}
      {groupsOf(choices).map(([group, values]) => (
        <optgroup key={group} label={group}>
          {values.map((value) => (
            <option key={value} value={value}>
              {shortName(value)}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  );
});

const Targets = memo(function Targets() {
  return useChoices(targetChoices).map(({ value, group }) => (
    <option key={value} value={value}>
      {group}
    </option>
  ));
});

/** The same array as long as the same can be chosen. */
function useChoices(
  choicesIn: (records: MirrorRecords) => readonly TargetChoice[],
): readonly TargetChoice[] {
  const texts = useMirror(
    useShallow(({ records }) => choicesIn(records).map(({ group, value }) => `${group}\n${value}`)),
  );
  return useMemo(
    () =>
      texts.map((text) => {
        const [group = "", value = ""] = text.split("\n");
        return { group, value };
      }),
    [texts],
  );
}

function shortName(source: string): string {
  return source.replace(/^(host|node|pod)\/(default\/)?/, "");
}

function groupsOf(
  choices: readonly TargetChoice[],
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { group, value } of choices) groups.set(group, [...(groups.get(group) ?? []), value]);
  return [...groups];
}
