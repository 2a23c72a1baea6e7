import { BUILTINS } from "../builtins/builtins";
import { formatPrintf, unescapeText } from "../builtins/printf";
import { fail, type Program, print } from "../process";

export const echo: Program = async (process) => {
  const [flag, ...rest] = process.args;
  const newline = flag !== "-n";
  const escapes = flag === "-e";
  const words = flag === "-n" || flag === "-e" ? rest : process.args;
  const text = words.join(" ");
  await process.stdout.write((escapes ? unescapeText(text).text : text) + (newline ? "\n" : ""));
  return 0;
};

export const printf: Program = async (process) => {
  const [format, ...args] = process.args;
  if (format === undefined) return fail(process, "printf: missing operand");
  await process.stdout.write(formatPrintf(format, args).text);
  return 0;
};

export const env: Program = async (process) => {
  const given: Record<string, string> = {};
  let at = 0;
  for (; /^[A-Za-z_]\w*=/.test(process.args[at] ?? ""); at++) {
    const pair = process.args[at] ?? "";
    given[pair.slice(0, pair.indexOf("="))] = pair.slice(pair.indexOf("=") + 1);
  }
  const all = { ...process.env, ...given };
  const argv = process.args.slice(at);
  if (argv.length > 0) return process.system.exec(process, argv, { env: all });
  for (const [name, value] of Object.entries(all)) await print(process, `${name}=${value}`);
  return 0;
};

export const printenv: Program = async (process) => {
  const [name] = process.args;
  if (name === undefined) return env(process);
  const value = process.env[name];
  if (value === undefined) return 1;
  await print(process, value);
  return 0;
};

export const which: Program = async (process) => {
  let status = 0;
  for (const name of process.args) {
    if (process.system.has(process.place, name)) await print(process, `/usr/bin/${name}`);
    else if (!Object.hasOwn(BUILTINS, name)) status = 1;
  }
  return status;
};

export const whoami: Program = async (process) => {
  await print(process, process.user);
  return 0;
};

export const seq: Program = async (process) => {
  const numbers = process.args.map(Number);
  if (numbers.length === 0 || numbers.some(Number.isNaN))
    return fail(process, "seq: missing operand");
  const [from, step, to] =
    numbers.length === 1
      ? [1, 1, numbers[0] ?? 0]
      : numbers.length === 2
        ? [numbers[0] ?? 0, 1, numbers[1] ?? 0]
        : [numbers[0] ?? 0, numbers[1] ?? 1, numbers[2] ?? 0];
  if (step === 0) return fail(process, "seq: invalid Zero increment value: '0'");
  for (let at = from; step > 0 ? at <= to : at >= to; at += step) await print(process, String(at));
  return 0;
};

export const clear: Program = async (process) => {
  if (process.terminal?.interactive) await process.stdout.write("\x1b[H\x1b[2J\x1b[3J");
  return 0;
};

export const basename: Program = async (process) => {
  const [path = "", suffix = ""] = process.args;
  const name = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  await print(
    process,
    suffix !== "" && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name,
  );
  return 0;
};

export const dirname: Program = async (process) => {
  const path = (process.args[0] ?? "").replace(/\/+$/, "");
  const slash = path.lastIndexOf("/");
  await print(process, slash > 0 ? path.slice(0, slash) : slash === 0 ? "/" : ".");
  return 0;
};

export const succeed: Program = async () => 0;
export const failing: Program = async () => 1;
