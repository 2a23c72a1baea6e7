import type { DocumentError } from "../../worker/protocol";

/** All that the API server has said, for fields that are not on this screen too. */
export function FormErrors({ errors }: { readonly errors: readonly DocumentError[] }) {
  if (errors.length === 0) return null;
  return (
    <div className="document-errors" role="alert">
      <p>
        <strong>✕ Refused; the cluster is as it was.</strong>
      </p>
      <ul>
        {errors.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </div>
  );
}
