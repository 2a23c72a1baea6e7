import { type ReactNode, useId } from "react";
import { useFieldErrors } from "./form-context";
import { formatPath, type Path } from "./manifest";

export interface FieldProps {
  readonly label: string;
  readonly path: Path;
  readonly hint?: ReactNode;
  /** What else the API server calls this field in its errors. */
  readonly also?: readonly string[];
}

interface Control {
  readonly id: string;
  readonly name: string;
  readonly "data-also": string | undefined;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

/** Label, control, and beside it what the API server says. By its `name` an error finds the control. */
export function FieldShell({
  label,
  path,
  hint,
  also,
  children,
}: FieldProps & { readonly children: (control: Control) => ReactNode }) {
  const id = useId();
  const errors = useFieldErrors(path, also);
  const isWrong = errors.length > 0;
  const described = [isWrong && `${id}-errors`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={`form-field ${isWrong ? "wrong" : ""}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name: formatPath(path),
        "data-also": also?.join(" "),
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
