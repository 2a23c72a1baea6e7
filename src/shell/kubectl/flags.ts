import { type OptionSpec, type ParsedOptions, parseOptions } from "../options";
import { failure, KubectlFailure } from "./failure";

export type FlagSpecs = Readonly<Record<string, OptionSpec>>;

/** Flags that every command takes. Those about another cluster or user change nothing here. */
export const GLOBAL_FLAGS: FlagSpecs = {
  namespace: { short: "n", value: true },
  help: { short: "h" },
  as: { value: true },
  "as-group": { value: true },
  "cache-dir": { value: true },
  "certificate-authority": { value: true },
  "client-certificate": { value: true },
  "client-key": { value: true },
  cluster: { value: true },
  context: { value: true },
  "insecure-skip-tls-verify": {},
  kubeconfig: { value: true },
  "match-server-version": {},
  password: { value: true },
  "request-timeout": { value: true },
  server: { short: "s", value: true },
  token: { value: true },
  user: { value: true },
  username: { value: true },
  v: { value: true },
  warnings: { value: "optional" },
};

export class Flags {
  constructor(private readonly parsed: ParsedOptions) {}

  /** As if a flag had not been given. */
  without(name: string): Flags {
    const { [name]: _, ...values } = this.parsed.values;
    return new Flags({ ...this.parsed, values });
  }

  /** One flag's values under another's name. */
  renamed(from: string, to: string): Flags {
    const { [from]: moved, ...values } = this.parsed.values;
    return new Flags({ ...this.parsed, values: moved ? { ...values, [to]: moved } : values });
  }

  /** Every flag that was given, by its long name: `--record=true`. */
  get words(): readonly string[] {
    return Object.entries(this.parsed.values).flatMap(([name, values]) =>
      values.map((value) => `--${name}=${value}`),
    );
  }

  get args(): readonly string[] {
    return this.parsed.rest;
  }

  /** How many arguments come before `--`; undefined where there is none. */
  get dashAt(): number | undefined {
    return this.parsed.dashAt;
  }

  /** The last value given. */
  text(name: string): string | undefined {
    return this.parsed.values[name]?.at(-1);
  }

  /** Every value, those with commas taken apart. */
  list(name: string): readonly string[] {
    return (this.parsed.values[name] ?? []).flatMap((value) => value.split(","));
  }

  /** Every value as it was given. */
  all(name: string): readonly string[] {
    return this.parsed.values[name] ?? [];
  }

  has(name: string): boolean {
    return this.parsed.values[name] !== undefined;
  }

  /** `--force`, `--force=false`. */
  on(name: string, fallback = false): boolean {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (["true", "1", "t", "T", "TRUE", "True"].includes(value)) return true;
    if (["false", "0", "f", "F", "FALSE", "False"].includes(value)) return false;
    throw failure(
      `invalid argument "${value}" for "--${name}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`,
    );
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^[-+]?\d+$/.test(value)) return Number(value);
    throw failure(
      `invalid argument "${value}" for "--${name}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`,
    );
  }
}

/** Go's pflag: what is unknown ends everything. `command`: `get`, `create deployment`. */
export function parseFlags(args: readonly string[], specs: FlagSpecs, command: string): Flags {
  const parsed = parseOptions(args, { ...GLOBAL_FLAGS, ...specs }, { shortEquals: true });
  const { error } = parsed;
  if (error) {
    const words =
      error.what === "unknown"
        ? `unknown flag: --${error.long}`
        : error.what === "unknownShort"
          ? `unknown shorthand flag: '${error.letter}' in -${error.given}`
          : error.letter === undefined
            ? `flag needs an argument: --${error.name}`
            : `flag needs an argument: '${error.letter}' in -${error.given}`;
    throw new KubectlFailure(`error: ${words}\nSee 'kubectl ${command} --help' for usage.`);
  }
  return new Flags(parsed);
}

/** `--image` of `kubectl run`. */
export function requireFlags(flags: Flags, names: readonly string[]): void {
  const missing = names.filter((name) => !flags.has(name)).map((name) => `"${name}"`);
  if (missing.length > 0) throw failure(`required flag(s) ${missing.join(", ")} not set`);
}
