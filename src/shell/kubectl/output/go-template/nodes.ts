/** What a template is made of. `at`: where a node begins in the text, for messages. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipe: Pipe;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly kind: "break" | "continue" }
  | {
      readonly kind: "template";
      readonly name: string;
      readonly pipe?: Pipe | undefined;
      readonly at: number;
    };

export interface Pipe {
  /** `$x`, `$i, $e` */
  readonly variables: readonly string[];
  /** `=` instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
  readonly text: string;
}

export interface Command {
  readonly operands: readonly Operand[];
  readonly at: number;
  readonly text: string;
}

interface OperandBase {
  readonly at: number;
  /** As Go writes it in messages. */
  readonly text: string;
}

export type Operand = OperandBase &
  (
    | { readonly kind: "dot" | "nil" }
    | { readonly kind: "constant"; readonly value: string | number | boolean }
    | { readonly kind: "field"; readonly path: readonly string[] }
    | { readonly kind: "variable"; readonly name: string; readonly path: readonly string[] }
    | { readonly kind: "function"; readonly name: string }
    | { readonly kind: "pipe"; readonly pipe: Pipe; readonly path: readonly string[] }
  );

export interface Template {
  readonly source: string;
  readonly root: readonly Node[];
  /** By `{{define "NAME"}}`. */
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** A mistake in the template's text, as text/template words it. */
export class TemplateError extends Error {}
