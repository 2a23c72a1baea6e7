import type { ReactNode } from "react";
import { Icon } from "../parts/Icon";
import { useFieldErrors, useForm, useValue } from "./form-context";
import type { Path } from "./manifest";

interface RowsProps {
  readonly title: string;
  /** What one row is called. */
  readonly one: string;
  readonly path: Path;
  readonly fresh: (count: number) => unknown;
  readonly children: (path: Path) => ReactNode;
}

/** A list in the manifest, each item with its own fields. */
export function Rows({ title, one, path, fresh, children }: RowsProps) {
  const { set } = useForm();
  const value = useValue(path);
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const errors = useFieldErrors(path);
  return (
    <fieldset className="form-rows">
      <legend>{title}</legend>
      {items.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the manifest's list is known by position, as in the API server's words
        <fieldset className="form-row" key={index}>
          <legend>
            {one} {index + 1}
            <button
              type="button"
              className="button icon small danger"
              aria-label={`Remove ${one.toLowerCase()} ${index + 1}`}
              onClick={() => set([...path, index], undefined)}
            >
              <Icon name="close" size={11} />
            </button>
          </legend>
          <div className="form-grid">{children([...path, index])}</div>
        </fieldset>
      ))}
      {items.length === 0 &&
        errors.map((error) => (
          <p className="field-errors" key={error}>
            ✕ {error}
          </p>
        ))}
      <button
        type="button"
        className="button small"
        onClick={() => set([...path, items.length], fresh(items.length))}
      >
        <Icon name="plus" size={11} /> {one}
      </button>
    </fieldset>
  );
}
