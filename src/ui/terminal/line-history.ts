const MAX_LINES = 500;

/** Lines that were typed, the latest last: one list for all terminals, for as long as the page is open. */
export class LineHistory {
  #lines: string[] = [];

  get size(): number {
    return this.#lines.length;
  }

  at(index: number): string | undefined {
    return this.#lines[index];
  }

  /** As bash's `ignoreboth`: neither what begins with a blank, nor the same line twice in a row. */
  add(line: string): void {
    if (line.trim() === "" || line.startsWith(" ") || line === this.#lines.at(-1)) return;
    this.#lines = [...this.#lines, line].slice(-MAX_LINES);
  }

  /** The latest line before `before` that has the words in it. */
  findBack(words: string, before: number): number | undefined {
    for (let index = before - 1; index >= 0; index--)
      if (this.#lines[index]?.includes(words)) return index;
    return undefined;
  }
}
