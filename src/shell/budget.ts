import { Interrupted } from "./interrupt";

/** Commands that may run one after another without virtual time passing. */
const MAX_COMMANDS = 20_000;
/** After so many the host gets a turn, so that Ctrl-C is heard. */
const TURN_EVERY = 200;

/** Thrown where a line would go on for ever: it is killed. */
export class EndlessLine extends Interrupted {
  constructor() {
    super("SIGKILL");
    this.message = `stopped: more than ${MAX_COMMANDS} commands without time passing`;
  }
}

/** Counts what runs at one moment of virtual time. */
export class Budget {
  #nowUs = -1;
  #commands = 0;

  /** Whether the host should get a turn now. */
  count(nowUs: number): boolean {
    if (nowUs !== this.#nowUs) this.#commands = 0;
    this.#nowUs = nowUs;
    this.#commands++;
    if (this.#commands > MAX_COMMANDS) {
      this.#commands = 0;
      throw new EndlessLine();
    }
    return this.#commands % TURN_EVERY === 0;
  }

  reset(): void {
    this.#commands = 0;
  }
}
