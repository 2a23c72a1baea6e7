import { sysctlLines } from "../../../core/dataplane/print-sysctl";
import { readSysctl } from "../../../core/dataplane/sysctl";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { findNetns, nodeOf } from "../network";

/** Settings that the simulation has; others exist on a real machine, and are not modelled. */
export const sysctl: Program = async (process) => {
  const netns = findNetns(process);
  if (!netns) return 1;
  const flags = process.args.filter((word) => /^-[anwqe]+$/.test(word)).join("");
  const names = process.args.filter((word) => !word.startsWith("-"));
  const strange = process.args.find((word) => word.startsWith("-") && !/^-[anwqe]+$/.test(word));
  if (strange !== undefined)
    return fail(process, `sysctl: invalid option -- '${strange.replace(/^-+/, "")}'`);
  if (flags.includes("a")) {
    for (const line of sysctlLines(netns)) await print(process, line);
    return 0;
  }
  let status = 0;
  for (const given of names) {
    const [name = "", value] = given.split("=").map((part) => part.trim().replaceAll("/", "."));
    const current = readSysctl(netns, name);
    if (current === undefined) {
      status = 1;
      await process.stderr.write(
        `sysctl: cannot stat /proc/sys/${name.replaceAll(".", "/")}: No such file or directory\n`,
      );
      if (/^(?:net|kernel|vm|fs)\./.test(name)) await hint(process, `${name} is not modelled here`);
      continue;
    }
    if (value !== undefined && !(await write(process, name, value))) {
      status = 1;
      continue;
    }
    const now = value ?? String(current);
    await print(process, flags.includes("n") ? now : `${name} = ${now}`);
  }
  return status;
};

async function write(process: Process, name: string, value: string): Promise<boolean> {
  const path = `/proc/sys/${name.replaceAll(".", "/")}`;
  const node = nodeOf(process);
  if (node === undefined) {
    await process.stderr.write(`sysctl: setting key "${name}": Read-only file system\n`);
    return false;
  }
  const result = process.cluster.execute({
    type: "setSetting",
    node,
    setting: name,
    value: Number(value),
  });
  if (!result.ok)
    await process.stderr.write(
      `sysctl: setting key "${name}": Invalid argument (${path})\n`.replace(` (${path})`, ""),
    );
  return result.ok;
}
