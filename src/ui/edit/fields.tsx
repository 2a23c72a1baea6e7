import { useState } from "react";
import { type FieldProps, FieldShell } from "./FieldShell";
import { useForm, useValue } from "./form-context";
import { formatPairs, formatWords, parseNumber, parsePairs, parseWords } from "./text-values";

/** Something to choose instead of typing it. */
export interface Choice {
  readonly value: string;
  readonly label?: string;
}

interface TextFieldProps extends FieldProps {
  readonly parse?: (text: string) => unknown;
  readonly format?: (value: unknown) => string;
  readonly placeholder?: string | undefined;
  /** The field stays as it is once the object exists. */
  readonly fixed?: boolean;
  readonly numeric?: boolean;
  readonly choices?: readonly Choice[];
  /** Sets more than the field alone. */
  readonly onSet?: (value: unknown) => void;
}

const asText = (text: string) => (text === "" ? undefined : text);
const formatText = (value: unknown) =>
  value === undefined || value === null
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

/** What was typed stays as it was typed, as long as the manifest means the same. */
export function TextField({
  parse = asText,
  format = formatText,
  placeholder,
  fixed = false,
  numeric = false,
  choices = [],
  onSet,
  ...field
}: TextFieldProps) {
  const { set, exists } = useForm();
  const value = useValue(field.path);
  const [typed, setTyped] = useState(() => format(value));
  const text = JSON.stringify(parse(typed)) === JSON.stringify(value) ? typed : format(value);
  return (
    <FieldShell {...field}>
      {(control) => (
        <>
          <input
            {...control}
            className="field"
            autoComplete="off"
            spellCheck={false}
            inputMode={numeric ? "numeric" : undefined}
            readOnly={fixed && exists}
            placeholder={placeholder}
            list={choices.length > 0 ? `${control.id}-choices` : undefined}
            value={text}
            onChange={({ target }) => {
              setTyped(target.value);
              const next = parse(target.value);
              if (onSet) onSet(next);
              else set(field.path, next);
            }}
          />
          {choices.length > 0 && (
            <datalist id={`${control.id}-choices`}>
              {choices.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </FieldShell>
  );
}

type TypedFieldProps = Omit<TextFieldProps, "parse" | "format" | "numeric">;

export function NumberField(props: TypedFieldProps) {
  return <TextField {...props} parse={parseNumber} numeric />;
}

/** A port by number or by name, an amount in pieces or percent. */
export function NumberOrTextField(props: TypedFieldProps) {
  return <TextField {...props} parse={parseNumber} />;
}

/** `10.0.0.0/8, 192.168.0.0/16` */
export function WordsField(props: TypedFieldProps) {
  return <TextField {...props} parse={parseWords} format={formatWords} />;
}

/** `app=web, tier=front` */
export function PairsField(props: TypedFieldProps) {
  return <TextField {...props} parse={parsePairs} format={formatPairs} />;
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

/** Yes, no, or as the API server has it. */
export function FlagField({
  unset,
  ...field
}: FieldProps & { /** What it means not to say it. */ readonly unset: string }) {
  const { set } = useForm();
  const value = useValue(field.path);
  return (
    <SelectField
      {...field}
      options={[
        ["", unset],
        ["true", "true"],
        ["false", "false"],
      ]}
      value={value === undefined ? "" : formatText(value)}
      onChange={(next) => set(field.path, next === "" ? undefined : next === "true")}
    />
  );
}

/** A box: ticked, the field has that value; otherwise it is not there. */
export function CheckField({ on, ...field }: FieldProps & { readonly on: unknown }) {
  const { set } = useForm();
  const value = useValue(field.path);
  return (
    <FieldShell {...field}>
      {(control) => (
        <input
          {...control}
          type="checkbox"
          checked={value !== undefined && value !== false}
          onChange={({ target }) => set(field.path, target.checked ? on : undefined)}
        />
      )}
    </FieldShell>
  );
}
