import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "../parts/Icon";
import { useFieldErrors, useForm, useOwnErrors, useValue } from "./form-context";
import { formatPath, type Path } from "./manifest";

interface RowsProps {
  readonly title: string;
  /** What one row is called. */
  readonly one: string;
  readonly path: Path;
  readonly fresh: (count: number) => unknown;
  readonly children: (path: Path) => ReactNode;
  /** Rows hold more than a few fields beside each other. */
  readonly isDeep?: boolean;
}

/** A list in the manifest, each item with its own fields. */
export function Rows({ title, one, path, fresh, children, isDeep = false }: RowsProps) {
  const { set } = useForm();
  const value = useValue(path);
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const own = useOwnErrors(path);
  const all = useFieldErrors(path);
  const list = useRef<HTMLFieldSetElement>(null);
  const isAdded = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the new row is there
  useEffect(() => {
    if (!isAdded.current) return;
    isAdded.current = false;
    const rows = list.current?.querySelectorAll(":scope > .form-row");
    rows?.[rows.length - 1]?.querySelector<HTMLElement>("input, select")?.focus();
  }, [items.length]);
  return (
    <fieldset className="form-rows" name={formatPath(path)} ref={list}>
      <legend>{title}</legend>
      {items.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the manifest's list is known by position, as in the API server's words
        <Row key={index} one={one} path={[...path, index]} isDeep={isDeep}>
          {children([...path, index])}
        </Row>
      ))}
      <Errors errors={items.length === 0 ? all : own} />
      <button
        type="button"
        className="button small"
        onClick={() => {
          isAdded.current = true;
          set([...path, items.length], fresh(items.length));
        }}
      >
        <Icon name="plus" size={11} /> {one}
      </button>
    </fieldset>
  );
}

interface RowProps {
  readonly one: string;
  readonly path: Path;
  readonly isDeep: boolean;
  readonly children: ReactNode;
}

function Row({ one, path, isDeep, children }: RowProps) {
  const { set } = useForm();
  const id = useId();
  const errors = useOwnErrors(path);
  const number = Number(path.at(-1)) + 1;
  return (
    <fieldset
      className="form-row"
      name={formatPath(path)}
      aria-describedby={errors.length > 0 ? id : undefined}
    >
      <legend>
        {one} {number}
        <button
          type="button"
          className="button icon small danger"
          aria-label={`Remove ${one.toLowerCase()} ${number}`}
          onClick={({ currentTarget }) => {
            set(path, undefined);
            focusAdding(currentTarget);
          }}
        >
          <Icon name="close" size={11} />
        </button>
      </legend>
      <div className={isDeep ? "form-column" : "form-grid"}>{children}</div>
      <Errors errors={errors} id={id} />
    </fieldset>
  );
}

/** Where the row was there is nothing to go on from: the list's own button is. */
function focusAdding(button: HTMLElement): void {
  const list = button.closest(".form-rows");
  list?.querySelector<HTMLElement>(":scope > .button")?.focus();
}

function Errors({ errors, id }: { readonly errors: readonly string[]; readonly id?: string }) {
  if (errors.length === 0) return null;
  return (
    <ul className="field-errors" id={id}>
      {errors.map((error) => (
        <li key={error}>✕ {error}</li>
      ))}
    </ul>
  );
}
