import type { Session } from "../core/cluster/session";
import type { MirrorRecord, MirrorUpdate } from "./protocol";
import { mirrorRecords } from "./views";

/** Knows what the page has, and tells it only what is different. Objects are immutable, so that an unchanged one is
 *  the same one; what is computed for the page is compared by content. */
export class MirrorFeed {
  #sent = new Map<string, MirrorRecord>();

  next({ world, startUs, horizonUs }: Session): MirrorUpdate {
    const records = mirrorRecords(world);
    records.set("run", { id: "run", type: "run", value: { startUs } });
    const added: MirrorRecord[] = [];
    const updated: MirrorRecord[] = [];
    for (const [id, record] of records) {
      const before = this.#sent.get(id);
      if (!before) added.push(record);
      else if (!isSame(before, record)) updated.push(record);
    }
    const removed: string[] = [];
    if (this.#sent.size + added.length > records.size)
      for (const id of this.#sent.keys()) if (!records.has(id)) removed.push(id);
    this.#sent = records;
    return { nowUs: world.nowUs, horizonUs, added, updated, removed };
  }

  /** The page has nothing. */
  reset(): void {
    this.#sent = new Map();
  }
}

function isSame(a: MirrorRecord, b: MirrorRecord): boolean {
  if (a === b || a.value === b.value) return true;
  return a.type !== "object" && JSON.stringify(a.value) === JSON.stringify(b.value);
}
