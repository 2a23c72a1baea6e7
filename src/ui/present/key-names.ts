const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
};

const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta"]);

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** `Ctrl Z`, `Shift Tab`, `P`; empty for a modifier alone. */
export function nameOfKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  if (MODIFIERS.has(key)) return "";
  const isNamed = key.length > 1;
  return [
    ctrlKey && "Ctrl",
    metaKey && "Cmd",
    altKey && "Alt",
    // A shifted character already shows it.
    shiftKey && isNamed && "Shift",
    NAMES[key] ?? (isNamed ? key : key.toUpperCase()),
  ]
    .filter(Boolean)
    .join(" ");
}
