import { resolvePath } from "../files";
import { fail, type Process, type Program } from "../process";
import { readAll } from "../streams";

/** `sh -c TEXT`, `sh FILE`, `sh` on a terminal. */
export const shell: Program = async (process) => {
  const flags = process.args.filter((argument) => /^-[a-z]+$/.test(argument));
  const run = process.args.findIndex((argument) => /^-[a-z]*c$/.test(argument));
  if (run >= 0) {
    const text = process.args[run + 1];
    if (text === undefined)
      return fail(process, `${process.name}: -c: option requires an argument`, 2);
    return process.system.script({ ...process, args: process.args.slice(run) }, text);
  }
  const file = process.args.find((argument) => !flags.includes(argument));
  if (file !== undefined) {
    const read = process.files.read(resolvePath(process.cwd, file));
    if (!read.ok) return fail(process, `${process.name}: ${file}: ${read.error}`, 127);
    const args = ["", ...process.args.slice(process.args.indexOf(file))];
    return process.system.script({ ...process, args }, read.value);
  }
  if (process.stdin.isTerminal && process.terminal)
    return process.system.openShell(process, process.place);
  return process.system.script({ ...process, args: [] }, await readAll(process.stdin));
};

/** `ssh [USER@]MACHINE [COMMAND]`: keys and host keys are in order. */
export const ssh: Program = async (process) => {
  const { target, command } = parseSsh(process.args);
  if (target === undefined)
    return fail(process, "usage: ssh [options] destination [command [argument ...]]", 255);
  const name = target.slice(target.indexOf("@") + 1);
  const place = findMachine(process, name);
  if (!place)
    return fail(process, `ssh: Could not resolve hostname ${name}: Name or service not known`, 255);
  const wrong = process.system.checkPlace(place);
  if (wrong !== undefined) return fail(process, `ssh: ${wrong}`, 255);
  if (command.length > 0) return process.system.script(process, command.join(" "), { place });
  const status = await process.system.openShell({ ...process, name: "bash" }, place);
  if (process.terminal?.interactive) await process.stderr.write(`Connection to ${name} closed.\n`);
  return status;
};

const SSH_VALUES = "bcDEeFIiJLlmOopQRSWw";

function parseSsh(args: readonly string[]): {
  readonly target?: string;
  readonly command: readonly string[];
} {
  let at = 0;
  for (; args[at]?.startsWith("-"); at++)
    if (args[at]?.length === 2 && SSH_VALUES.includes(args[at]?.[1] ?? "")) at++;
  const target = args[at];
  return { ...(target !== undefined && { target }), command: args.slice(at + 1) };
}

/** A node or a host, by its name or one of its addresses. */
function findMachine({ cluster }: Process, name: string) {
  const { store } = cluster.world;
  for (const node of store.list("Node"))
    if (
      node.metadata.name === name ||
      node.status.addresses.some(({ address }) => address === name)
    )
      return { kind: "node", name: node.metadata.name } as const;
  for (const host of store.list("Host"))
    if (host.metadata.name === name || host.spec.ip === name || host.spec.hostnames?.includes(name))
      return { kind: "host", name: host.metadata.name } as const;
  return undefined;
}
