import { announce, notify } from "../../stores/notices";
import { runInTerminal } from "../../stores/terminals";
import { Icon } from "../parts/Icon";

interface CommandLineProps {
  /** Undefined: kubectl has no words for it. */
  readonly command: string | undefined;
}

/** The kubectl line that does the same, to copy, or to run in the terminal. */
export function CommandLine({ command }: CommandLineProps) {
  if (command === undefined)
    return (
      <p className="muted command-line">
        kubectl cannot do this: it happens on the machine, not in the API.
      </p>
    );
  return (
    <div className="command-line">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{command}</pre>
      <button
        type="button"
        className="button icon small"
        aria-label="Copy the command"
        title="Copy the command"
        onClick={() => copy(command)}
      >
        <Icon name="copy" size={12} />
      </button>
      <button
        type="button"
        className="button icon small"
        aria-label="Run in the terminal"
        title="Run in the terminal"
        onClick={() => runInTerminal(command)}
      >
        <Icon name="command" size={12} />
      </button>
    </div>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce("Copied.");
    notify("ok", "Copied.");
  } catch {
    notify("error", "The browser does not let this page copy. Select the text and copy it.");
  }
}
