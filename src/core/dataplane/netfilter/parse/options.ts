import { RuleError } from "./rule-error";

/** An option that a match or target understands. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Words that follow it; absent: 1. */
  readonly takes?: 0 | 1 | 2;
  readonly canNegate?: boolean;
  /** iptables knows it, we do not. */
  readonly isUnmodelled?: boolean;
}

interface Given {
  readonly values: readonly string[];
  readonly negate: boolean;
}

/** The options that one `-m` or `-j` was given. */
export class Options {
  readonly module: string;
  readonly #given = new Map<string, Given>();

  constructor(module: string) {
    this.module = module;
  }

  add(option: OptionSpec, values: readonly string[], negate: boolean): void {
    const { name, canNegate = false, isUnmodelled = false } = option;
    if (isUnmodelled) throw new RuleError(`${this.module}: option "--${name}" is not modelled`);
    if (negate && !canNegate)
      throw new RuleError(`${this.module}: option "--${name}" cannot be inverted.`);
    if (this.#given.has(name))
      throw new RuleError(`${this.module}: option "--${name}" can only be used once.`);
    this.#given.set(name, { values, negate });
  }

  get isEmpty(): boolean {
    return this.#given.size === 0;
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  /** `{ negate: true }` where the option was negated: to be spread into a match. */
  negation(name: string): { readonly negate?: true } {
    return this.#given.get(name)?.negate ? { negate: true } : {};
  }

  isNegated(name: string): boolean {
    return this.#given.get(name)?.negate ?? false;
  }

  values(name: string): readonly string[] | undefined {
    return this.#given.get(name)?.values;
  }

  find(name: string): string | undefined {
    return this.#given.get(name)?.values[0];
  }

  get(name: string): string {
    const value = this.find(name);
    if (value === undefined)
      throw new RuleError(`${this.module}: option "--${name}" must be specified`);
    return value;
  }

  /** A whole number; undefined when the option was not given. */
  number(name: string, min: number, max: number): number | undefined {
    const text = this.find(name);
    if (text === undefined) return undefined;
    const value = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new RuleError(
      `${this.module}: bad value for option "--${name}", or out of range (${min}-${max}).`,
    );
  }

  /** Only one of these. */
  exclude(...names: readonly string[]): void {
    const [first, second] = names.filter((name) => this.has(name));
    if (first !== undefined && second !== undefined)
      throw new RuleError(
        `${this.module}: option "--${first}" cannot be used together with "--${second}".`,
      );
  }

  /** The first is of no use without the second. */
  requires(name: string, other: string): void {
    if (this.has(name) && !this.has(other))
      throw new RuleError(`${this.module}: option "--${name}" also requires "--${other}".`);
  }
}

/** Options that are refused by name. */
export function unmodelled(...names: readonly string[]): readonly OptionSpec[] {
  return names.map((name) => ({ name, takes: 0, isUnmodelled: true }));
}

/** Finds the option that `--text` means: its name, or as much of it as no other option begins with, as getopt_long does. */
export function findOption<T extends { readonly options: readonly OptionSpec[] }>(
  text: string,
  modules: readonly T[],
): { readonly module: T; readonly option: OptionSpec } | undefined {
  for (const module of modules) {
    const option = byName(module.options).get(text);
    if (option) return { module, option };
  }
  if (text === "") return undefined;
  const begun = modules.flatMap((module) =>
    module.options
      .filter((option) => namesOf(option).some((name) => name.startsWith(text)))
      .map((option) => ({ module, option })),
  );
  const first = begun[0];
  return begun.every(({ option }) => option === first?.option) ? first : undefined;
}

const names = new WeakMap<readonly OptionSpec[], ReadonlyMap<string, OptionSpec>>();

function byName(options: readonly OptionSpec[]): ReadonlyMap<string, OptionSpec> {
  let known = names.get(options);
  if (!known) {
    known = new Map(options.flatMap((option) => namesOf(option).map((name) => [name, option])));
    names.set(options, known);
  }
  return known;
}

function namesOf({ name, aliases = [] }: OptionSpec): readonly string[] {
  return [name, ...aliases];
}
