import { formatTimestamp, SECOND } from "../../core/sim/time";
import { Interrupted } from "../interrupt";
import { gnuError, parseOptions } from "../options";
import { fail, type Program, print } from "../process";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `5`, `0.5`, `2m`; undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] || "s"] ?? 1) : undefined;
}

export const sleep: Program = async (process) => {
  if (process.args.length === 0) return fail(process, "sleep: missing operand");
  let seconds = 0;
  for (const argument of process.args) {
    const given = parseSeconds(argument);
    if (given === undefined) return fail(process, `sleep: invalid time interval '${argument}'`);
    seconds += given;
  }
  await process.cluster.sleep(seconds * SECOND, process.interrupt);
  return 0;
};

export const timeout: Program = async (process) => {
  const options = {
    s: { value: true },
    k: { value: true },
    t: { value: true },
    "preserve-status": {},
  } as const;
  const { values, rest, error } = parseOptions(process.args, options, { untilWord: true });
  if (error) return fail(process, gnuError("timeout", error), 125);
  const [limit = "", ...argv] = [...(values.t ?? []), ...rest];
  const seconds = parseSeconds(limit);
  if (seconds === undefined) return fail(process, `timeout: invalid time interval '${limit}'`, 125);
  if (argv.length === 0) return fail(process, "timeout: missing operand", 125);
  const { cluster, system } = process;
  const interrupt = process.interrupt.child();
  const clock = process.interrupt.child();
  let late = false;
  const alarm = cluster.sleep(seconds * SECOND, clock).then(
    () => {
      late = true;
      interrupt.raise("SIGTERM");
    },
    () => undefined,
  );
  try {
    const status = await system.exec({ ...process, interrupt }, argv, { interrupt });
    return late && !values["preserve-status"] ? 124 : status;
  } catch (thrown) {
    if (!(thrown instanceof Interrupted) || !late) throw thrown;
    return values["preserve-status"] ? thrown.exitCode : 124;
  } finally {
    clock.raise("SIGTERM");
    await alarm;
  }
};

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAYS = "Thu Fri Sat Sun Mon Tue Wed".split(" ");

/** Virtual time. 2026-01-01, where it begins, is a Thursday. */
export const date: Program = async (process) => {
  const nowUs = process.cluster.nowUs;
  const stamp = formatTimestamp(nowUs);
  const [, year = "", month = "", day = "", clock = ""] =
    /^(\d+)-(\d+)-(\d+)T([\d:]+)Z$/.exec(stamp) ?? [];
  const seconds = Math.floor(nowUs / SECOND);
  const weekday = DAYS[Math.floor(seconds / 86_400) % 7] ?? "";
  const name = MONTHS[Number(month) - 1] ?? "";
  const format = process.args.find((argument) => argument.startsWith("+"));
  if (process.args.includes("-Is") || process.args.includes("--iso-8601=seconds")) {
    await print(process, stamp.replace("Z", "+00:00"));
    return 0;
  }
  if (format === undefined) {
    await print(
      process,
      `${weekday} ${name} ${String(Number(day)).padStart(2)} ${clock} UTC ${year}`,
    );
    return 0;
  }
  const [hour = "", minute = "", second = ""] = clock.split(":");
  /** Seconds from 1970 to 2026. */
  const epoch = 1_767_225_600;
  const parts: Readonly<Record<string, string>> = {
    Y: year,
    m: month,
    d: day,
    H: hour,
    M: minute,
    S: second,
    T: clock,
    a: weekday,
    b: name,
    F: `${year}-${month}-${day}`,
    s: String(epoch + seconds),
    N: String((nowUs % SECOND) * 1_000).padStart(9, "0"),
    Z: "UTC",
    z: "+0000",
    n: "\n",
    t: "\t",
    "%": "%",
    D: `${month}/${day}/${year.slice(2)}`,
    R: `${hour}:${minute}`,
  };
  await print(
    process,
    format.slice(1).replace(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole),
  );
  return 0;
};

/** Runs a command again and again. On a terminal each run wipes the screen; elsewhere they follow one another. */
export const watch: Program = async (process) => {
  const options = {
    interval: { short: "n", value: true },
    "no-title": { short: "t" },
    differences: { short: "d" },
    exec: { short: "x" },
  } as const;
  const { values, rest, error } = parseOptions(process.args, options, { untilWord: true });
  if (error) return fail(process, gnuError("watch", error));
  const seconds = parseSeconds(values.interval?.at(-1) ?? "2");
  if (rest.length === 0 || seconds === undefined)
    return fail(process, "Usage: watch [options] command");
  for (;;) {
    if (process.terminal?.interactive) await process.stdout.write("\x1b[H\x1b[2J");
    if (!values["no-title"])
      await print(process, `Every ${seconds.toFixed(1)}s: ${rest.join(" ")}\n`);
    await process.system.script({ ...process, name: "sh" }, rest.join(" "));
    await process.cluster.sleep(seconds * SECOND, process.interrupt);
  }
};
