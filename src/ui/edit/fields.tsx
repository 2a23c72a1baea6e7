import { type ReactNode, useId, useState } from "react";
import { useFieldErrors, useForm, useValue } from "./form-context";
import { formatPath, type Path } from "./manifest";
import { parseNumber } from "./text-values";

interface FieldProps {
  readonly label: string;
  readonly path: Path;
  readonly hint?: ReactNode;
}

interface ShellProps extends FieldProps {
  readonly children: (control: {
    readonly id: string;
    readonly name: string;
    readonly "aria-invalid": boolean;
    readonly "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** Label, control, and beside it what the API server says. */
function FieldShell({ label, path, hint, children }: ShellProps) {
  const id = useId();
  const errors = useFieldErrors(path);
  const isWrong = errors.length > 0;
  const described = [isWrong && `${id}-errors`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={`form-field ${isWrong ? "wrong" : ""}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name: formatPath(path),
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

interface TextFieldProps extends FieldProps {
  readonly parse?: (text: string) => unknown;
  readonly format?: (value: unknown) => string;
  readonly placeholder?: string;
  /** The field stays as it is once the object exists. */
  readonly fixed?: boolean;
  readonly onText?: (value: unknown) => void;
  readonly numeric?: boolean;
}

const asText = (text: string) => (text === "" ? undefined : text);
const formatText = (value: unknown) => (value === undefined || value === null ? "" : String(value));

/** What was typed stays as it was typed, as long as the manifest means the same. */
export function TextField({
  parse = asText,
  format = formatText,
  placeholder,
  fixed = false,
  numeric = false,
  onText,
  ...field
}: TextFieldProps) {
  const { set, exists } = useForm();
  const value = useValue(field.path);
  const [typed, setTyped] = useState(() => format(value));
  const text = JSON.stringify(parse(typed)) === JSON.stringify(value) ? typed : format(value);
  return (
    <FieldShell {...field}>
      {(control) => (
        <input
          {...control}
          className="field"
          autoComplete="off"
          spellCheck={false}
          inputMode={numeric ? "numeric" : undefined}
          readOnly={fixed && exists}
          placeholder={placeholder}
          value={text}
          onChange={({ target }) => {
            setTyped(target.value);
            const parsed = parse(target.value);
            set(field.path, parsed);
            onText?.(parsed);
          }}
        />
      )}
    </FieldShell>
  );
}

export function NumberField(props: FieldProps & { readonly placeholder?: string }) {
  return <TextField {...props} parse={parseNumber} numeric />;
}

interface SelectFieldProps extends FieldProps {
  /** Values and what they are called; "" stands for no value. */
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}

export function SelectField({ options, value, onChange, ...field }: SelectFieldProps) {
  const { set } = useForm();
  const current = formatText(useValue(field.path));
  const shown = value ?? current;
  const listed = options.some(([one]) => one === shown)
    ? options
    : [...options, [shown, shown] as const];
  return (
    <FieldShell {...field}>
      {(control) => (
        <select
          {...control}
          className="field"
          value={shown}
          onChange={({ target }) =>
            onChange ? onChange(target.value) : set(field.path, asText(target.value))
          }
        >
          {listed.map(([one, label]) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
      )}
    </FieldShell>
  );
}

interface CheckFieldProps extends FieldProps {
  readonly on: unknown;
  readonly isOn?: (value: unknown) => boolean;
}

/** A box: ticked, the field has that value; otherwise it is not there. */
export function CheckField({
  on,
  isOn = (value) => value !== undefined && value !== false,
  ...field
}: CheckFieldProps) {
  const { set } = useForm();
  const value = useValue(field.path);
  return (
    <FieldShell {...field}>
      {(control) => (
        <input
          {...control}
          type="checkbox"
          checked={isOn(value)}
          onChange={({ target }) => set(field.path, target.checked ? on : undefined)}
        />
      )}
    </FieldShell>
  );
}
