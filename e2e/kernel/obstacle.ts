import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const LAB = fileURLToPath(new URL("./lab", import.meta.url));

/** Programs that the lab runs, by their Debian packages: iproute2, iptables, ipset, python3. */
const PROGRAMS = ["ip", "bridge", "iptables-restore", "ipset", "python3"];

/** Makes a namespace, a veth pair and a bridge, and loads a rule: all that a machine of the lab is made of. */
const TRIAL = `
from machine import Machine
one, other = Machine(), Machine()
one.ip("link add veth0 type veth peer name eth0 netns " + other.path, "link add cni0 type bridge")
one.sysctl({"bridge/bridge-nf-call-iptables": 1})
one.run(["iptables-restore"], "*nat\\n-A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -j ACCEPT\\nCOMMIT\\n")
`;

/** Why packets cannot be sent here. */
export function findObstacle(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  const missing = PROGRAMS.filter((name) => spawnSync(name, ["--version"]).error !== undefined);
  if (missing.length > 0)
    return `needs ${missing.join(", ")}: packages iproute2, iptables, ipset and python3`;
  const trial = spawnSync("python3", ["-B", "-c", TRIAL], { cwd: LAB, encoding: "utf8" });
  if (trial.status === 0) return undefined;
  const reason = /^\w*Error: .*/m.exec(trial.stderr)?.[0] ?? trial.stderr.trim();
  return `no network namespaces with rules here: ${reason}`;
}

/** Whether the lab's own SCTP can be used: a kernel that has SCTP would answer besides. */
export function canSpeakSctp(): boolean {
  return !/^SCTP\b/m.test(readFileSync("/proc/net/protocols", "utf8"));
}
