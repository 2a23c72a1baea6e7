import type { Process, System } from "../../process";

/** A web server that somebody started in a terminal. */
export interface RunningServer {
  readonly netns: string;
  readonly port: number;
  readonly process: Process;
  /** Answers one request, and writes its log. */
  answer(path: string, client: string): Promise<{ readonly status: number; readonly body: string }>;
}

const running = new WeakMap<System, RunningServer[]>();

/** Those of one run. */
export function serversOf(system: System): RunningServer[] {
  const known = running.get(system) ?? [];
  running.set(system, known);
  return known;
}
