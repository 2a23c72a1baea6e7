import { describeError } from "../../stores/session";
import type { DocumentError } from "../../worker/protocol";

interface ErrorListProps {
  readonly errors: readonly DocumentError[];
  readonly onGoTo: (place: { line: number; column: number }) => void;
}

/** What is wrong in a document; a click goes to the line. */
export function ErrorList({ errors, onGoTo }: ErrorListProps) {
  if (errors.length === 0) return null;
  return (
    <div className="document-errors" role="alert">
      <p>
        <strong>✕ Nothing was applied; the cluster is as it was.</strong>
      </p>
      <ul>
        {errors.map((error) => (
          <li key={describeError(error)}>
            {error.line === undefined ? (
              describeError(error)
            ) : (
              <button
                type="button"
                className="link"
                onClick={() => onGoTo({ line: error.line ?? 1, column: error.column ?? 1 })}
              >
                {describeError(error)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
