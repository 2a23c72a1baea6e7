/** What playback asks of the simulation. */
export interface TimeControl {
  seek(atUs: number): Promise<void>;
  advance(us: number): Promise<void>;
}

export interface Seeker {
  seek(atUs: number): void;
  /** Does nothing while an earlier call is under way; true when time was told to pass. */
  advance(us: number): boolean;
  /** Resolves once nothing is under way or wanted. */
  idle(): Promise<void>;
}

/** At most one call to the simulation at a time; of the moments wanted meanwhile, the last one wins. */
export function createSeeker(control: TimeControl, onError: (error: unknown) => void): Seeker {
  let wanted: number | undefined;
  let running: Promise<void> | undefined;

  function run(call: () => Promise<void>): void {
    running = call()
      .catch(onError)
      .then(() => {
        running = undefined;
        const next = wanted;
        wanted = undefined;
        if (next !== undefined) run(() => control.seek(next));
      });
  }

  return {
    seek(atUs) {
      if (running) wanted = atUs;
      else run(() => control.seek(atUs));
    },
    advance(us) {
      if (running) return false;
      run(() => control.advance(us));
      return true;
    },
    async idle() {
      while (running) await running;
    },
  };
}
