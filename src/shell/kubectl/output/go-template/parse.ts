import { FUNCTIONS } from "./functions";
import { error, lex, type Token } from "./lex";
import type { Command, Node, Operand, Pipe, Template, TemplateError } from "./nodes";

const KEYWORDS = ["break", "continue", "define", "else", "end", "if", "range", "template", "with"];

/** Source: Go's text/template/parse. `block` is not modelled. */
export function parseTemplate(source: string): Template {
  const parser = new Parser(source);
  const root = parser.list([]);
  return { source, root: root.nodes, defined: parser.defined };
}

class Parser {
  readonly defined = new Map<string, readonly Node[]>();
  readonly #tokens: readonly Token[];
  #at = 0;
  #variables = ["$"];
  #ranges = 0;

  constructor(readonly source: string) {
    this.#tokens = lex(source);
  }

  /** Nodes up to one of the words, which is taken along with what stands before it. */
  list(ends: readonly string[]): { readonly nodes: readonly Node[]; readonly end: string } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === "eof") {
        if (ends.length > 0) throw this.#wrong(token, "unexpected EOF");
        return { nodes, end: "" };
      }
      if (token.kind === "text") {
        nodes.push({ kind: "text", text: token.text });
        continue;
      }
      const word = this.#peek();
      if (word.kind !== "word" || !KEYWORDS.includes(word.text)) {
        nodes.push({ kind: "action", pipe: this.#pipe("command", "close") });
        continue;
      }
      this.#next();
      if (word.text === "end" || word.text === "else") {
        if (!ends.includes(word.text)) throw this.#wrong(word, `unexpected {{${word.text}}}`);
        if (word.text === "end") this.#close("end");
        return { nodes, end: word.text };
      }
      const node = this.#control(word);
      if (node) nodes.push(node);
    }
  }

  #control(word: Token): Node | undefined {
    switch (word.text) {
      case "if":
      case "with":
      case "range":
        return this.#branch(word.text);
      case "break":
      case "continue":
        if (this.#ranges === 0) throw this.#wrong(word, `{{${word.text}}} outside {{range}}`);
        this.#close(word.text);
        return { kind: word.text };
      case "define": {
        const name = this.#name("define clause");
        this.#close("define clause");
        this.defined.set(name, this.list(["end"]).nodes);
        return undefined;
      }
      default: {
        const name = this.#name("template clause");
        const closes = this.#peek().kind === "close";
        if (closes) this.#next();
        const pipe = closes ? undefined : this.#pipe("template clause", "close");
        return { kind: "template", name, pipe, at: word.at };
      }
    }
  }

  #branch(kind: "if" | "with" | "range"): Node {
    const known = this.#variables.length;
    const pipe = this.#pipe(kind, "close", kind === "range");
    if (kind === "range") this.#ranges++;
    const body = this.list(["else", "end"]);
    if (kind === "range") this.#ranges--;
    let otherwise: readonly Node[] = [];
    if (body.end === "else") {
      const again = this.#peek();
      if (again.kind === "word" && again.text === kind && kind !== "range") {
        this.#next();
        otherwise = [this.#branch(kind)];
      } else {
        this.#close("else");
        otherwise = this.list(["end"]).nodes;
      }
    }
    this.#variables.length = known;
    return { kind, pipe, body: body.nodes, otherwise };
  }

  #pipe(context: string, end: "close" | ")", isRange = false): Pipe {
    const declared = this.#declaration(isRange);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peek();
      const ends = end === "close" ? token.kind === "close" : token.text === ")";
      if (ends) {
        if (commands.length === 0) throw this.#wrong(token, `missing value for ${context}`);
        this.#next();
        break;
      }
      if (token.text === "|") {
        if (commands.length === 0) throw this.#wrong(token, `unexpected "|" in ${context}`);
        this.#next();
        if (this.#peek().kind === "close") continue;
      }
      commands.push(this.#command(context));
    }
    this.#variables.push(...(declared.assigns ? [] : declared.variables));
    const text = commands.map((one) => one.text).join(" | ");
    return { ...declared, commands, text };
  }

  /** `$x :=`, `$i, $e :=`, `$x =`; nothing is taken where there is none. */
  #declaration(isRange: boolean): Pick<Pipe, "variables" | "assigns"> {
    const start = this.#at;
    const variables: string[] = [];
    while (this.#peek().kind === "variable") {
      variables.push(this.#next().text);
      const sign = this.#next();
      if (sign.text === ":=" || sign.text === "=") {
        const assigns = sign.text === "=";
        const unknown = variables.find((name) => assigns && !this.#variables.includes(name));
        if (unknown !== undefined) throw this.#wrong(sign, `undefined variable "${unknown}"`);
        return { variables, assigns };
      }
      if (sign.text !== "," || !isRange || variables.length > 1) break;
    }
    this.#at = start;
    return { variables: [], assigns: false };
  }

  #command(context: string): Command {
    const at = this.#peek().at;
    const operands: Operand[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === "close" || token.text === "|" || token.text === ")") break;
      operands.push(this.#operand(context));
    }
    const text = operands.map((one) => one.text).join(" ");
    return { operands, at, text };
  }

  #operand(context: string): Operand {
    const token = this.#next();
    const { at, text } = token;
    switch (token.kind) {
      case "string":
        return { kind: "constant", value: unquote(text), at, text };
      case "number":
        return { kind: "constant", value: Number(text.replaceAll("_", "")), at, text };
      case "dot":
        return { kind: "dot", at, text };
      case "field": {
        const second = this.#tokens[this.#at];
        const path = [text.slice(1), ...this.#fields()];
        const from = path.length > 1 ? (second?.at ?? at) : at;
        return { kind: "field", path, at: from, text: path.map((name) => `.${name}`).join("") };
      }
      case "variable": {
        if (!this.#variables.includes(text))
          throw this.#wrong(token, `undefined variable "${text}"`);
        const path = this.#fields();
        return { kind: "variable", name: text, path, at, text: [text, ...path].join(".") };
      }
      case "word":
        if (text === "true" || text === "false")
          return { kind: "constant", value: text === "true", at, text };
        if (text === "nil") return { kind: "nil", at, text };
        if (!FUNCTIONS.has(text)) throw this.#wrong(token, `function "${text}" not defined`);
        return { kind: "function", name: text, at, text };
      default: {
        if (text !== "(") throw this.#wrong(token, `unexpected ${named(token)} in ${context}`);
        const pipe = this.#pipe("parenthesized pipeline", ")");
        const path = this.#fields();
        const all = [`(${pipe.text})`, ...path].join(".");
        return { kind: "pipe", pipe, path, at, text: all };
      }
    }
  }

  /** What follows without a space: `.spec.ports` after `.items`. */
  #fields(): readonly string[] {
    const names: string[] = [];
    while (this.#tokens[this.#at]?.kind === "field") {
      names.push((this.#tokens[this.#at]?.text ?? "").slice(1));
      this.#at++;
    }
    return names;
  }

  #name(context: string): string {
    const token = this.#next();
    if (token.kind !== "string")
      throw this.#wrong(token, `unexpected ${named(token)} in ${context}`);
    return unquote(token.text);
  }

  #close(context: string): void {
    const token = this.#next();
    if (token.kind !== "close")
      throw this.#wrong(token, `unexpected ${named(token)} in ${context}`);
  }

  #peek(): Token {
    while (this.#tokens[this.#at]?.kind === "space") this.#at++;
    return this.#tokens[this.#at] as Token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #wrong({ at }: Token, message: string): TemplateError {
    return error(this.source, at, message);
  }
}

function named({ kind, text }: Token): string {
  return kind === "eof" ? "EOF" : kind === "sign" ? `"${text}"` : `<${text}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b" };

function unquote(text: string): string {
  if (text.startsWith("`")) return text.slice(1, -1);
  return text
    .slice(1, -1)
    .replace(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))/g, (_, four, two, char: string) => {
      const hex: string | undefined = four ?? two;
      return hex === undefined
        ? (ESCAPES[char] ?? char)
        : String.fromCharCode(Number.parseInt(hex, 16));
    });
}
