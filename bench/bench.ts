/** One measurement. A file bench/NAME.bench.ts exports a default function that returns these. */
export interface BenchRow {
  name: string;
  value: number;
  /** "ms CPU", "connections/s", "kB" … */
  unit: string;
}

export type Bench = () => Promise<BenchRow[]>;

/** CPU seconds that `work` takes in this process: unlike wall time, hardly disturbed by other processes. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
