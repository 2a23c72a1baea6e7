import { Command } from "cmdk";
import { type CSSProperties, useEffect, useRef } from "react";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { findObject, useMirror } from "../../stores/mirror";
import { closePalette } from "../../stores/palette";
import { actionsFor } from "../edit/object-actions";
import { keyText } from "../parts/describe";
import { type Entry, paletteEntries } from "./entries";
import { rank } from "./rank";
import "./palette.css";

interface PaletteDialogProps {
  readonly about: string | null;
  readonly at?: { readonly x: number; readonly y: number };
}

/** Everything that can be done, found by typing; or what can be done to one object, where it stands. */
export default function PaletteDialog({ about, at }: PaletteDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef(document.activeElement);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("input")?.focus();
  }, []);
  const entries = about ? objectEntries(about) : paletteEntries();
  const groups = [...new Set(entries.map(({ group }) => group))];
  const label = about ? `Actions for ${keyText(about)}` : "Commands";

  function close() {
    closePalette();
    const { current } = opener;
    if (current instanceof HTMLElement && current.isConnected) current.focus();
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
      <Command label={label} loop filter={rank}>
        <Command.Input placeholder={about ? keyText(about) : "Type a command or a name"} />
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
                    keywords={[entry.label, entry.group]}
                    onSelect={() => {
                      close();
                      entry.run();
                    }}
                  >
                    <span>{entry.label}</span>
                    {entry.keys && <kbd>{entry.keys}</kbd>}
                    {entry.command && <code>{entry.command}</code>}
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  );
}

function objectEntries(key: string): readonly Entry[] {
  const { records } = useMirror.getState();
  const object = findObject(records, key);
  if (!object) return [];
  return actionsFor(object, records).map(({ id, label, action, run }) => ({
    id,
    label,
    group: keyText(key),
    run,
    ...(action && { command: kubectlEquivalent(action) }),
  }));
}

const WIDTH_PX = 340;
const HEIGHT_PX = 330;

function placeStyle({ x, y }: { x: number; y: number }): CSSProperties {
  return {
    left: Math.max(8, Math.min(x, innerWidth - WIDTH_PX - 8)),
    top: Math.max(8, Math.min(y, innerHeight - HEIGHT_PX - 8)),
  };
}
