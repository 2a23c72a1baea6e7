import { readFileSync, writeFileSync } from "node:fs";
import type { World } from "../core/cluster/world";
import { bootScenario } from "../scenario/boot";
import type { DocumentError } from "../scenario/document-error";
import { UserError } from "./user-error";

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") throw new UserError(`the path "${file}" does not exist`);
    if (code === "EISDIR") throw new UserError(`"${file}" is a directory`);
    throw new UserError(
      `cannot read "${file}": ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** `file:12:5: Service default/kuard: message`. */
export function formatDocumentError(file: string, error: DocumentError): string {
  const at = error.line === undefined ? file : `${file}:${error.line}:${error.column ?? 1}`;
  return `${at}: ${error.object ? `${error.object}: ` : ""}${error.message}`;
}

/** A settled cluster from a scenario file. */
export function loadSettled(file: string, seed?: number): World {
  const booted = bootScenario(readText(file), seed === undefined ? {} : { seed });
  if (!booted.ok)
    throw new UserError(
      booted.errors.map((error) => formatDocumentError(file, error)).join("\nerror: "),
    );
  booted.world.settle();
  booted.world.begin();
  return booted.world;
}

export function writeBytes(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new UserError(
      `cannot write "${file}": ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
