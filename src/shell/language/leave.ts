/** Leaves loops, functions or the shell: how `break`, `continue`, `return` and `exit` travel. */
export class Leave extends Error {
  constructor(
    readonly what: "break" | "continue" | "return" | "exit",
    /** Loops still to leave, or the exit code. */
    readonly value: number,
  ) {
    super(what);
  }
}
