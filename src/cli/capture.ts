import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ANY, captureOf, interfacesOf, STREAMS } from "../core/trace/capture";
import type { Frame } from "../core/trace/frame";
import { writeBytes } from "./load";
import { UserError } from "./user-error";

/** Writes captured frames: to a file whole streams, or what `--interface` names; into a directory a file for each
 *  interface. */
export function writeCapture(out: string, frames: readonly Frame[], named?: string): void {
  const interfaces = interfacesOf(frames);
  const known = named === undefined || named === ANY || interfaces.includes(named);
  if (!known)
    throw new UserError(
      `no packet passed an interface "${named}"; there are ${[ANY, ...interfaces].join(", ")}`,
    );
  if (!isDirectory(out)) {
    writeBytes(out, captureOf(frames, named ?? STREAMS));
    return;
  }
  makeDirectory(out);
  for (const name of named === undefined || named === ANY ? interfaces : [named])
    writeBytes(join(out, `${fileName(name)}.pcapng`), captureOf(frames, name));
}

function isDirectory(out: string): boolean {
  return /[/\\]$/.test(out) || (statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot make the directory "${path}": ${reason}`);
  }
}

/** `node-1-eth0`, `default-web-1-eth0`. */
function fileName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, "-");
}
