import type { LineHistory } from "./line-history";

/** What a key asks for that is not the line's own business. */
export type LineAction = "submit" | "interrupt" | "end" | "complete" | "clear";

interface Search {
  words: string;
  /** The line of the history that is shown. */
  at: number;
  found: boolean;
  /** The line as it was before. */
  readonly before: string;
}

const ESC = "\x1b";

/** Escape sequences, control characters, and runs of text. */
const KEYS = new RegExp(
  `${ESC}\\[[0-9;]*[A-Za-z~]|${ESC}O[A-Z]|${ESC}[a-z\\p{Cc}]|\\p{Cc}|\\P{Cc}+`,
  "gu",
);

const WORD_BEFORE = /[^\s/.=-]*[\s/.=-]*$/;
const WORD_AFTER = /^[\s/.=-]*[^\s/.=-]*/;
const BLANK_WORD_BEFORE = /\S*\s*$/;

/** One line, or several that belong together, as they are typed: readline's keys. */
export class LineEditor {
  text = "";
  cursor = 0;
  readonly #history: LineHistory;
  #at: number;
  /** What was being typed before the history was looked through. */
  #draft = "";
  #cut = "";
  #search: Search | undefined;

  constructor(history: LineHistory) {
    this.#history = history;
    this.#at = history.size;
  }

  /** What stands before the line instead of the prompt while the history is searched. */
  get searchPrompt(): string | undefined {
    const search = this.#search;
    if (!search) return undefined;
    return `(${search.found ? "" : "failed "}reverse-i-search)\`${search.words}': `;
  }

  /** Takes what was typed or pasted. Pasted line ends stay in the text, as with bracketed paste: Enter runs them. */
  take(data: string, onAction: (action: LineAction) => void): void {
    const keys = data.match(KEYS) ?? [];
    const isPaste = keys.length > 1 && !data.startsWith("\x1b");
    for (const key of keys) {
      const action =
        isPaste && /^[\r\n\t]$/.test(key)
          ? this.insert(key === "\t" ? "  " : "\n")
          : this.#takeKey(key);
      if (action) onAction(action);
    }
  }

  insert(text: string): undefined {
    this.text = this.text.slice(0, this.cursor) + text + this.text.slice(this.cursor);
    this.cursor += text.length;
  }

  /** Puts another text in the place of what stands from `from` up to the cursor. */
  replace(from: number, text: string): void {
    this.text = this.text.slice(0, from) + text + this.text.slice(this.cursor);
    this.cursor = from + text.length;
  }

  set(text: string): void {
    this.text = text;
    this.cursor = text.length;
  }

  #takeKey(key: string): LineAction | undefined {
    if (this.#search) {
      const left = this.#searchKey(key, this.#search);
      if (!left) return undefined;
    }
    return this.#editKey(key);
  }

  #editKey(key: string): LineAction | undefined {
    switch (key) {
      case "\r":
        this.cursor = this.text.length;
        return "submit";
      case "\x03":
        return "interrupt";
      case "\x04":
        if (this.text === "") return "end";
        return this.#remove(this.cursor, this.cursor + 1);
      case "\t":
        return "complete";
      case "\x0c":
        return "clear";
      case "\x7f":
      case "\b":
        return this.#remove(this.cursor - 1, this.cursor);
      case "\x1b[3~":
        return this.#remove(this.cursor, this.cursor + 1);
      case "\x1b[D":
      case "\x02":
        return this.#move(this.cursor - 1);
      case "\x1b[C":
      case "\x06":
        return this.#move(this.cursor + 1);
      case "\x1b[H":
      case "\x1bOH":
      case "\x01":
        return this.#move(0);
      case "\x1b[F":
      case "\x1bOF":
      case "\x05":
        return this.#move(this.text.length);
      case "\x1b[1;5D":
      case "\x1b[1;3D":
      case "\x1bb":
        return this.#move(this.#before(WORD_BEFORE));
      case "\x1b[1;5C":
      case "\x1b[1;3C":
      case "\x1bf":
        return this.#move(this.#after(WORD_AFTER));
      case "\x1b[A":
      case "\x10":
        return this.#recall(this.#at - 1);
      case "\x1b[B":
      case "\x0e":
        return this.#recall(this.#at + 1);
      case "\x0b":
        return this.#kill(this.cursor, this.text.length);
      case "\x15":
        return this.#kill(0, this.cursor);
      case "\x17":
        return this.#kill(this.#before(BLANK_WORD_BEFORE), this.cursor);
      case "\x1b\x7f":
        return this.#kill(this.#before(WORD_BEFORE), this.cursor);
      case "\x1bd":
        return this.#kill(this.cursor, this.#after(WORD_AFTER));
      case "\x19":
        return this.insert(this.#cut);
      case "\x12":
        this.#search = { words: "", at: this.#history.size, found: true, before: this.text };
        return undefined;
      default:
        return isText(key) ? this.insert(key) : undefined;
    }
  }

  /** Whether the key ends the search, and still has to do what it does. */
  #searchKey(key: string, search: Search): boolean {
    if (key === "\x12") return this.#find(search, search.at);
    if (key === "\x7f") {
      search.words = search.words.slice(0, -1);
      return this.#find(search, this.#history.size);
    }
    if (isText(key)) {
      search.words += key;
      return this.#find(search, Math.min(search.at + 1, this.#history.size));
    }
    this.#search = undefined;
    if (key !== "\x07" && key !== "\x03") return key !== "\x1b";
    this.set(search.before);
    return false;
  }

  #find(search: Search, before: number): false {
    const at = search.words === "" ? undefined : this.#history.findBack(search.words, before);
    search.found = search.words === "" || at !== undefined;
    if (at === undefined) return false;
    search.at = at;
    this.#at = at;
    this.text = this.#history.at(at) ?? "";
    this.cursor = this.text.indexOf(search.words);
    return false;
  }

  /** Leaves the search with what it found. Whether there was one. */
  endSearch(): boolean {
    const searched = this.#search !== undefined;
    this.#search = undefined;
    return searched;
  }

  #recall(at: number): undefined {
    if (at < 0 || at > this.#history.size) return;
    if (this.#at === this.#history.size) this.#draft = this.text;
    this.#at = at;
    this.set(this.#history.at(at) ?? this.#draft);
  }

  #move(to: number): undefined {
    this.cursor = Math.max(0, Math.min(to, this.text.length));
  }

  #remove(from: number, to: number): undefined {
    if (from < 0) return;
    this.text = this.text.slice(0, from) + this.text.slice(to);
    this.cursor = from;
  }

  #kill(from: number, to: number): undefined {
    this.#cut = this.text.slice(from, to);
    this.#remove(from, to);
  }

  #before(word: RegExp): number {
    return this.text.slice(0, this.cursor).search(word);
  }

  #after(word: RegExp): number {
    return this.cursor + (word.exec(this.text.slice(this.cursor))?.[0].length ?? 0);
  }
}

function isText(key: string): boolean {
  return key >= " " && key !== "\x7f";
}
