import { isList, isObject } from "../../../../core/api/json";

/** A value as Go's `%v` prints it; what came of JSON are maps, slices, strings, numbers and booleans. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (isList(value)) return `[${value.map(formatValue).join(" ")}]`;
  if (!isObject(value)) return typeof value === "number" ? formatNumber(value) : String(value);
  const entries = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined);
  return `map[${entries.map((key) => `${key}:${formatValue(value[key])}`).join(" ")}]`;
}

/** Whole numbers of JSON are int64 to kubectl, others float64. */
function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** Operands side by side, with a space where neither is text. Source: Go's fmt.Sprint. */
export function sprint(values: readonly unknown[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const spaced = index > 0 && typeof value !== "string" && typeof before !== "string";
      return (spaced ? " " : "") + formatValue(value);
    })
    .join("");
}

/** Go's fmt.Sprintf with flags `-`, `0`, `+` and `#`, width and precision. */
export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0;
  const text = format.replace(
    /%([-+0# ]*)(\d*)(?:\.(\d*))?(.)?/g,
    (_, flags: string, width: string, precision: string | undefined, verb: string | undefined) => {
      if (verb === undefined) return "%!(NOVERB)";
      if (verb === "%") return "%";
      if (next >= values.length) return `%!${verb}(MISSING)`;
      return pad(formatVerb(verb, values[next++], flags, precision), flags, width);
    },
  );
  const extra = values.slice(next).map((value) => `${goTypeOf(value)}=${formatValue(value)}`);
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(", ")})` : text;
}

function pad(text: string, flags: string, width: string): string {
  if (width === "") return text;
  if (flags.includes("-")) return text.padEnd(Number(width));
  const zeros = flags.includes("0") && /^[+-]?[\d.]+$/.test(text);
  if (!zeros) return text.padStart(Number(width));
  const [sign = ""] = /^[+-]?/.exec(text) ?? [];
  return sign + text.slice(sign.length).padStart(Number(width) - sign.length, "0");
}

function formatVerb(
  verb: string,
  value: unknown,
  flags: string,
  precision: string | undefined,
): string {
  const whole = typeof value === "number" && Number.isInteger(value);
  const signed = (text: string) =>
    flags.includes("+") && !text.startsWith("-") ? `+${text}` : text;
  switch (verb) {
    case "v":
      return formatValue(value);
    case "s":
      if (typeof value === "string")
        return precision === undefined ? value : value.slice(0, Number(precision));
      if (isList(value) || isObject(value)) return formatValue(value);
      break;
    case "q":
      if (typeof value === "string") return JSON.stringify(value);
      break;
    case "d":
      if (whole) return signed(String(value));
      break;
    case "x":
    case "X": {
      const hex = whole
        ? value.toString(16)
        : typeof value === "string"
          ? utf8(value)
              .map((byte) => byte.toString(16).padStart(2, "0"))
              .join("")
          : undefined;
      if (hex !== undefined) return verb === "X" ? hex.toUpperCase() : hex;
      break;
    }
    case "o":
    case "b":
      if (whole) return value.toString(verb === "o" ? 8 : 2);
      break;
    case "f":
    case "F":
      if (typeof value === "number" && !whole)
        return signed(value.toFixed(precision === undefined ? 6 : Number(precision)));
      break;
    case "t":
      if (typeof value === "boolean") return String(value);
      break;
    case "T":
      return goTypeOf(value);
  }
  return value === undefined || value === null
    ? `%!${verb}(<nil>)`
    : `%!${verb}(${goTypeOf(value)}=${formatValue(value)})`;
}

export function goTypeOf(value: unknown): string {
  if (isList(value)) return "[]interface {}";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return isObject(value) ? "map[string]interface {}" : "<nil>";
}

/** The bytes of a text. */
export function utf8(text: string): readonly number[] {
  const bytes = encodeURIComponent(text).match(/%[\dA-F]{2}|[^%]/g) ?? [];
  return bytes.map((one) =>
    one.length === 3 ? Number.parseInt(one.slice(1), 16) : one.charCodeAt(0),
  );
}
