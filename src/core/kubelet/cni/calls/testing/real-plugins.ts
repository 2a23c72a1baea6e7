import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../../api/json";
import type { CniCall } from "../cni-call";

/** Where Debian's package containernetworking-plugins has them. */
const PROGRAMS = "/usr/lib/cni";

/** Why the reference plugins cannot be run here; undefined: they can. */
export function findPluginsObstacle(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  if (!existsSync(join(PROGRAMS, "bridge"))) return `needs the reference plugins in ${PROGRAMS}`;
  const tried = spawnSync("unshare", ["--net", "ip", "link", "add", "b0", "type", "bridge"]);
  return tried.status === 0 ? undefined : "needs unshare, ip and bridges";
}

/** A node and a pod of their own for as long as the plugins run. */
export class RealSandbox {
  readonly directory = mkdtempSync(join(tmpdir(), "kubehop-cni-"));
  readonly #node = `kubehop-node-${process.pid}`;
  readonly #pod = `kubehop-pod-${process.pid}`;
  readonly #netns = `/var/run/netns/${this.#pod}`;

  constructor() {
    for (const name of [this.#node, this.#pod]) ip("netns", "add", name);
    ip("-n", this.#node, "link", "set", "lo", "up");
  }

  /** What the plugin prints when it is run as `call` says. */
  run({ env, plugin }: CniCall, stdin: JsonObject): { status: number | null; stdout: string } {
    const given = { ...Object.fromEntries(env), CNI_PATH: PROGRAMS, CNI_NETNS: this.#netns };
    const command = ["netns", "exec", this.#node, join(PROGRAMS, plugin)];
    const { status, stdout } = spawnSync("ip", command, {
      input: JSON.stringify(stdin),
      encoding: "utf8",
      env: { ...process.env, ...given },
    });
    return { status, stdout: stdout.replaceAll(this.#netns, "NETNS") };
  }

  routes(): readonly string[] {
    const { stdout } = spawnSync("ip", ["-n", this.#pod, "route"], { encoding: "utf8" });
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** Another pod on the same node. */
  nextPod(): void {
    ip("netns", "del", this.#pod);
    ip("netns", "add", this.#pod);
  }

  remove(): void {
    for (const name of [this.#node, this.#pod]) ip("netns", "del", name);
    rmSync(this.directory, { recursive: true });
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}
