/** The part of `navigator.locks` that is used. */
export type Locks = Pick<LockManager, "request">;

export interface TabLock {
  /** True when the workspace is this tab's own from now on. What was held before is let go then. */
  hold(id: string, waitMs: number): Promise<boolean>;
  letGo(): void;
}

/** One workspace is open in one tab. The browser lets go of a lock when its tab is closed or crashes.
 *  Where there are no locks (pages without TLS) the revisions of what is stored tell tabs apart. */
export function createTabLock(locks: Locks | undefined): TabLock {
  let release = () => {};
  let held: string | undefined;

  return {
    async hold(id, waitMs) {
      if (held === id) return true;
      const free = locks ? await request(locks, id, waitMs) : () => {};
      if (!free) return false;
      release();
      release = free;
      held = id;
      return true;
    },
    letGo() {
      release();
      release = () => {};
      held = undefined;
    },
  };
}

/** How to give the lock back, or undefined when another tab keeps it. */
function request(locks: Locks, id: string, waitMs: number): Promise<(() => void) | undefined> {
  const options: LockOptions =
    waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
  return new Promise((resolve) => {
    locks
      .request(`kubehop.workspace.${id}`, options, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((free) => resolve(() => free()));
      })
      .catch(() => resolve(undefined));
  });
}
