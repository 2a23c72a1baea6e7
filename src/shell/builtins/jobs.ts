import { SIGNAL_NUMBERS, type SignalName } from "../interrupt";
import type { Builtin, Builtins } from "./builtins";

const jobs: Builtin = async (shell, _, streams) => {
  const list = shell.host.jobs.list();
  for (const [index, job] of list.entries()) {
    const mark = index === list.length - 1 ? "+" : index === list.length - 2 ? "-" : " ";
    const done = job.exitCode === 0 ? "Done" : `Exit ${job.exitCode}`;
    const state = (job.state === "running" ? "Running" : done).padEnd(24);
    const command = job.state === "running" ? `${job.text} &` : job.text;
    await streams.stdout.write(`[${job.id}]${mark}  ${state}${command}\n`);
  }
  return 0;
};

const wait: Builtin = async (shell, args, streams) => {
  if (args.length === 0) return shell.host.jobs.wait(undefined);
  let status = 0;
  for (const name of args) {
    const job = shell.host.jobs.find(name);
    if (!job) return shell.complain(streams, `wait: ${name}: no such job`, 127);
    status = await shell.host.jobs.wait(job);
  }
  return status;
};

const foreground: Builtin = async (shell, [name = "%%"], streams) => {
  const job = shell.host.jobs.find(name);
  if (!job) return shell.complain(streams, `fg: ${name === "%%" ? "current" : name}: no such job`);
  await streams.stdout.write(`${job.text}\n`);
  const forget = shell.process.interrupt.onRaise((signal) => shell.host.jobs.kill(job, signal));
  const status = await shell.host.jobs.wait(job);
  forget();
  shell.process.interrupt.throwIfRaised();
  return status;
};

/** Jobs are the shell's; processes of the place are its `kill` program's. */
const kill: Builtin = async (shell, args, streams) => {
  const { signal, targets, error } = parseKill(args);
  if (error !== undefined) return shell.complain(streams, `kill: ${error}`);
  if (targets.length === 0)
    return shell.complain(streams, "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid", 2);
  const others: string[] = [];
  let status = 0;
  for (const target of targets) {
    const job = shell.host.jobs.find(target);
    if (job) shell.host.jobs.kill(job, signal);
    else if (target.startsWith("%"))
      status = await shell.complain(streams, `kill: ${target}: no such job`);
    else others.push(target);
  }
  if (others.length === 0) return status;
  if (shell.process.system.has(shell.process.place, "kill")) {
    const argv = ["kill", `-${SIGNAL_NUMBERS[signal]}`, ...others];
    return shell.process.system.exec(shell.process, argv, { streams, cwd: shell.state.cwd });
  }
  return shell.complain(streams, `kill: (${others[0]}) - No such process`);
};

function parseKill(args: readonly string[]): {
  readonly signal: SignalName;
  readonly targets: readonly string[];
  readonly error?: string;
} {
  const [first = "", second = ""] = args;
  if (!first.startsWith("-") || first === "--")
    return { signal: "SIGTERM", targets: args.filter((arg) => arg !== "--") };
  const separate = first === "-s" || first === "-n";
  const given = separate ? second : first.slice(1);
  const targets = args.slice(separate ? 2 : 1);
  const wanted = given.toUpperCase().replace(/^(?:SIG)?/, "SIG");
  const found = Object.entries(SIGNAL_NUMBERS).find(
    ([name, number]) => name === wanted || String(number) === given,
  );
  if (!found)
    return { signal: "SIGTERM", targets, error: `${given}: invalid signal specification` };
  return { signal: found[0] as SignalName, targets };
}

export const JOBS: Builtins = { jobs, wait, fg: foreground, bg: async () => 0, kill };
