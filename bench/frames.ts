import type { Opened } from "./page";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Microseconds. */
  readonly dur?: number;
  /** Microseconds of CPU that the thread spent on it. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"];

/** CPU milliseconds of the page's main thread from each frame to the next, while `work` goes on. */
export async function frameCosts(
  { browser, page }: Opened,
  work: () => Promise<void>,
): Promise<readonly number[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: readonly TraceEvent[];
  };
  const events = ofMainThread(traceEvents);
  const ends = events.filter(({ name }) => name === "BeginCommitCompositorFrame");
  const endsAt = ends.map(({ ts }) => ts).sort((a, b) => a - b);
  const costs: number[] = [];
  let cost = 0;
  for (const { ts, dur = 0, tdur = 0 } of events.filter(isTask).sort((a, b) => a.ts - b.ts)) {
    cost += tdur / 1_000;
    // A frame is handed over within the task that has drawn it.
    if ((endsAt[costs.length] ?? Number.POSITIVE_INFINITY) > ts + dur) continue;
    costs.push(cost);
    cost = 0;
  }
  return costs.slice(1);
}

function isTask({ name, ph, tdur }: TraceEvent): boolean {
  return name === "RunTask" && ph === "X" && tdur !== undefined;
}

/** Of the page's own process: the one that works most. */
function ofMainThread(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const mains = events.filter(
    ({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain",
  );
  const threads = mains.map(({ pid, tid }) =>
    events.filter((event) => event.pid === pid && event.tid === tid),
  );
  const work = (thread: readonly TraceEvent[]) =>
    thread.filter(isTask).reduce((sum, { tdur = 0 }) => sum + tdur, 0);
  return threads.sort((a, b) => work(b) - work(a))[0] ?? [];
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
