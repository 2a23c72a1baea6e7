import { type Interrupt, Interrupted } from "./interrupt";

/** What a program reads. Text, not bytes. */
export interface Input {
  readonly isTerminal: boolean;
  /** The next piece; undefined at the end. */
  read(): Promise<string | undefined>;
  /** The next line without its end; undefined at the end. */
  readLine(): Promise<string | undefined>;
}

/** What a program writes. Throws Interrupted (SIGPIPE) when nobody reads any more. */
export interface Output {
  readonly isTerminal: boolean;
  write(text: string): Promise<void>;
}

export async function readAll(input: Input): Promise<string> {
  let text = "";
  for (let piece = await input.read(); piece !== undefined; piece = await input.read())
    text += piece;
  return text;
}

export async function* readLines(input: Input): AsyncGenerator<string> {
  for (let line = await input.readLine(); line !== undefined; line = await input.readLine())
    yield line;
}

/** Reads lines from pieces. */
abstract class PieceInput implements Input {
  abstract readonly isTerminal: boolean;
  #rest = "";

  protected abstract nextPiece(): Promise<string | undefined>;

  async read(): Promise<string | undefined> {
    if (this.#rest === "") return this.nextPiece();
    const piece = this.#rest;
    this.#rest = "";
    return piece;
  }

  async readLine(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const piece = await this.nextPiece();
      if (piece === undefined) {
        const line = this.#rest;
        this.#rest = "";
        return line === "" ? undefined : line;
      }
      this.#rest += piece;
    }
  }
}

/** Input that is known already: a file, a here-document, nothing. */
export class TextInput extends PieceInput {
  readonly isTerminal = false;
  #text: string | undefined;

  constructor(text = "") {
    super();
    this.#text = text === "" ? undefined : text;
  }

  protected async nextPiece(): Promise<string | undefined> {
    const text = this.#text;
    this.#text = undefined;
    return text;
  }
}

/** Keeps what is written: `$(…)`, tests. */
export class TextOutput implements Output {
  readonly isTerminal = false;
  text = "";

  /** Longer text is refused: a runaway loop must not eat the memory. */
  constructor(readonly limit = 4_000_000) {}

  async write(text: string): Promise<void> {
    if (this.text.length + text.length > this.limit) throw new Interrupted("SIGPIPE");
    this.text += text;
  }
}

export const NOWHERE: Output = { isTerminal: false, write: async () => undefined };

const PIPE_CHARACTERS = 65_536;

/** What one program writes and the next one reads. */
export class Pipe extends PieceInput implements Output {
  readonly isTerminal: boolean;
  #pieces: string[] = [];
  #size = 0;
  #ended = false;
  #closed = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriters: (() => void)[] = [];

  constructor(isTerminal = false) {
    super();
    this.isTerminal = isTerminal;
  }

  async write(text: string): Promise<void> {
    while (this.#size >= PIPE_CHARACTERS && !this.#closed)
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    if (this.#closed) throw new Interrupted("SIGPIPE");
    if (text === "") return;
    this.#pieces.push(text);
    this.#size += text.length;
    this.#wakeReader?.();
  }

  /** What nobody has read: it is not there any more. */
  takeUnread(): string {
    const text = this.#pieces.join("");
    this.#pieces = [];
    this.#size = 0;
    this.#releaseWriters();
    return text;
  }

  /** The writer is done. */
  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
  }

  /** The reader is done. */
  close(): void {
    this.#closed = true;
    this.#releaseWriters();
    this.#wakeReader?.();
  }

  protected async nextPiece(): Promise<string | undefined> {
    while (this.#pieces.length === 0 && !this.#ended && !this.#closed)
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    this.#wakeReader = undefined;
    if (this.#closed) return undefined;
    const piece = this.#pieces.shift();
    if (piece === undefined) return undefined;
    this.#size -= piece.length;
    this.#releaseWriters();
    return piece;
  }

  #releaseWriters(): void {
    const writers = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of writers) wake();
  }
}

/** Output of a program that may be interrupted: after a signal it writes no more. */
export function interruptible(output: Output, interrupt: Interrupt): Output {
  return {
    isTerminal: output.isTerminal,
    write: async (text) => {
      interrupt.throwIfRaised();
      await output.write(text);
    },
  };
}
