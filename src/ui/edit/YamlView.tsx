import { useState } from "react";
import type { DocumentError } from "../../worker/protocol";
import { LazyEditor } from "../editor/LazyEditor";
import { placedErrors } from "./request-text";

interface YamlViewProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Of the text itself: it cannot be read. */
  readonly mistakes: readonly DocumentError[];
  /** Of the request. */
  readonly errors: readonly DocumentError[];
}

/** The request as YAML, each error at its line. */
export function YamlView({ text, onChange, mistakes, errors }: YamlViewProps) {
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null);
  const placed = mistakes.length > 0 ? mistakes : placedErrors(text, errors);
  return (
    <>
      <div className="form-yaml">
        <LazyEditor
          label="The request as YAML"
          value={text}
          errors={placed}
          goTo={goTo}
          onChange={onChange}
        />
      </div>
      {placed.length > 0 && (
        <ul className="field-errors" aria-label="Errors by line">
          {placed.map(({ message, line = 1, column = 1 }) => (
            <li key={`${line} ${message}`}>
              <button type="button" className="link" onClick={() => setGoTo({ line, column })}>
                ✕ line {line}: {message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
