import { parseArgs } from "node:util";
import { type HttpOptions, parseHttpOptions } from "../core/net/http-message";
import { UserError } from "./user-error";

/** Options by name; those of type string take a value, those of type list may come again and again. */
type Options = Readonly<
  Record<string, { readonly type: "string" | "boolean" | "list"; readonly short?: string }>
>;

interface OptionValues {
  readonly string: string;
  readonly boolean: boolean;
  readonly list: readonly string[];
}

interface Arguments<T extends Options> {
  readonly values: { readonly [K in keyof T]?: OptionValues[T[K]["type"]] };
  readonly positionals: readonly string[];
}

/** Splits arguments into options and the rest; what is unknown or lacks its value is the user's error. */
export function parseArguments<const T extends Options>(
  args: readonly string[],
  options: T,
): Arguments<T> {
  const known = Object.entries(options).map(([name, { type, short }]) => {
    const kind = type === "list" ? ({ type: "string", multiple: true } as const) : { type };
    return [name, { ...kind, ...(short !== undefined && { short }) }] as const;
  });
  try {
    const parsed = parseArgs({
      args: [...args],
      options: Object.fromEntries(known),
      allowPositionals: true,
      strict: true,
    });
    return { values: parsed.values as Arguments<T>["values"], positionals: parsed.positionals };
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

/** The one file that a command is about. */
export function onlyFile(positionals: readonly string[]): string {
  const [file, ...more] = positionals;
  if (file === undefined) throw new UserError("which FILE?");
  if (more.length > 0) throw new UserError(`one FILE only, not also ${more.join(" ")}`);
  return file;
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === "") throw new UserError(`--${option} is missing`);
  return value;
}

/** A whole number within limits. */
export function wholeNumber(
  value: string | undefined,
  option: string,
  fallback: number,
  min: number,
  max: number,
): number {
  if (value === undefined) return fallback;
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max))
    throw new UserError(`--${option} must be a whole number from ${min} to ${max}, not "${value}"`);
  return number;
}

/** `--url`: what to ask a web server for. */
export function httpOptions(value: string | undefined): HttpOptions | undefined {
  if (value === undefined) return undefined;
  const options = parseHttpOptions(value);
  if (!options)
    throw new UserError(
      `--url takes a host and a path, such as shop.example.com/cart, not "${value}"`,
    );
  return options;
}
