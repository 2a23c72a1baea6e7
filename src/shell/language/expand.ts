import type {
  ArithmeticExpression,
  DoubleQuotedChild,
  ParameterExpansionPart,
  Script,
  Word,
  WordPart,
} from "unbash";
import { type FileSystem, resolvePath } from "../files";
import { ArithmeticError, evaluateArithmetic } from "./arithmetic";
import { expandBraces } from "./braces";
import { ExpansionError } from "./expansion-error";
import { applyOperation } from "./parameter";
import { escapePattern, hasPattern, matchesPattern } from "./patterns";
import type { ShellState } from "./shell-state";

export interface Expander {
  readonly state: ShellState;
  readonly files: FileSystem;
  readonly pid: number;
  /** Output of `$(…)`, without the newlines at its end. */
  substitute(script: Script): Promise<string>;
  random(): number;
}

/** A bit of a word: quoted text stays whole, unquoted results are split at blanks, `break` ends a field (`"$@"`). */
type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "split"; readonly text: string }
  | { readonly kind: "break" };

/** Words of a command: braces, tilde, variables, `$(…)`, splitting, file names. */
export async function expandWords(words: readonly Word[], shell: Expander): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words)
    for (const one of expandBraces(word)) fields.push(...(await expandWord(one, shell)));
  return fields;
}

/** One word without splitting and file names: values of assignments, targets of redirects. */
export async function expandText(word: Word | undefined, shell: Expander): Promise<string> {
  if (!word) return "";
  const pieces = await piecesOf(word, shell);
  return pieces.map((piece) => (piece.kind === "break" ? " " : piece.text)).join("");
}

/** One word as a pattern: what was quoted means itself. */
export async function expandPattern(word: Word | undefined, shell: Expander): Promise<string> {
  if (!word) return "";
  const pieces = await piecesOf(word, shell);
  return pieces
    .map((piece) => {
      if (piece.kind === "break") return " ";
      return piece.kind === "text" ? escapePattern(piece.text) : piece.text;
    })
    .join("");
}

export async function expandHereDoc(parts: readonly WordPart[], shell: Expander): Promise<string> {
  let text = "";
  for (const part of parts) {
    const pieces = await piecesOfPart(part, shell, true);
    text += pieces.map((piece) => (piece.kind === "break" ? " " : piece.text)).join("");
  }
  return text;
}

async function expandWord(word: Word, shell: Expander): Promise<string[]> {
  const fields = fieldsOf(await piecesOf(word, shell), shell.state.variables.get("IFS"));
  return fields.flatMap(({ text, pattern }) => {
    if (!hasPattern(pattern)) return [text];
    const found = findFiles(pattern, shell);
    return found.length > 0 ? found : [text];
  });
}

async function piecesOf(word: Word, shell: Expander): Promise<Piece[]> {
  if (!word.parts) return [text(tilde(word, shell))];
  const pieces: Piece[] = [];
  for (const part of word.parts) pieces.push(...(await piecesOfPart(part, shell, false)));
  const first = word.parts[0];
  const leading = pieces[0];
  if (first?.type === "Literal" && leading?.kind === "text" && /^~(?:\/|$)/.test(first.text))
    pieces[0] = text(homeOf(shell) + leading.text.slice(1));
  return pieces;
}

/** `~` and `~/x`, unless it was quoted. */
function tilde(word: Word, shell: Expander): string {
  return /^~(?:\/|$)/.test(word.text) ? homeOf(shell) + word.value.slice(1) : word.value;
}

function homeOf(shell: Expander): string {
  return shell.state.variables.get("HOME") ?? "/";
}

const text = (value: string): Piece => ({ kind: "text", text: value });

async function piecesOfPart(part: WordPart, shell: Expander, quoted: boolean): Promise<Piece[]> {
  const result = (value: string): Piece[] => [{ kind: quoted ? "text" : "split", text: value }];
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [text(part.value)];
    case "DoubleQuoted":
    case "LocaleString":
      return doubleQuoted(part.parts, shell);
    case "Glob":
      return [{ kind: quoted ? "text" : "glob", text: part.text }];
    case "ExtendedGlob":
    case "BraceExpansion":
      return [text(part.text)];
    case "SimpleExpansion":
      return parameter(part.text.slice(1), shell, quoted);
    case "ParameterExpansion":
      return expansion(part, shell, quoted);
    case "CommandExpansion":
      return result(part.script ? await shell.substitute(part.script) : "");
    case "ArithmeticExpansion":
      return result(part.expression ? await arithmetic(part.expression, shell) : "0");
    case "ProcessSubstitution":
      throw new ExpansionError(`${part.text}: process substitution is not modelled here`);
  }
}

async function doubleQuoted(
  parts: readonly DoubleQuotedChild[],
  shell: Expander,
): Promise<Piece[]> {
  // An empty pair of quotes is an empty word; `"$@"` without arguments is none.
  if (parts.length === 0) return [text("")];
  const pieces: Piece[] = [];
  for (const part of parts) pieces.push(...(await piecesOfPart(part, shell, true)));
  return pieces;
}

function parameter(name: string, shell: Expander, quoted: boolean): Piece[] {
  if (name === "@" || (name === "*" && !quoted)) {
    const { positional } = shell.state;
    return positional.flatMap((value, index): Piece[] => [
      ...(index > 0 ? [{ kind: "break" } as const] : []),
      quoted ? text(value) : { kind: "split", text: value },
    ]);
  }
  const value = parameterValue(name, shell);
  if (value === undefined && shell.state.options.has("nounset"))
    throw new ExpansionError(`${name}: unbound variable`);
  return [{ kind: quoted ? "text" : "split", text: value ?? "" }];
}

/** A variable or special parameter; undefined where it is not set. */
export function parameterValue(name: string, shell: Expander): string | undefined {
  const { state } = shell;
  if (/^\d+$/.test(name)) return name === "0" ? state.name : state.positional[Number(name) - 1];
  switch (name) {
    case "?":
      return String(state.lastStatus);
    case "#":
      return String(state.positional.length);
    case "@":
    case "*":
      return state.positional.join(" ");
    case "$":
      return String(shell.pid);
    case "!":
      return state.lastJob === undefined ? "" : String(state.lastJob);
    case "-":
      return "";
    case "RANDOM":
      return String(shell.random());
    case "PWD":
      return state.cwd;
    default:
      return state.variables.get(name);
  }
}

async function expansion(
  part: ParameterExpansionPart,
  shell: Expander,
  quoted: boolean,
): Promise<Piece[]> {
  if (part.index) throw new ExpansionError(`${part.text}: arrays are not modelled here`);
  if (part.prefix === "!") throw new ExpansionError(`${part.text}: bad substitution`);
  if (part.prefix === "#") {
    const length =
      part.parameter === "@" || part.parameter === "*"
        ? shell.state.positional.length
        : (parameterValue(part.parameter, shell) ?? "").length;
    return [text(String(length))];
  }
  if (!part.operation) return parameter(part.parameter, shell, quoted);
  const value = await applyOperation(part, parameterValue(part.parameter, shell), {
    text: (word) => expandText(word, shell),
    pattern: (word) => expandPattern(word, shell),
    assign: (assigned) => shell.state.variables.set(part.parameter, assigned),
  });
  return [{ kind: quoted ? "text" : "split", text: value }];
}

export async function arithmetic(
  expression: ArithmeticExpression,
  shell: Expander,
): Promise<string> {
  try {
    const value = await evaluateArithmetic(expression, {
      get: (name) => parameterValue(name, shell),
      set: (name, assigned) => shell.state.variables.set(name, assigned),
      expand: async (inner) => {
        if (inner.type === "ArithmeticCommandExpansion")
          return inner.script ? shell.substitute(inner.script) : "";
        return inner.type === "ArithmeticWord" ? expandHereDoc(inner.parts ?? [], shell) : "";
      },
    });
    return String(value);
  } catch (error) {
    if (error instanceof ArithmeticError) throw new ExpansionError(error.message);
    throw error;
  }
}

interface Field {
  readonly text: string;
  /** The same with what may not be taken for a pattern escaped. */
  readonly pattern: string;
}

function fieldsOf(pieces: readonly Piece[], ifs = " \t\n"): readonly Field[] {
  const fields: Field[] = [];
  let open: Field | undefined;
  const end = () => {
    if (open) fields.push(open);
    open = undefined;
  };
  const add = (value: string, pattern: string) => {
    open = { text: (open?.text ?? "") + value, pattern: (open?.pattern ?? "") + pattern };
  };
  const blank = (char: string) => ifs.includes(char);
  for (const piece of pieces) {
    if (piece.kind === "break") end();
    else if (piece.kind === "text") add(piece.text, escapePattern(piece.text));
    else if (piece.kind === "glob") add(piece.text, piece.text);
    else {
      for (const char of piece.text) {
        if (blank(char)) end();
        else add(char, char === "\\" ? "\\\\" : char);
      }
    }
  }
  end();
  return fields;
}

/** Files that a pattern names, sorted; a leading dot has to be asked for. */
function findFiles(pattern: string, { files, state }: Expander): readonly string[] {
  const absolute = pattern.startsWith("/");
  let found = [absolute ? "/" : ""];
  for (const part of pattern.split("/").filter((one) => one !== "")) {
    found = found.flatMap((base) => {
      const folder = resolvePath(state.cwd, base);
      const join = (name: string) =>
        base === "" || base === "/" ? base + name : `${base}/${name}`;
      if (!hasPattern(part)) {
        const name = part.replace(/\\(.)/g, "$1");
        return files.exists(resolvePath(folder, name)) ? [join(name)] : [];
      }
      return files
        .list(folder)
        .filter((name) => part.startsWith(".") || !name.startsWith("."))
        .filter((name) => matchesPattern(name, part))
        .map(join);
    });
  }
  return found.sort();
}
