import type { Process, Streams } from "./process";

/** One dim line that is ours, not the tool's: what has changed since the talk, what is not modelled here. */
export async function hint(
  process: Pick<Process, "terminal"> & Pick<Streams, "stderr">,
  text: string,
): Promise<void> {
  const line = `# kubehop: ${text}`;
  const dim = process.terminal?.interactive && process.stderr.isTerminal;
  await process.stderr.write(dim ? `\x1b[2m${line}\x1b[0m\n` : `${line}\n`);
}
