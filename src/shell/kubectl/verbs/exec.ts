import { isRealProgram } from "../../real-programs";
import { failure, KubectlFailure, usageFailure } from "../failure";
import type { Kubectl, Verb } from "../verb";
import { containerOf, podOf } from "./pods";

const SHELLS = ["sh", "ash", "bash", "/bin/sh", "/bin/ash", "/bin/bash"];

export const exec: Verb = {
  name: "exec",
  flags: {
    container: { short: "c", value: true },
    stdin: { short: "i" },
    tty: { short: "t" },
    quiet: { short: "q" },
    filename: { short: "f", value: true },
    "pod-running-timeout": { value: true },
  },
  run: async (kubectl) => {
    const { args, flags, process } = kubectl;
    const [given, ...words] = args;
    if (given === undefined) throw failure("pod, type/name or --filename must be specified");
    if (flags.dashAt === undefined && words.length > 0)
      throw await withoutDashes(kubectl, given, words);
    if (words.length === 0)
      throw failure("you must specify at least one command for the container");
    const pod = podOf(kubectl, given);
    const { namespace, name } = pod.metadata;
    if (!flags.has("container") && pod.spec.containers.length > 1)
      await kubectl.complain(
        `Defaulted container "${pod.spec.containers[0]?.name}" out of: ${pod.spec.containers.map((one) => one.name).join(", ")}`,
      );
    const container = containerOf(pod, flags.text("container"));
    const place = { kind: "pod", namespace, name, container } as const;
    if (pod.status.phase === "Succeeded" || pod.status.phase === "Failed")
      throw failure(
        `cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`,
      );
    const wrong = process.system.checkPlace(place);
    if (wrong !== undefined)
      throw failure(
        pod.spec.nodeName === undefined
          ? `unable to upgrade connection: pod does not exist`
          : `Internal error occurred: unable to upgrade connection: ${wrong} ("${container}")`,
      );
    const [command = ""] = words;
    if (!process.system.has(place, command)) {
      await kubectl.complain(notStarted(command).message);
      if (isRealProgram(command, process.system.userlandOf(place)))
        await kubectl.hint(`${command} is not modelled here`);
      return 1;
    }
    const opensShell = flags.on("tty") && SHELLS.includes(command) && words.length === 1;
    const status = opensShell
      ? await process.system.openShell(
          { ...process, name: command.split("/").at(-1) ?? "sh" },
          place,
        )
      : await process.system.exec(process, words, {
          place,
          ...(!flags.on("stdin") && { streams: { stdin: NO_INPUT } }),
        });
    if (status !== 0)
      throw new KubectlFailure(`command terminated with exit code ${status}`, status);
    return 0;
  },
};

const NO_INPUT = {
  isTerminal: false,
  read: async () => undefined,
  readLine: async () => undefined,
};

/** What the container's runtime says. The identifier in its message changes with every try; here it has none. */
export function notStarted(command: string): KubectlFailure {
  return new KubectlFailure(
    `error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: "${command}": executable file not found in $PATH: unknown`,
    1,
  );
}

/** In 2017 it worked without. */
async function withoutDashes(
  kubectl: Kubectl,
  pod: string,
  words: readonly string[],
): Promise<KubectlFailure> {
  const error = usageFailure(
    "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead",
    "exec",
  );
  await kubectl.complain(error.message);
  const flags = kubectl.flags.on("tty") ? "-it " : "";
  await kubectl.hint(
    `since 1.31 the command comes after "--": kubectl exec ${flags}${pod} -- ${words.join(" ")}`,
  );
  return new KubectlFailure("", error.exitCode);
}
