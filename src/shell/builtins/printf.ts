const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  e: "\x1b",
  "\\": "\\",
  '"': '"',
};

/** `\n`, `\t`, `\033`, `\x1b`; `\c` stops everything after it. */
export function unescapeText(text: string): { readonly text: string; readonly stopped: boolean } {
  const stop = text.indexOf("\\c");
  const part = stop < 0 ? text : text.slice(0, stop);
  const plain = part.replace(/\\(0?[0-7]{1,3}|x[\da-fA-F]{1,2}|.)/g, (whole, code: string) => {
    if (/^[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    if (/^x[\da-fA-F]+$/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return ESCAPES[code] ?? whole;
  });
  return { text: plain, stopped: stop >= 0 };
}

const SPEC = /%(%|([-+ 0#]*)(\d+|\*)?(?:\.(\d+))?([sdiuxXofecbq]))/g;
const MAX_ROUNDS = 1_000;

/** bash's printf: the format again and again until the arguments are used up. */
export function formatPrintf(
  format: string,
  args: readonly string[],
): { readonly text: string; readonly error?: string } {
  let text = "";
  let next = 0;
  let error: string | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = next;
    text += unescapeText(format.replaceAll("%%", "%\u0000")).text.replace(
      SPEC,
      (_, __, flags: string, width: string | undefined, precision, kind: string) => {
        const columns = width === "*" ? Number(args[next++] ?? 0) : Number(width ?? 0);
        const argument = args[next++];
        const { value, problem } = convert(kind, argument, precision, flags);
        error ??= problem;
        return pad(value, columns, flags);
      },
    );
    if (next === before || next >= args.length) break;
  }
  return { text: text.replaceAll("%\u0000", "%"), ...(error !== undefined && { error }) };
}

function convert(
  kind: string,
  argument: string | undefined,
  precision: string | undefined,
  flags: string,
): { value: string; problem?: string } {
  const digits = precision === undefined ? undefined : Number(precision);
  switch (kind) {
    case "s":
      return { value: (argument ?? "").slice(0, digits) };
    case "b":
      return { value: unescapeText(argument ?? "").text };
    case "c":
      return { value: (argument ?? "").slice(0, 1) };
    case "q":
      return {
        value: /^[\w@%+=:,./-]+$/.test(argument ?? "") ? (argument ?? "") : `'${argument}'`,
      };
  }
  const given = argument ?? "0";
  const parsed = given === "" ? 0 : Number(given);
  const number = Number.isNaN(parsed) ? Number.parseInt(given, 10) || 0 : parsed;
  const problem = Number.isNaN(parsed) ? { problem: `${given}: invalid number` } : {};
  const sign = flags.includes("+") && number >= 0 ? "+" : "";
  switch (kind) {
    case "x":
      return { value: Math.trunc(number).toString(16), ...problem };
    case "X":
      return { value: Math.trunc(number).toString(16).toUpperCase(), ...problem };
    case "o":
      return { value: Math.trunc(number).toString(8), ...problem };
    case "f":
      return { value: sign + number.toFixed(Math.min(digits ?? 6, 20)), ...problem };
    case "e":
      return { value: sign + number.toExponential(Math.min(digits ?? 6, 20)), ...problem };
    default:
      return { value: sign + String(Math.trunc(number)).padStart(digits ?? 0, "0"), ...problem };
  }
}

function pad(value: string, width: number, flags: string): string {
  const columns = Math.min(width, 1_000);
  if (flags.includes("-")) return value.padEnd(columns);
  return value.padStart(columns, flags.includes("0") ? "0" : " ");
}
