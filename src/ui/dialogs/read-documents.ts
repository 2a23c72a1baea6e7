import { isMomentFile } from "../share/moment-text";

const MAX_BYTES = 2_000_000;

export type ReadDocuments =
  /** Documents as one multi-document YAML. */
  | { readonly kind: "documents"; readonly text: string }
  /** What “Save as a file” wrote. */
  | { readonly kind: "moment"; readonly text: string }
  | { readonly kind: "problem"; readonly problem: string };

/** Reads files that somebody chose or dropped: anything at all. */
export async function readDocuments(files: readonly File[]): Promise<ReadDocuments> {
  if (files.length === 0) return problem("No file was given.");
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const names = files.map((file) => file.name).join(", ");
  if (bytes > MAX_BYTES)
    return problem(`${names}: ${(bytes / 1e6).toFixed(1)} MB is too much, 2 MB at most.`);
  const texts: string[] = [];
  for (const file of files) {
    const text = await readText(file);
    if (typeof text !== "string") return text;
    texts.push(text);
  }
  if (!texts.some(isMomentFile)) {
    if (texts.every((text) => text.trim() === "")) return problem(`${names}: nothing is in there.`);
    return { kind: "documents", text: texts.join("\n---\n") };
  }
  const [text = ""] = texts;
  if (texts.length === 1) return { kind: "moment", text };
  return problem("A saved moment is opened by itself: drop it without the other files.");
}

/** Text in UTF-8, or in what its byte order mark says. */
async function readText(file: File): Promise<string | ReadDocuments> {
  try {
    const bytes = await file.arrayBuffer();
    const text = new TextDecoder(encodingOf(new Uint8Array(bytes)), { fatal: true }).decode(bytes);
    return text.includes("\0") ? notText(file) : text;
  } catch (error) {
    // A TypeError is the decoder's; folders, and files that went meanwhile, are DOMExceptions.
    if (error instanceof TypeError) return notText(file);
    const reason = error instanceof Error ? error.message : String(error);
    return problem(`${file.name} cannot be read; if it is a folder, open its files. (${reason})`);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

function notText({ name }: File): ReadDocuments {
  return problem(`${name} is not a text file.`);
}

function problem(what: string): ReadDocuments {
  return { kind: "problem", problem: `${what} The cluster is as it was.` };
}
