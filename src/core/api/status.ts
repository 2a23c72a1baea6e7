/** The API server's answer when it refuses. Source: apimachinery/pkg/api/errors, metav1.Status. */
export interface Status {
  readonly reason:
    | "NotFound"
    | "AlreadyExists"
    | "Conflict"
    | "Invalid"
    | "BadRequest"
    | "Forbidden"
    | "InternalError";
  readonly code: number;
  /** What `kubectl` prints after its prefix. */
  readonly message: string;
  /** One for each wrong field. */
  readonly causes?: readonly { readonly field: string; readonly message: string }[];
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: Status };
