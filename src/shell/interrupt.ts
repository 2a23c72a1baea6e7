export type SignalName = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGKILL" | "SIGPIPE" | "SIGTERM";

export const SIGNAL_NUMBERS: Readonly<Record<SignalName, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/** Thrown where a program waits or writes when a signal has come. A program that says something at its end catches it. */
export class Interrupted extends Error {
  constructor(readonly signal: SignalName) {
    super(signal);
  }

  /** What the shell sees: 130 after Ctrl-C. */
  get exitCode(): number {
    return 128 + SIGNAL_NUMBERS[this.signal];
  }
}

/** A program's ear for signals. What is raised on it is raised on its children, too. */
export class Interrupt {
  #signal: SignalName | undefined;
  readonly #listeners = new Set<(signal: SignalName) => void>();

  get raised(): SignalName | undefined {
    return this.#signal;
  }

  /** Only the first signal counts. */
  raise(signal: SignalName): void {
    if (this.#signal) return;
    this.#signal = signal;
    for (const listener of [...this.#listeners]) listener(signal);
    this.#listeners.clear();
  }

  /** Calls back once, at once where a signal has come already. Answers how to stop listening. */
  onRaise(listener: (signal: SignalName) => void): () => void {
    if (this.#signal) {
      listener(this.#signal);
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  throwIfRaised(): void {
    if (this.#signal) throw new Interrupted(this.#signal);
  }

  child(): Interrupt {
    const child = new Interrupt();
    const forget = this.onRaise((signal) => child.raise(signal));
    child.onRaise(forget);
    return child;
  }
}
