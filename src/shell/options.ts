/** Options as programs take them: `-n`, `-n5`, `-n 5`, `-vn5`, `--name`, `--name=5`, `--name 5`, `--`. */
export interface OptionSpec {
  /** Whether it takes a value; "optional" ones take theirs only after `=`. */
  readonly value?: boolean | "optional";
  readonly short?: string;
  /** What `--name` without `=` means for an optional value, or for a flag. */
  readonly bare?: string;
}

export interface ParsedOptions {
  /** By long name (or the letter, where there is none): every value in order; "true" for a flag. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly rest: readonly string[];
  /** Index in `rest` of the first word after `--`. */
  readonly dashAt: number | undefined;
  readonly error?: OptionError;
}

export type OptionError =
  | { readonly what: "unknown"; readonly long: string }
  | { readonly what: "unknownShort"; readonly letter: string; readonly given: string }
  | {
      readonly what: "noValue";
      readonly name: string;
      readonly letter?: string;
      readonly given: string;
    };

interface ParseHow {
  /** Stop at the first word that is no option. */
  readonly untilWord?: boolean;
  /** `-o=yaml` is `yaml`, as Go's pflag reads it; getopt's value would be `=yaml`. */
  readonly shortEquals?: boolean;
}

/** Splits arguments by `specs`, whose keys are long names; a key of one letter is a short option. */
export function parseOptions(
  args: readonly string[],
  specs: Readonly<Record<string, OptionSpec>>,
  how: ParseHow = {},
): ParsedOptions {
  const values: Record<string, string[]> = {};
  const rest: string[] = [];
  const add = (name: string, value: string) => {
    values[name] = [...(values[name] ?? []), value];
  };
  const done = (dashAt: number | undefined, error?: OptionError): ParsedOptions => ({
    values,
    rest,
    dashAt,
    ...(error && { error }),
  });
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as string;
    if (argument === "--") {
      const dashAt = rest.length;
      rest.push(...args.slice(i + 1));
      return done(dashAt);
    }
    if (argument.startsWith("--")) {
      const equals = argument.indexOf("=");
      const name = equals < 0 ? argument.slice(2) : argument.slice(2, equals);
      const spec = name.length > 1 && Object.hasOwn(specs, name) ? specs[name] : undefined;
      if (!spec) return done(undefined, { what: "unknown", long: name });
      if (equals >= 0) add(name, argument.slice(equals + 1));
      else if (spec.value !== true) add(name, spec.bare ?? "true");
      else {
        const value = args[++i];
        if (value === undefined) return done(undefined, { what: "noValue", name, given: argument });
        add(name, value);
      }
      continue;
    }
    if (!argument.startsWith("-") || argument === "-") {
      rest.push(argument);
      if (!how.untilWord) continue;
      rest.push(...args.slice(i + 1));
      return done(undefined);
    }
    for (let at = 1; at < argument.length; at++) {
      const letter = argument[at] as string;
      const found = findShort(specs, letter);
      if (!found)
        return done(undefined, { what: "unknownShort", letter, given: argument.slice(1) });
      const [name, spec] = found;
      const attached = argument.slice(at + 1);
      if (how.shortEquals && attached.startsWith("=")) {
        add(name, attached.slice(1));
        break;
      }
      if (spec.value !== true) {
        add(name, spec.bare ?? "true");
        continue;
      }
      const value = attached === "" ? args[++i] : attached;
      if (value === undefined)
        return done(undefined, { what: "noValue", name, letter, given: argument.slice(1) });
      add(name, value);
      break;
    }
  }
  return done(undefined);
}

function findShort(
  specs: Readonly<Record<string, OptionSpec>>,
  letter: string,
): readonly [string, OptionSpec] | undefined {
  const own = Object.hasOwn(specs, letter) ? specs[letter] : undefined;
  if (own) return [letter, own];
  return Object.entries(specs).find(([, { short }]) => short === letter);
}

/** GNU's words for a wrong option. */
export function gnuError(name: string, error: OptionError): string {
  switch (error.what) {
    case "unknown":
      return `${name}: unrecognized option '--${error.long}'`;
    case "unknownShort":
      return `${name}: invalid option -- '${error.letter}'`;
    case "noValue":
      return error.letter === undefined
        ? `${name}: option '--${error.name}' requires an argument`
        : `${name}: option requires an argument -- '${error.letter}'`;
  }
}
