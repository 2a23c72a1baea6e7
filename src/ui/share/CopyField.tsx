import { useId, useRef, useState } from "react";
import { copyText } from "./clipboard";

interface CopyFieldProps {
  readonly label: string;
  readonly text: string;
  /** Lines that are shown. */
  readonly rows: number;
  /** Id of the action that copies the same without the dialog. */
  readonly action: string;
  /** What was found out about the clipboard before this was shown. */
  readonly copied?: boolean;
}

/** A text to take along: by a button, or by selecting it where the clipboard is out of reach. */
export function CopyField({ label, text, rows, action, copied }: CopyFieldProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [done, setDone] = useState<{ readonly text: string; readonly ok: boolean } | null>(
    copied === undefined ? null : { text, ok: copied },
  );
  const state = done?.text === text ? done : null;

  async function copy() {
    const ok = await copyText(text);
    if (!ok) field.current?.select();
    setDone({ text, ok });
  }

  return (
    <div className="copy-field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        ref={field}
        className="field mono"
        rows={rows}
        readOnly
        spellCheck={false}
        value={text}
        onFocus={(event) => event.target.select()}
      />
      <div className="dialog-actions">
        <p className="copy-state" role="status">
          {state &&
            (state.ok
              ? "Copied to the clipboard."
              : "The clipboard is out of reach: select the text above and copy it.")}
        </p>
        <button type="button" className="button primary" data-action={action} onClick={copy}>
          Copy
        </button>
      </div>
    </div>
  );
}
