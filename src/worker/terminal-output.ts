import type { TerminalEvents } from "./terminal-protocol";

/** Of one line; what prints more is interrupted. */
const MAX_CHARACTERS = 1_000_000;

/** What a terminal prints, piece by piece: the next is sent when the page has taken the last. */
export class TerminalOutput {
  readonly #events: TerminalEvents;
  readonly #stop: () => void;
  #waiting = "";
  #sending: Promise<void> | undefined;
  #left = MAX_CHARACTERS;

  /** @param stop ends what prints too much */
  constructor(events: TerminalEvents, stop: () => void) {
    this.#events = events;
    this.#stop = stop;
  }

  /** Another line begins. */
  begin(): void {
    this.#left = MAX_CHARACTERS;
  }

  write(text: string): void {
    if (this.#left <= 0) return;
    this.#left -= text.length;
    this.#waiting += text;
    if (this.#left <= 0) {
      this.#waiting += `\n# kubehop: more than ${MAX_CHARACTERS} characters: stopped\n`;
      this.#stop();
    }
    this.#sending ??= this.#send();
  }

  /** Resolves when the page has everything. */
  async flush(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #send(): Promise<void> {
    // What is written at once goes at once.
    await Promise.resolve();
    while (this.#waiting !== "") {
      const text = this.#waiting;
      this.#waiting = "";
      await this.#events.onOutput(text);
    }
    this.#sending = undefined;
  }
}
