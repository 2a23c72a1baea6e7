import type { ArithmeticExpression } from "unbash";

/** Division by zero and what is no number: in bash's words. */
export class ArithmeticError extends Error {}

export interface ArithmeticNames {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** A word with expansions inside: `$x`, `$(wc -l)`. */
  expand(expression: ArithmeticExpression): Promise<string>;
}

const MAX_DEPTH = 100;

/** The value of `$((…))`. Numbers are 32 bits wide and more: JavaScript's safe integers. */
export async function evaluateArithmetic(
  expression: ArithmeticExpression,
  names: ArithmeticNames,
  depth = 0,
): Promise<number> {
  if (depth > MAX_DEPTH) throw new ArithmeticError("expression recursion level exceeded");
  const value = (inner: ArithmeticExpression) => evaluateArithmetic(inner, names, depth + 1);
  switch (expression.type) {
    case "ArithmeticGroup":
      return value(expression.expression);
    case "ArithmeticTernary":
      return (await value(expression.test)) !== 0
        ? value(expression.consequent)
        : value(expression.alternate);
    case "ArithmeticUnary":
      return unary(expression, names, value);
    case "ArithmeticBinary":
      return binary(expression, names, value);
    case "ArithmeticCommandExpansion":
      return numberOf(await names.expand(expression), names);
    case "ArithmeticWord":
      return numberOf(expression.parts ? await names.expand(expression) : expression.value, names);
  }
}

type Value = (inner: ArithmeticExpression) => Promise<number>;

async function unary(
  { operator, operand, prefix }: Extract<ArithmeticExpression, { type: "ArithmeticUnary" }>,
  names: ArithmeticNames,
  value: Value,
): Promise<number> {
  if (operator === "++" || operator === "--") {
    const name = variableName(operand);
    const before = numberOf(name, names);
    const after = operator === "++" ? before + 1 : before - 1;
    names.set(name, String(after));
    return prefix ? after : before;
  }
  const number = await value(operand);
  switch (operator) {
    case "-":
      return -number;
    case "!":
      return number === 0 ? 1 : 0;
    case "~":
      return ~number;
    default:
      return number;
  }
}

async function binary(
  { operator, left, right }: Extract<ArithmeticExpression, { type: "ArithmeticBinary" }>,
  names: ArithmeticNames,
  value: Value,
): Promise<number> {
  if (operator === "&&") return (await value(left)) !== 0 && (await value(right)) !== 0 ? 1 : 0;
  if (operator === "||") return (await value(left)) !== 0 || (await value(right)) !== 0 ? 1 : 0;
  if (operator === ",") {
    await value(left);
    return value(right);
  }
  const assigns = /^([-+*/%&|^]|<<|>>)?=$/.exec(operator);
  if (assigns) {
    const name = variableName(left);
    const given = await value(right);
    const result =
      assigns[1] === undefined ? given : calculate(assigns[1], numberOf(name, names), given);
    names.set(name, String(result));
    return result;
  }
  return calculate(operator, await value(left), await value(right));
}

function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
    case "%":
      if (b === 0) throw new ArithmeticError("division by 0");
      return operator === "/" ? Math.trunc(a / b) : a % b;
    case "**":
      return a ** b;
    case "<<":
      return a << b;
    case ">>":
      return a >> b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<":
      return Number(a < b);
    case "<=":
      return Number(a <= b);
    case ">":
      return Number(a > b);
    case ">=":
      return Number(a >= b);
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    default:
      throw new ArithmeticError(`syntax error: operator ${operator}`);
  }
}

function variableName(expression: ArithmeticExpression): string {
  if (expression.type === "ArithmeticWord" && /^[A-Za-z_]\w*$/.test(expression.value))
    return expression.value;
  throw new ArithmeticError("attempted assignment to non-variable");
}

/** A number, or the number that a variable of this name holds. */
function numberOf(text: string, names: ArithmeticNames, depth = 0): number {
  const trimmed = text.trim();
  if (trimmed === "") return 0;
  if (/^[-+]?\d+$/.test(trimmed)) {
    const octal = /^[-+]?0[0-7]+$/.test(trimmed);
    return octal ? Number.parseInt(trimmed, 8) : Number(trimmed);
  }
  if (/^0[xX][\da-fA-F]+$/.test(trimmed)) return Number(trimmed);
  if (/^[A-Za-z_]\w*$/.test(trimmed) && depth < MAX_DEPTH)
    return numberOf(names.get(trimmed) ?? "", names, depth + 1);
  throw new ArithmeticError(`${trimmed}: syntax error: operand expected`);
}
