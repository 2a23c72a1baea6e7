import { useEffect, useState } from "react";
import { nameOfKey } from "./key-names";

const SHOWN_MS = 1_600;
const MOST_KEYS = 4;
const TYPED_INTO = "input, textarea, select, [contenteditable=true], .cm-editor";

interface PressedKey {
  readonly id: number;
  readonly name: string;
}

/** The keys that were just pressed, for those who watch. What is typed into a field is nobody's business. */
export default function KeysOnScreen() {
  const [keys, setKeys] = useState<readonly PressedKey[]>([]);
  useEffect(() => {
    let lastId = 0;
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const onKeyDown = (event: KeyboardEvent) => {
      const name = nameOfKey(event);
      if (!name || (event.target instanceof Element && event.target.closest(TYPED_INTO))) return;
      const key = { id: ++lastId, name };
      setKeys((shown) => [...shown, key].slice(-MOST_KEYS));
      const timer = setTimeout(() => {
        timers.delete(timer);
        setKeys((shown) => shown.filter(({ id }) => id !== key.id));
      }, SHOWN_MS);
      timers.add(timer);
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      window.removeEventListener("keydown", onKeyDown, { capture: true });
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  if (keys.length === 0) return null;
  return (
    <div className="keys-on-screen" aria-hidden="true">
      {keys.map(({ id, name }) => (
        <kbd key={id}>{name}</kbd>
      ))}
    </div>
  );
}
