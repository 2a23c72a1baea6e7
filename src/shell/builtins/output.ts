import { ExpansionError } from "../language/expansion-error";
import type { Builtin, Builtins } from "./builtins";
import { formatPrintf, unescapeText } from "./printf";
import { testWords } from "./test";

const echo: Builtin = async (_, args, streams) => {
  let index = 0;
  let newline = true;
  let escapes = false;
  for (; /^-[neE]+$/.test(args[index] ?? ""); index++) {
    const flags = args[index] ?? "";
    if (flags.includes("n")) newline = false;
    if (flags.includes("e")) escapes = true;
    if (flags.includes("E")) escapes = false;
  }
  const text = args.slice(index).join(" ");
  const { text: plain, stopped } = escapes ? unescapeText(text) : { text, stopped: false };
  await streams.stdout.write(plain + (newline && !stopped ? "\n" : ""));
  return 0;
};

const printf: Builtin = async (shell, [format, ...args], streams) => {
  if (format === undefined)
    return shell.complain(streams, "printf: usage: printf [-v var] format [arguments]", 2);
  const { text, error } = formatPrintf(format, args);
  await streams.stdout.write(text);
  return error === undefined ? 0 : shell.complain(streams, `printf: ${error}`);
};

const test: Builtin = async (shell, args, streams, name) => {
  let words = args;
  if (name === "[") {
    if (args.at(-1) !== "]") return shell.complain(streams, "[: missing `]'", 2);
    words = args.slice(0, -1);
  }
  try {
    return testWords(words, shell) ? 0 : 1;
  } catch (error) {
    if (error instanceof ExpansionError) return shell.complain(streams, error.message, 2);
    throw error;
  }
};

export const OUTPUT: Builtins = { echo, printf, test, "[": test };
