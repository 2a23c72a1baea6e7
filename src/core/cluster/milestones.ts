import type { Milestone } from "../controllers/context";

export interface TimedMilestone extends Milestone {
  readonly atUs: number;
}

/** A rolling update of a few pods makes about a hundred. */
const MAX_KEPT = 400;

/** The latest things that decided where packets go, in order of time. */
export class Milestones {
  #latest: readonly TimedMilestone[];

  constructor(from?: Milestones) {
    this.#latest = from ? from.#latest : [];
  }

  fork(): Milestones {
    return new Milestones(this);
  }

  get latest(): readonly TimedMilestone[] {
    return this.#latest;
  }

  note(atUs: number, milestone: Milestone): void {
    this.#latest = [...this.#latest.slice(1 - MAX_KEPT), { ...milestone, atUs }];
  }

  /** The run begins: how the cluster came up is no part of it. */
  clear(): void {
    this.#latest = [];
  }
}
