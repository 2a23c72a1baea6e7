import { type ReactNode, useId } from "react";
import { useFieldErrors, useOwnErrors } from "./form-context";
import { formatPath, type Path } from "./manifest";

export interface FieldProps {
  readonly label: string;
  readonly path: Path;
  readonly hint?: ReactNode;
  /** What else the API server calls this field in its errors. */
  readonly also?: readonly string[];
  /** Other fields tell of what is in it. */
  readonly isOuter?: boolean;
}

interface Control {
  readonly id: string;
  readonly name: string;
  readonly "data-also": string | undefined;
  readonly "data-outer": "" | undefined;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

/** Label, control, and beside it what the API server says. By its `name` an error finds the control. */
export function FieldShell({
  label,
  path,
  hint,
  also,
  isOuter = false,
  children,
}: FieldProps & { readonly children: (control: Control) => ReactNode }) {
  const id = useId();
  const own = useOwnErrors(path);
  const all = useFieldErrors(path, also);
  const errors = isOuter ? own : all;
  const isWrong = errors.length > 0;
  const described = [isWrong && `${id}-errors`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={`form-field ${isWrong ? "wrong" : ""}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name: formatPath(path),
        "data-also": also?.join(" "),
        "data-outer": isOuter ? "" : undefined,
        "aria-invalid": isWrong,
        "aria-describedby": described || undefined,
      })}
      {isWrong && (
        <ul className="field-errors" id={`${id}-errors`}>
          {errors.map((error) => (
            <li key={error}>✕ {error}</li>
          ))}
        </ul>
      )}
      {hint && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
