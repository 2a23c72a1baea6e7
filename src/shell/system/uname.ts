import { isBusybox } from "../linux/network";
import { KERNEL_BUILD, KERNEL_VERSION } from "../machine-facts";
import { gnuError, parseOptions } from "../options";
import { fail, type Program, print } from "../process";

const OPTIONS = {
  all: { short: "a" },
  "kernel-name": { short: "s" },
  nodename: { short: "n" },
  "kernel-release": { short: "r" },
  "kernel-version": { short: "v" },
  machine: { short: "m" },
  "operating-system": { short: "o" },
} as const;

/** A container has its machine's kernel, and a name of its own. */
export const uname: Program = async (process) => {
  const { values, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, gnuError("uname", error));
  const read = process.files.read("/etc/hostname");
  const facts: Record<string, string> = {
    "kernel-name": "Linux",
    nodename: read.ok ? read.value.trim() : "localhost",
    "kernel-release": KERNEL_VERSION,
    "kernel-version": KERNEL_BUILD,
    machine: "x86_64",
    "operating-system": isBusybox(process) ? "Linux" : "GNU/Linux",
  };
  const asked = Object.keys(facts).filter((name) => values.all || values[name]);
  const shown = asked.length === 0 ? ["kernel-name"] : asked;
  await print(process, shown.map((name) => facts[name]).join(" "));
  return 0;
};
