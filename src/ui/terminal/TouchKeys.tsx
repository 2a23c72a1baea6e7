const KEYS = [
  ["Tab", "\t", "Complete"],
  ["↑", "\x1b[A", "Earlier line"],
  ["↓", "\x1b[B", "Later line"],
  ["Ctrl-C", "\x03", "Interrupt"],
  ["Ctrl-R", "\x12", "Search the history"],
  ["|", "|", "Pipe"],
] as const;

/** Keys that a phone's keyboard does not have; shown where the pointer is a finger. */
export function TouchKeys({ onPress }: { readonly onPress: (data: string) => void }) {
  return (
    <div className="terminal-keys">
      {KEYS.map(([shown, data, label]) => (
        <button
          key={shown}
          type="button"
          className="button small"
          aria-label={label}
          onClick={() => onPress(data)}
        >
          {shown}
        </button>
      ))}
    </div>
  );
}
