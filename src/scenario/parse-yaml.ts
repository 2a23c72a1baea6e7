import { type Document, LineCounter, parseAllDocuments, type ScalarTag } from "yaml";
import type { DocumentError } from "./document-error";
import { locate } from "./locate";
import { findDeepFlow, MAX_FLOW_DEPTH } from "./nesting";

export interface ParsedYaml {
  /** Documents that say something. */
  readonly documents: readonly { readonly document: Document; readonly value: unknown }[];
  readonly lineCounter: LineCounter;
  readonly errors: readonly DocumentError[];
}

const MAX_CHARACTERS = 2_000_000;
const MAX_DOCUMENTS = 5_000;
/** Nodes that aliases may stand for, all together: a "billion laughs" is refused. */
const MAX_ALIASES = 100;

/** More errors than anybody reads. */
const MAX_ERRORS = 100;

/** YAML 1.1 as kubectl reads it: yes and no are booleans. The rest of the schema is YAML 1.2's. */
const YES_NO: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|on)$/i.test(text),
};

/** Text to documents. Takes any text, throws never. */
export function parseYaml(text: string): ParsedYaml {
  const lineCounter = new LineCounter();
  const fail = (message: string): ParsedYaml => ({
    documents: [],
    lineCounter,
    errors: [{ message, line: 1, column: 1 }],
  });
  if (text.length > MAX_CHARACTERS) {
    return fail(`the text has ${text.length} characters; at most ${MAX_CHARACTERS} are read`);
  }
  const deep = findDeepFlow(text);
  if (deep !== undefined) {
    const { line, column } = positionAt(text, deep);
    const message = `the document nests too deeply: more than ${MAX_FLOW_DEPTH} levels`;
    return { documents: [], lineCounter, errors: [{ message, line, column }] };
  }
  const parsed = attempt(() =>
    parseAllDocuments(text, {
      lineCounter,
      prettyErrors: false,
      logLevel: "error",
      merge: true,
      customTags: (tags) => [YES_NO, ...tags],
    }),
  );
  if (!parsed.ok) return fail(`the text cannot be read: ${parsed.message}`);
  if (!Array.isArray(parsed.value)) return { documents: [], lineCounter, errors: [] };
  if (parsed.value.length > MAX_DOCUMENTS) {
    return fail(`the text has ${parsed.value.length} documents; at most ${MAX_DOCUMENTS} are read`);
  }
  const documents: { document: Document; value: unknown }[] = [];
  const errors: DocumentError[] = [];
  for (const document of parsed.value) {
    for (const error of document.errors) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      errors.push({ message: plain(error.message), line, column: col });
    }
    if (document.errors.length > 0) continue;
    const value = attempt(() => document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown);
    if (!value.ok) {
      errors.push({ message: value.message, ...locate({ document, lineCounter, root: [] }, "") });
    } else if (value.value !== null && value.value !== undefined) {
      documents.push({ document, value: value.value });
    }
  }
  return { documents, lineCounter, errors: errors.slice(0, MAX_ERRORS) };
}

function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What the library says when its recursion runs out of stack. */
function plain(message: string): string {
  return /call stack|recursion/.test(message) ? "the document nests too deeply" : message;
}

/** The library refuses some texts (too many aliases, nesting past the stack) by throwing. */
function attempt<T>(run: () => T): { ok: true; value: T } | { ok: false; message: string } {
  try {
    return { ok: true, value: run() };
  } catch (error) {
    return { ok: false, message: plain(error instanceof Error ? error.message : String(error)) };
  }
}
