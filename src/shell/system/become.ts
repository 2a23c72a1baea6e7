import { fail, type Program, print } from "../process";

/** Whoever is root may become root: `sudo COMMAND`. */
export const sudo: Program = async (process) => {
  const { args } = process;
  let at = 0;
  for (; args[at]?.startsWith("-"); at++) if (/^-[uCgpU]$/.test(args[at] ?? "")) at++;
  const command = args.slice(at);
  if (args.some((word) => word === "-i" || word === "-s") && command.length === 0)
    return process.system.openShell({ ...process, name: "bash" }, process.place);
  if (command.length === 0)
    return fail(
      process,
      "usage: sudo -h | -K | -k | -V\nusage: sudo [-u user] [command [arg ...]]",
    );
  const name = command[0] ?? "";
  if (!process.system.has(process.place, name) && !name.includes("/"))
    return fail(process, `sudo: ${name}: command not found`);
  return process.system.exec(process, command);
};

export const id: Program = async (process) => {
  const name = process.user;
  const number = name === "root" ? 0 : name === "nobody" ? 65_534 : 1_000;
  const asked = process.args.join("");
  const text = /^-u/.test(asked)
    ? asked.includes("n")
      ? name
      : String(number)
    : `uid=${number}(${name}) gid=${number}(${name}) groups=${number}(${name})`;
  await print(process, text);
  return 0;
};
