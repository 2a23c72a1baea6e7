import { Command } from "cmdk";
import {
  type CSSProperties,
  type KeyboardEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { ObjectKey } from "../../core/api/types";
import { closePalette } from "../../stores/palette";
import { type Action, keyName } from "../actions/action";
import { keptActions } from "../actions/workspaces";
import { keyText } from "../parts/describe";
import { allResults, type Entry, objectResults } from "./results";
import "./palette.css";

interface PaletteDialogProps {
  readonly about: ObjectKey | null;
  readonly at?: { readonly x: number; readonly y: number };
}

/** Everything that can be done, found by typing; or what can be done to one object, where it stands. */
export default function PaletteDialog({ about, at }: PaletteDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef(document.activeElement);
  const [object, setObject] = useState(about);
  const [typed, setTyped] = useState("");
  const kept = useKeptWorkspaces();
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
  }, []);
  const entries = useMemo(
    () => (object ? objectResults(object, typed) : allResults(typed, kept)),
    [object, typed, kept],
  );
  const groups = [...new Set(entries.map(({ group }) => group))];
  const label = object ? `Actions for ${keyText(object)}` : "Commands";

  function close() {
    closePalette();
    const { current } = opener;
    if (current instanceof HTMLElement && current.isConnected) current.focus();
  }

  function show(next: ObjectKey | null) {
    setObject(next);
    setTyped("");
  }

  function choose({ does }: Entry) {
    if ("object" in does) return show(does.object);
    close();
    void does.run();
  }

  /** From an object that was found here, back to all. */
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Backspace" || typed !== "" || object === about) return;
    event.preventDefault();
    show(about);
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by keyboard
    <dialog
      ref={dialog}
      className={`palette ${at ? "at-place" : ""}`}
      style={at && placeStyle(at)}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <Command label={label} loop shouldFilter={false} onKeyDown={onKeyDown}>
        <Command.Input
          placeholder={object ? keyText(object) : "Type a command, a name or an address"}
          value={typed}
          onValueChange={setTyped}
        />
        <Command.List label={label}>
          <Command.Empty>Nothing matches.</Command.Empty>
          {groups.map((group) => (
            <Command.Group key={group} heading={group}>
              {entries
                .filter((entry) => entry.group === group)
                .map((entry) => (
                  <Command.Item
                    key={entry.id}
                    value={entry.id}
                    data-action={entry.id}
                    disabled={entry.why !== ""}
                    onSelect={() => choose(entry)}
                  >
                    <Line entry={entry} />
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  );
}

function Line({ entry: { label, detail, does, why } }: { entry: Entry }) {
  if ("object" in does)
    return (
      <>
        <span>{label}</span>
        <small className="mono muted">{detail}</small>
        <span className="palette-more" aria-hidden="true">
          ›
        </span>
      </>
    );
  const command = does.command?.();
  return (
    <>
      <span>{label}</span>
      {does.keys?.slice(0, 1).map((key) => (
        <kbd key={key.key}>{keyName(key)}</kbd>
      ))}
      {why !== "" && <small>{why}</small>}
      {command && <code>{command}</code>}
    </>
  );
}

/** They are asked for when the palette is opened, and come a little later. */
function useKeptWorkspaces(): readonly Action[] {
  const [actions, setActions] = useState<readonly Action[]>([]);
  useEffect(() => {
    let wanted = true;
    keptActions().then((kept) => wanted && setActions(kept));
    return () => {
      wanted = false;
    };
  }, []);
  return actions;
}

const WIDTH_PX = 340;
const HEIGHT_PX = 330;

function placeStyle({ x, y }: { x: number; y: number }): CSSProperties {
  return {
    left: Math.max(8, Math.min(x, innerWidth - WIDTH_PX - 8)),
    top: Math.max(8, Math.min(y, innerHeight - HEIGHT_PX - 8)),
  };
}
