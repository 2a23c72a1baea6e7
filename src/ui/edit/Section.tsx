import { type ReactNode, useState } from "react";
import { isWithin, useForm } from "./form-context";
import { formatPath, getAt, type Path } from "./manifest";

interface SectionProps {
  readonly title: string;
  /** Of the fields in it: set from the start, or wrong, they are shown. */
  readonly paths: readonly Path[];
  readonly children: ReactNode;
}

/** Fields that most requests leave alone, to be opened. */
export function Section({ title, paths, children }: SectionProps) {
  const { manifest, errors } = useForm();
  const [open, setOpen] = useState(() => paths.some((path) => getAt(manifest, path) !== undefined));
  const isWrong = errors.some(({ field }) =>
    paths.some((path) => isWithin(field, formatPath(path))),
  );
  return (
    <details
      className="form-section"
      open={open || isWrong}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{title}</summary>
      <div className="form-column">{children}</div>
    </details>
  );
}
