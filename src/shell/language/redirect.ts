import type { Redirection } from "unbash";
import { type FileSystem, resolvePath } from "../files";
import type { Streams } from "../process";
import { NOWHERE, type Output, TextInput } from "../streams";
import { type Expander, expandHereDoc, expandText } from "./expand";

/** Why a redirect cannot be made: `/etc/x: Permission denied`. */
export class RedirectError extends Error {}

/** A command's streams after its redirects, which are made from left to right. */
export async function redirect(
  redirects: readonly Redirection[],
  streams: Streams,
  shell: Expander,
): Promise<Streams> {
  let result = streams;
  for (const one of redirects) result = await applyOne(one, result, shell);
  return result;
}

async function applyOne(one: Redirection, streams: Streams, shell: Expander): Promise<Streams> {
  if (one.descriptor?.type === "FileDescriptorVariable")
    throw new RedirectError(`{${one.descriptor.name}}: not modelled here`);
  const given = one.descriptor?.value;
  if (one.type === "HereDoc") {
    const { body } = one;
    const text = body.parts ? await expandHereDoc(body.parts, shell) : body.text;
    return { ...streams, stdin: new TextInput(text) };
  }
  const target = await expandText(one.target, shell);
  if (one.type === "HereString") return { ...streams, stdin: new TextInput(`${target}\n`) };
  switch (one.operator) {
    case "<":
    case "<>":
      return { ...streams, stdin: new TextInput(readFile(target, shell)) };
    case "<&":
    case ">&":
      return duplicate(given ?? (one.operator === ">&" ? 1 : 0), target, given, streams, shell);
    case "&>":
    case "&>>": {
      const output = openFile(target, one.operator === "&>>", shell);
      return { ...streams, stdout: output, stderr: output };
    }
    default: {
      const output = openFile(target, one.operator === ">>", shell);
      return withOutput(streams, given ?? 1, output);
    }
  }
}

function duplicate(
  descriptor: number,
  target: string,
  given: number | undefined,
  streams: Streams,
  shell: Expander,
): Streams {
  if (target === "1") return withOutput(streams, descriptor, streams.stdout);
  if (target === "2") return withOutput(streams, descriptor, streams.stderr);
  if (target === "-")
    return descriptor === 0
      ? { ...streams, stdin: new TextInput() }
      : withOutput(streams, descriptor, NOWHERE);
  if (target === "0" && descriptor === 0) return streams;
  if (/^\d+$/.test(target)) throw new RedirectError(`${target}: Bad file descriptor`);
  if (given !== undefined && given !== 1) throw new RedirectError(`${target}: ambiguous redirect`);
  const output = openFile(target, false, shell);
  return { ...streams, stdout: output, stderr: output };
}

function withOutput(streams: Streams, descriptor: number, output: Output): Streams {
  if (descriptor === 1) return { ...streams, stdout: output };
  if (descriptor === 2) return { ...streams, stderr: output };
  throw new RedirectError(`${descriptor}: Bad file descriptor`);
}

function readFile(target: string, { files, state }: Expander): string {
  const read = files.read(resolvePath(state.cwd, target));
  if (!read.ok) throw new RedirectError(`${target}: ${read.error}`);
  return read.value;
}

function openFile(target: string, append: boolean, { files, state }: Expander): Output {
  if (target === "") throw new RedirectError(": No such file or directory");
  if (target === "/dev/null") return NOWHERE;
  const path = resolvePath(state.cwd, target);
  const opened = append ? files.append(path, "") : files.write(path, "");
  if (!opened.ok) throw new RedirectError(`${target}: ${opened.error}`);
  return fileOutput(files, path);
}

function fileOutput(files: FileSystem, path: string): Output {
  return {
    isTerminal: false,
    write: async (text) => {
      const written = files.append(path, text);
      if (!written.ok) throw new RedirectError(`${path}: ${written.error}`);
    },
  };
}
