const MAX_BYTES = 2_000_000;

export interface ReadDocuments {
  readonly text?: string;
  /** Why there is no text. */
  readonly problem?: string;
}

/** The text of the files as one multi-document YAML. */
export async function readDocuments(files: readonly File[]): Promise<ReadDocuments> {
  if (files.length === 0) return { problem: "No file was given." };
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MAX_BYTES) {
    const names = files.map((file) => file.name).join(", ");
    return {
      problem: `${names}: ${(bytes / 1e6).toFixed(1)} MB is too much, 2 MB at most. The cluster is as it was.`,
    };
  }
  try {
    const texts = await Promise.all(files.map((file) => file.text()));
    if (texts.some((text) => text.includes("\0")))
      return { problem: "This is not a text file. The cluster is as it was." };
    return { text: texts.join("\n---\n") };
  } catch (error) {
    return {
      problem: `The file could not be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
