import { isList, isObject } from "../../../../core/api/json";
import { formatValue } from "./format";
import { CallError, FUNCTIONS, isTrue } from "./functions";
import {
  type Command,
  type Node,
  type Operand,
  type Pipe,
  type Template,
  TemplateError,
} from "./nodes";

/** Nodes that one template may visit: a template may loop in a loop. */
const MAX_STEPS = 500_000;
const MAX_DEPTH = 1_000;

interface How {
  /** Whether a field that is not there is an error. */
  readonly strict: boolean;
}

export interface Executed {
  /** What was written, up to the mistake where there was one. */
  readonly text: string;
  readonly error?: string;
}

/** Source: Go's text/template, exec.go. */
export function executeTemplate(template: Template, data: unknown, how: How): Executed {
  const run = new Run(template, how);
  try {
    run.walk(template.root, data, [{ name: "$", value: data }]);
    return { text: run.text };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { text: run.text, error: error.message };
  }
}

interface Variable {
  readonly name: string;
  value: unknown;
}

type Signal = "break" | "continue" | undefined;

class Run {
  text = "";
  #steps = 0;
  #depth = 0;

  constructor(
    readonly template: Template,
    readonly how: How,
  ) {}

  walk(nodes: readonly Node[], dot: unknown, scope: readonly Variable[]): Signal {
    const variables = [...scope];
    for (const node of nodes) {
      this.#count(1);
      const signal = this.#visit(node, dot, variables);
      if (signal) return signal;
    }
    return undefined;
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS)
      throw new TemplateError(`template: output: more than ${MAX_STEPS} steps`);
  }

  #visit(node: Node, dot: unknown, variables: Variable[]): Signal {
    switch (node.kind) {
      case "text":
        this.text += node.text;
        return undefined;
      case "action": {
        const value = this.#pipe(node.pipe, dot, variables);
        if (node.pipe.variables.length === 0) this.text += printed(value);
        return undefined;
      }
      case "break":
      case "continue":
        return node.kind;
      case "template":
        return this.#call(node, dot, variables);
      case "range":
        return this.#range(node, dot, variables);
      default: {
        const inner = [...variables];
        const value = this.#pipe(node.pipe, dot, inner);
        if (!isTrue(value)) return this.walk(node.otherwise, dot, inner);
        return this.walk(node.body, node.kind === "with" ? value : dot, inner);
      }
    }
  }

  #call(node: Extract<Node, { kind: "template" }>, dot: unknown, variables: Variable[]): Signal {
    const body = this.template.defined.get(node.name);
    if (!body)
      throw this.#wrong(
        node.at,
        `{{template "${node.name}"}}`,
        `template "${node.name}" not defined`,
      );
    if (++this.#depth > MAX_DEPTH)
      throw this.#wrong(
        node.at,
        `{{template "${node.name}"}}`,
        "exceeded maximum template depth (100000)",
      );
    const value = node.pipe && this.#pipe(node.pipe, dot, variables);
    this.walk(body, value, [{ name: "$", value }]);
    this.#depth--;
    return undefined;
  }

  #range(
    node: Extract<Node, { kind: "if" | "with" | "range" }>,
    dot: unknown,
    outer: Variable[],
  ): Signal {
    const { pipe } = node;
    const value = this.#pipe({ ...pipe, variables: [] }, dot, [...outer]);
    const entries = this.#entriesOf(value, pipe);
    if (entries.length === 0) return this.walk(node.otherwise, dot, outer);
    this.#count(entries.length);
    for (const [key, item] of entries) {
      const [first, second] = pipe.variables;
      const inner = [...outer];
      const bind = (name: string, bound: unknown) => {
        const known = pipe.assigns ? findLast(inner, name) : undefined;
        if (known) known.value = bound;
        else inner.push({ name, value: bound });
      };
      if (first !== undefined) bind(first, second === undefined ? item : key);
      if (second !== undefined) bind(second, item);
      if (this.walk(node.body, item, inner) === "break") break;
    }
    return undefined;
  }

  #entriesOf(value: unknown, { commands, text }: Pipe): readonly (readonly [unknown, unknown])[] {
    if (value === undefined || value === null) return [];
    if (isList(value)) return value.map((item, index) => [index, item] as const);
    if (isObject(value))
      return Object.keys(value)
        .sort()
        .map((key) => [key, value[key]] as const);
    throw this.#wrong(commands[0]?.at ?? 0, text, `range can't iterate over ${formatValue(value)}`);
  }

  #pipe(pipe: Pipe, dot: unknown, variables: Variable[]): unknown {
    let value: unknown;
    for (const [index, command] of pipe.commands.entries())
      value = this.#command(command, dot, variables, index === 0 ? [] : [value]);
    for (const name of pipe.variables) {
      const known = pipe.assigns ? findLast(variables, name) : undefined;
      if (known) known.value = value;
      else variables.push({ name, value });
    }
    return value;
  }

  #command(
    command: Command,
    dot: unknown,
    variables: Variable[],
    piped: readonly unknown[],
  ): unknown {
    const [first, ...rest] = command.operands;
    if (!first) return undefined;
    if (first.kind === "function") return this.#function(first, command, dot, variables, piped);
    if (rest.length > 0 || piped.length > 0)
      throw this.#wrong(
        first.at,
        first.text,
        first.kind === "field"
          ? `${first.path.at(-1)} is not a method but has arguments`
          : `can't give argument to non-function ${first.text}`,
      );
    if (first.kind === "nil") throw this.#wrong(first.at, first.text, "nil is not a command");
    return this.#operand(first, dot, variables);
  }

  #function(
    { name, at }: Extract<Operand, { kind: "function" }>,
    command: Command,
    dot: unknown,
    variables: Variable[],
    piped: readonly unknown[],
  ): unknown {
    const found = FUNCTIONS.get(name);
    if (!found) throw new Error(`the parser let ${name} pass`);
    const operands = command.operands.slice(1);
    const count = operands.length + piped.length;
    if (count < found.least || count > found.most)
      throw this.#wrong(
        at,
        name,
        `wrong number of args for ${name}: want ${found.most === found.least ? "" : "at least "}${found.least} got ${count}`,
      );
    const values: unknown[] = [];
    for (const operand of operands) {
      const value = this.#operand(operand, dot, variables);
      if ((name === "and" && !isTrue(value)) || (name === "or" && isTrue(value))) return value;
      values.push(value);
    }
    try {
      return found.call([...values, ...piped]);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      throw this.#wrong(command.at, command.text, `error calling ${name}: ${error.message}`);
    }
  }

  #operand(operand: Operand, dot: unknown, variables: Variable[]): unknown {
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return undefined;
      case "constant":
        return operand.value;
      case "field":
        return this.#follow(dot, operand.path, operand);
      case "variable":
        return this.#follow(findLast(variables, operand.name)?.value, operand.path, operand);
      case "pipe":
        return this.#follow(this.#pipe(operand.pipe, dot, variables), operand.path, operand);
      case "function":
        return this.#function(
          operand,
          { operands: [operand], at: operand.at, text: operand.text },
          dot,
          variables,
          [],
        );
    }
  }

  #follow(from: unknown, path: readonly string[], { at, text }: Operand): unknown {
    let value = from;
    for (const name of path) {
      if (value === undefined || value === null) return undefined;
      if (!isObject(value) || isList(value))
        throw this.#wrong(at, text, `can't evaluate field ${name} in type interface {}`);
      if (this.how.strict && !Object.hasOwn(value, name))
        throw this.#wrong(at, text, `map has no entry for key "${name}"`);
      value = Object.hasOwn(value, name) ? value[name] : undefined;
    }
    return value;
  }

  #wrong(at: number, what: string, message: string): TemplateError {
    const before = this.template.source.slice(0, at).split("\n");
    const place = `${before.length}:${before.at(-1)?.length ?? 0}`;
    return new TemplateError(
      `template: output:${place}: executing "output" at <${what}>: ${message}`,
    );
  }
}

function findLast(variables: readonly Variable[], name: string): Variable | undefined {
  return [...variables].reverse().find((one) => one.name === name);
}

function printed(value: unknown): string {
  return value === undefined || value === null ? "<no value>" : formatValue(value);
}
