import type { ParameterExpansionPart, Word } from "unbash";
import { ExpansionError } from "./expansion-error";
import { patternSource } from "./patterns";

interface Operands {
  text(word: Word | undefined): Promise<string>;
  pattern(word: Word | undefined): Promise<string>;
  assign(value: string): void;
}

/** `${x:-y}`, `${x#y}`, `${x/y/z}` and their like. */
export async function applyOperation(
  { parameter, operation, text }: ParameterExpansionPart,
  value: string | undefined,
  operands: Operands,
): Promise<string> {
  switch (operation?.type) {
    case undefined:
      return value ?? "";
    case "Default": {
      const unset = value === undefined || (operation.operator.startsWith(":") && value === "");
      const sign = operation.operator.at(-1);
      if (sign === "+") return unset ? "" : operands.text(operation.operand);
      if (!unset) return value;
      const given = await operands.text(operation.operand);
      if (sign === "?")
        throw new ExpansionError(`${parameter}: ${given || "parameter null or not set"}`);
      if (sign === "=") operands.assign(given);
      return given;
    }
    case "Remove": {
      const pattern = await operands.pattern(operation.operand);
      return remove(value ?? "", operation.operator, pattern);
    }
    case "Replace": {
      const pattern = await operands.pattern(operation.pattern);
      const replacement = await operands.text(operation.replacement);
      return replace(value ?? "", operation.operator, pattern, replacement);
    }
    case "Slice": {
      const offset = Number(await operands.text(operation.offset));
      const length = operation.length && Number(await operands.text(operation.length));
      const rest = (value ?? "").slice(offset);
      return length === undefined ? rest : rest.slice(0, length);
    }
    case "CaseModification": {
      const upper = operation.operator.startsWith("^");
      const change = (part: string) => (upper ? part.toUpperCase() : part.toLowerCase());
      const whole = value ?? "";
      return operation.operator.length === 2
        ? change(whole)
        : change(whole.slice(0, 1)) + whole.slice(1);
    }
    default:
      throw new ExpansionError(`${text}: bad substitution`);
  }
}

function remove(value: string, operator: "#" | "##" | "%" | "%%", pattern: string): string {
  const source = patternSource(pattern, { lazy: operator === "#" });
  if (operator === "#" || operator === "##") return value.replace(new RegExp(`^(?:${source})`), "");
  const whole = new RegExp(`^(?:${patternSource(pattern)})$`);
  const starts = [...Array(value.length + 1).keys()];
  for (const start of operator === "%" ? starts.reverse() : starts)
    if (whole.test(value.slice(start))) return value.slice(0, start);
  return value;
}

function replace(
  value: string,
  operator: "/" | "//" | "/#" | "/%",
  pattern: string,
  replacement: string,
): string {
  if (pattern === "") return value;
  const source = patternSource(pattern);
  const flags = operator === "//" ? "g" : "";
  const before = operator === "/#" ? "^" : "";
  const after = operator === "/%" ? "$" : "";
  return value.replace(new RegExp(`${before}(?:${source})${after}`, flags), () => replacement);
}
