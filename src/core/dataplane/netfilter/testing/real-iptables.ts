import { spawnSync } from "node:child_process";
import { formatIpSets, type IpSets } from "../ipset";

/** iptables of this machine in a network namespace of its own, which goes when the command has ended. */
function inNamespace(script: string, input: string, sets?: IpSets) {
  const first = sets ? 'printf %s "$SETS" | ipset restore && ' : "";
  return spawnSync("unshare", ["--net", "sh", "-c", first + script], {
    input,
    encoding: "utf8",
    maxBuffer: 64_000_000,
    env: { ...process.env, ...(sets && { SETS: formatIpSets(sets) }) },
  });
}

/** Why rules cannot be loaded into a kernel here; undefined: they can. */
export function findIptablesObstacle(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  const tried = inNamespace("iptables-restore && iptables-save", "*filter\nCOMMIT\n");
  if (tried.error) return `needs unshare (${tried.error.message})`;
  return tried.status === 0 ? undefined : `needs iptables (${tried.stderr.trim().split("\n")[0]})`;
}

/** What iptables-save prints after the text was loaded, or what iptables-restore says against it. */
export function loadAndSave(text: string, sets?: IpSets): string {
  const { status, stdout, stderr } = inNamespace("iptables-restore && iptables-save", text, sets);
  return status === 0 ? stdout : `refused: ${stderr}`;
}

/** What `iptables-restore --test` says; empty: nothing. */
export function testRestore(text: string, sets?: IpSets): string {
  const { status, stderr } = inNamespace("iptables-restore --test", text, sets);
  return status === 0 ? "" : stderr;
}

/** Which of the texts a real iptables-restore takes, each into a namespace without rules of that table. */
export function areTaken(texts: readonly string[]): readonly boolean[] {
  const script = `while IFS= read -r line; do
    printf '%b' "$line" | iptables-restore >/dev/null 2>&1 && echo taken || echo refused
  done`;
  const lines = texts.map((text) => text.replaceAll("\n", "\\n"));
  const { stdout } = inNamespace(script, `${lines.join("\n")}\n`);
  return stdout
    .trim()
    .split("\n")
    .map((word) => word === "taken");
}
