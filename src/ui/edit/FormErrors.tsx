import type { DocumentError } from "../../worker/protocol";

interface FormErrorsProps {
  readonly errors: readonly DocumentError[];
  /** The request was sent, and refused. */
  readonly isRefused: boolean;
  readonly onGoTo: (error: DocumentError) => void;
}

/** What the API server has said; a press goes to the field. */
export function FormErrors({ errors, isRefused, onGoTo }: FormErrorsProps) {
  if (errors.length === 0) return null;
  return (
    <div className="document-errors" role="alert">
      <p>
        <strong>
          {isRefused ? "✕ Refused; the cluster is as it was." : "✕ This would be refused:"}
        </strong>
      </p>
      <ul>
        {errors.map((error) => (
          <li key={error.message}>
            {error.field === undefined ? (
              error.message
            ) : (
              <button type="button" className="link" onClick={() => onGoTo(error)}>
                {error.message}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
