import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Attempt } from "./compare";
import type { Flow } from "./flows";
import { LAB } from "./obstacle";
import type { Probe } from "./probes/probes";

export interface Asked {
  readonly requests: readonly Request[];
  readonly probes: readonly Probe[];
}

/** A flow, and how to go about it. */
export interface Request extends Pick<Flow, "id" | "from"> {
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
  readonly http?: Flow["http"];
  readonly count: number;
  /** Is no answer what the simulation expects? */
  readonly silence: "certain" | "possible" | "never";
}

/** By the ids of requests and probes. */
export interface LabAnswers {
  readonly attempts: Readonly<Record<string, readonly Attempt[]>>;
  readonly frames: Readonly<Record<string, readonly string[]>>;
}

/** Builds what a dump says on this machine's kernel and sends real packets. */
export async function askLab(directory: string, asked: Asked): Promise<LabAnswers> {
  const args = ["-B", join(LAB, "main.py"), directory, String(process.pid)];
  const lab = spawn("python3", args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => lab.on("close", resolve));
  lab.stdin.end(JSON.stringify(asked));
  const output = await text(lab.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`the lab ended with ${code}`);
  return JSON.parse(output) as LabAnswers;
}
