interface Variable {
  readonly value: string;
  readonly exported: boolean;
  readonly readonly: boolean;
}

/** A shell's variables. Simplified: no arrays. */
export class Variables {
  readonly #variables: Map<string, Variable>;

  constructor(from?: Variables) {
    this.#variables = new Map(from ? from.#variables : []);
  }

  get(name: string): string | undefined {
    return this.#variables.get(name)?.value;
  }

  /** False where it may not be changed. */
  set(name: string, value: string, exported = false): boolean {
    const before = this.#variables.get(name);
    if (before?.readonly) return false;
    this.#variables.set(name, {
      value,
      exported: exported || (before?.exported ?? false),
      readonly: false,
    });
    return true;
  }

  export(name: string, exported = true): void {
    const before = this.#variables.get(name);
    if (before) this.#variables.set(name, { ...before, exported });
    else if (exported) this.#variables.set(name, { value: "", exported, readonly: false });
  }

  lock(name: string): void {
    const before = this.#variables.get(name);
    this.#variables.set(name, {
      value: before?.value ?? "",
      exported: before?.exported ?? false,
      readonly: true,
    });
  }

  unset(name: string): boolean {
    if (this.#variables.get(name)?.readonly) return false;
    this.#variables.delete(name);
    return true;
  }

  /** What programs get. */
  exported(): Record<string, string> {
    const pairs = [...this.#variables].flatMap(([name, { value, exported }]) =>
      exported ? [[name, value] as const] : [],
    );
    return Object.fromEntries(pairs);
  }

  names(): readonly string[] {
    return [...this.#variables.keys()].sort();
  }
}
