import type { Listener } from "../../../core/dataplane/netns";
import { imageName } from "../../../core/programs/images";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { isBusybox } from "../network";

interface Running {
  readonly pid: number;
  readonly user: string;
  readonly name: string;
  readonly command: string;
  /** The container whose main process it is. */
  readonly container?: { readonly namespace: string; readonly pod: string; readonly name: string };
}

/** The processes of a place. Simplified: a container's main one; on a node the daemons, and its containers'. */
export function processesOf(process: Process): readonly Running[] {
  const { place, cluster } = process;
  const root = (pid: number, name: string, command = name): Running => ({
    pid,
    user: "root",
    name,
    command,
  });
  const { store } = cluster.world;
  if (place.kind === "pod") {
    const pod = store.find("Pod", place.namespace, place.name);
    const container = pod?.spec.containers.find(({ name }) => name === place.container);
    const program = programOf(container?.image ?? "");
    const { user } = process;
    const main = { namespace: place.namespace, pod: place.name, name: place.container };
    return [
      {
        pid: 1,
        user,
        name: program,
        command: program.startsWith("kuard") ? "/kuard" : program,
        container: main,
      },
    ];
  }
  if (place.kind !== "node") return [root(1, "systemd", "/sbin/init")];
  const daemons = [
    root(1, "systemd", "/sbin/init"),
    root(412, "containerd", "/usr/bin/containerd"),
    root(518, "kubelet", "/usr/bin/kubelet"),
  ];
  let pid = 1_200;
  const containers = [...store.list("Pod")]
    .filter(({ spec, status }) => spec.nodeName === place.name && status.phase === "Running")
    .flatMap(({ metadata, spec }) =>
      spec.containers.map((container): Running => {
        const name = programOf(container.image);
        pid += 37;
        return {
          ...root(pid, name),
          container: { namespace: metadata.namespace, pod: metadata.name, name: container.name },
        };
      }),
    );
  return [...daemons, ...containers];
}

function programOf(image: string): string {
  return imageName(image).replace(/-amd64$/, "");
}

/** Whose socket it is. */
export function processOf(
  process: Process,
  { owner, port, program }: Listener,
): { pid: number; name: string } {
  const running = processesOf(process);
  const byKind: Readonly<Record<string, string>> = {
    kubelet: "kubelet",
    healthz: "kube-proxy",
    dns: "coredns",
  };
  const [, namespace, pod] = owner.split("/");
  const found =
    running.find(({ container }) => container?.namespace === namespace && container?.pod === pod) ??
    running.find(({ name }) => name === byKind[program]);
  return (
    found ?? {
      pid: 2_000 + (port % 1_000),
      name: program === "http" && owner.startsWith("node/") ? "python3" : program,
    }
  );
}

export const ps: Program = async (process) => {
  const running = processesOf(process);
  const [given = ""] = process.args;
  const isBsd = /^-?[axw]*u[axw]*$/.test(given);
  const full = process.args.some((word) => /[efax]/.test(word));
  const busybox = isBusybox(process);
  if (isBsd && !busybox) return psAux(process, running);
  if (busybox) await print(process, "PID   USER     TIME  COMMAND");
  else
    await print(
      process,
      full
        ? "UID          PID    PPID  C STIME TTY          TIME CMD"
        : "    PID TTY          TIME CMD",
    );
  for (const { pid, user, command, name } of running)
    await print(
      process,
      busybox
        ? `${String(pid).padStart(5)} ${user.padEnd(8)}  0:00 ${command}`
        : full
          ? `${user.padEnd(8)} ${String(pid).padStart(7)} ${String(pid === 1 ? 0 : 1).padStart(7)}  0 00:00 ?        00:00:00 ${command}`
          : `${String(pid).padStart(7)} ?        00:00:00 ${name}`,
    );
  return 0;
};

/** `ps aux`. Simplified: nobody uses processor time or memory. */
async function psAux(process: Process, running: readonly Running[]): Promise<number> {
  await print(
    process,
    "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND",
  );
  for (const { pid, user, command } of running)
    await print(
      process,
      `${user.padEnd(8)} ${String(pid).padStart(7)}  0.0  0.0      0     0 ?        Ssl  00:00   0:00 ${command}`,
    );
  return 0;
}

/** A container's process that is killed is started again by its kubelet. */
export const kill: Program = async (process) => {
  const words = process.args.filter((word) => !word.startsWith("-"));
  if (words.length === 0)
    return fail(
      process,
      "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ...",
      2,
    );
  let status = 0;
  for (const word of words) {
    const target = processesOf(process).find(({ pid }) => String(pid) === word);
    if (!target) {
      status = await fail(
        process,
        `${isBusybox(process) ? "kill: can't kill pid" : "kill:"} ${isBusybox(process) ? `${word}: No such process` : `(${word}) - No such process`}`,
      );
      continue;
    }
    if (!target.container) {
      await hint(process, `killing ${target.name} is not modelled here`);
      status = 1;
      continue;
    }
    const { namespace, pod, name: container } = target.container;
    const isFirst =
      process.place.kind === "pod" && process.args.some((one) => /^-(?:9|KILL|SIGKILL)$/.test(one));
    // Source: pid_namespaces(7): the first process of a namespace gets no SIGKILL from inside.
    if (isFirst) continue;
    const result = process.cluster.execute({ type: "killContainer", namespace, pod, container });
    if (!result.ok)
      status = await fail(process, `kill: ${result.refusals[0]?.status.message ?? "failed"}`);
  }
  return status;
};
