import { resolvePath } from "../files";
import type { Expander } from "../language/expand";
import { ExpansionError } from "../language/expansion-error";

export function unaryTest(operator: string, operand: string, shell: Expander): boolean {
  const path = resolvePath(shell.state.cwd, operand);
  switch (operator) {
    case "-z":
      return operand === "";
    case "-n":
      return operand !== "";
    case "-d":
      return shell.files.isFolder(path);
    case "-f":
      return shell.files.read(path).ok;
    case "-e":
    case "-r":
    case "-w":
    case "-a":
      return operand !== "" && shell.files.exists(path);
    case "-s": {
      const read = shell.files.read(path);
      return read.ok ? read.value !== "" : shell.files.isFolder(path);
    }
    case "-x":
      return shell.files.isFolder(path);
    case "-v":
      return shell.state.variables.get(operand) !== undefined;
    case "-t":
      return true;
    default:
      return false;
  }
}

export function binaryTest(
  left: string,
  operator: string,
  right: string,
  shell: Pick<Expander, "state">,
): boolean {
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
  }
  const number = (text: string) => {
    const trimmed = text.trim();
    if (/^-?\d+$/.test(trimmed)) return Number(trimmed);
    throw new ExpansionError(`[: ${text}: integer expression expected`);
  };
  const [a, b] = [number(left), number(right)];
  switch (operator) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    case "-ge":
      return a >= b;
    default:
      throw new ExpansionError(`${shell.state.name}: ${operator}: binary operator expected`);
  }
}

const BINARY = ["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"];

/** `test …` and `[ … ]`, by precedence: `!`, `-a`, `-o`. Throws ExpansionError where it makes no sense. */
export function testWords(words: readonly string[], shell: Expander): boolean {
  const or = findOperator(words, "-o");
  if (or > 0) return testWords(words.slice(0, or), shell) || testWords(words.slice(or + 1), shell);
  const and = findOperator(words, "-a");
  if (and > 0)
    return testWords(words.slice(0, and), shell) && testWords(words.slice(and + 1), shell);
  const [first = "", second = "", third = ""] = words;
  if (words.length === 3 && BINARY.includes(second)) return binaryTest(first, second, third, shell);
  if (first === "!" && words.length > 1) return !testWords(words.slice(1), shell);
  if (first === "(" && words.at(-1) === ")") return testWords(words.slice(1, -1), shell);
  switch (words.length) {
    case 0:
      return false;
    case 1:
      return first !== "";
    case 2:
      if (/^-[a-zA-Z]$/.test(first)) return unaryTest(first, second, shell);
      throw new ExpansionError(`[: ${first}: unary operator expected`);
    case 3:
      throw new ExpansionError(`[: ${second}: binary operator expected`);
    default:
      throw new ExpansionError("[: too many arguments");
  }
}

/** Outside parentheses, and not where it is itself an operand. */
function findOperator(words: readonly string[], operator: string): number {
  if (words.length < 3) return -1;
  let depth = 0;
  for (const [index, word] of words.entries()) {
    if (word === "(") depth++;
    if (word === ")") depth--;
    const operand = BINARY.includes(words[index - 1] ?? "");
    if (word === operator && depth === 0 && index > 0 && !operand) return index;
  }
  return -1;
}
