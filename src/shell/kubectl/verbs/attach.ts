import { failure } from "../failure";
import { parseFlags } from "../flags";
import type { Verb } from "../verb";
import { logs } from "./logs";
import { containerOf, podOf } from "./pods";

/** What a container writes from now on. What is typed goes nowhere: no program here reads its standard input. */
export const attach: Verb = {
  name: "attach",
  flags: {
    container: { short: "c", value: true },
    stdin: { short: "i" },
    tty: { short: "t" },
    quiet: { short: "q" },
    "pod-running-timeout": { value: true },
  },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    const [given, ...more] = args;
    if (given === undefined) throw failure("at least 1 argument is required for attach");
    if (more.length > 0)
      throw failure(
        `expected fewer than three arguments: POD or TYPE/NAME or TYPE NAME, saw ${args.length}: ${args.join(" ")}`,
      );
    const pod = podOf(kubectl, given);
    const container = containerOf(pod, flags.text("container"));
    if (pod.status.phase === "Succeeded" || pod.status.phase === "Failed")
      throw failure(
        `cannot attach a container in a completed pod; current phase is ${pod.status.phase}`,
      );
    if (!flags.on("quiet"))
      await kubectl.complain("If you don't see a command prompt, try pressing enter.");
    if (flags.on("stdin"))
      await kubectl.hint(`no program here reads what you type: kubectl exec -it ${given} -- sh`);
    const words = ["--follow", "--tail=0", `--container=${container}`];
    return logs.run({
      ...kubectl,
      args: [pod.metadata.name],
      flags: parseFlags([pod.metadata.name, ...words], logs.flags, "attach"),
    });
  },
};
