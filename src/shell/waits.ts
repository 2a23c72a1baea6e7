import { type Interrupt, Interrupted } from "./interrupt";

interface Wait {
  /** Virtual time at which it is over anyway. */
  readonly dueAtUs: number;
  readonly condition: (() => boolean) | undefined;
  readonly wake: (met: boolean) => void;
}

/** The part of a World or a Session that lets time pass. */
export interface Timeline {
  readonly nowUs: number;
  /** Lets time pass event by event as long as `condition` holds, at most until `limitUs`; the clock stands at the last event. */
  runWhile(condition: () => boolean, limitUs: number): void;
  runUntil(atUs: number): void;
}

/** Programs that wait in virtual time. */
export class Waits {
  /** In the order in which they began to wait, which is the order in which they go on. */
  readonly #waits = new Set<Wait>();

  /** Resolves with whether the condition came to hold; throws Interrupted when a signal comes first. */
  wait(
    dueAtUs: number,
    condition: (() => boolean) | undefined,
    interrupt: Interrupt,
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (condition?.()) {
        resolve(true);
        return;
      }
      const wait: Wait = {
        dueAtUs,
        condition,
        wake: (met) => {
          this.#waits.delete(wait);
          forget();
          resolve(met);
        },
      };
      this.#waits.add(wait);
      const forget = interrupt.onRaise((signal) => {
        this.#waits.delete(wait);
        reject(new Interrupted(signal));
      });
    });
  }

  get size(): number {
    return this.#waits.size;
  }

  /** The moment at which somebody goes on whatever happens until then. */
  get nextDueUs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAtUs } of this.#waits) next = Math.min(next, dueAtUs);
    return next;
  }

  /** Whether somebody can go on now. */
  isReady(nowUs: number): boolean {
    for (const wait of this.#waits) if (isOver(wait, nowUs)) return true;
    return false;
  }

  /** Lets everybody go on who can. Whether there was anybody. */
  wakeReady(nowUs: number): boolean {
    const ready = [...this.#waits].filter((wait) => isOver(wait, nowUs));
    for (const wait of ready) wait.wake(wait.condition?.() ?? false);
    return ready.length > 0;
  }
}

function isOver({ dueAtUs, condition }: Wait, nowUs: number): boolean {
  return nowUs >= dueAtUs || (condition?.() ?? false);
}

/** Lets time pass until `targetUs`, stopping wherever somebody who waits can go on, and until `done`.
 *  @param turn resolves when every program has run as far as it can: a turn of the host's event loop. */
export async function passTime(
  timeline: () => Timeline,
  waits: Waits,
  targetUs: number,
  turn: () => Promise<void>,
  done: () => boolean = () => false,
): Promise<void> {
  for (;;) {
    await turn();
    if (done()) return;
    const now = timeline();
    if (waits.wakeReady(now.nowUs)) continue;
    if (now.nowUs >= targetUs) return;
    const limitUs = Math.min(targetUs, waits.nextDueUs);
    now.runWhile(() => !waits.isReady(now.nowUs), limitUs);
    if (!waits.isReady(now.nowUs)) now.runUntil(limitUs);
  }
}
