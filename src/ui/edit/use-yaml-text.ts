import { useState } from "react";
import { formatManifest } from "../../scenario/format-manifest";
import { setDirty } from "../../stores/edit";
import type { DocumentError } from "../../worker/protocol";
import type { Json } from "./manifest";
import { readRequest } from "./request-text";

interface Written {
  readonly text: string;
  /** What the text says, or said before it could not be read any more. */
  readonly manifest: Json;
  readonly mistakes: readonly DocumentError[];
}

interface YamlText {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly mistakes: readonly DocumentError[];
  /** Back to what the request says. */
  readonly drop: () => void;
}

const NONE: readonly DocumentError[] = [];

/** The request as it was written, comments and order and all, as long as it says the same as the request; what was
 *  changed in the fields since is written anew. */
export function useYamlText(manifest: Json, onRead: (manifest: Json) => void): YamlText {
  const [written, setWritten] = useState<Written | null>(null);
  const current = written?.manifest === manifest ? written : null;

  function onChange(text: string) {
    // The editor has taken over what it was given.
    if (text === (current?.text ?? formatManifest(manifest))) return;
    const read = readRequest(text);
    setDirty(true);
    if (!read.ok) return setWritten({ text, manifest, mistakes: read.errors });
    setWritten({ text, manifest: read.manifest, mistakes: NONE });
    onRead(read.manifest);
  }

  return {
    text: current?.text ?? formatManifest(manifest),
    onChange,
    mistakes: current?.mistakes ?? NONE,
    drop: () => setWritten(null),
  };
}
