import { failure } from "../failure";
import { CONTEXT, kubeconfig, readNamespace, writeNamespace } from "../kubeconfig";
import { alignColumns } from "../output/columns";
import type { Kubectl, Verb } from "../verb";

const HOME = (kubectl: Kubectl) => kubectl.process.env.HOME ?? "/";

const getContexts: Verb = {
  name: "config get-contexts",
  flags: { "no-headers": {}, output: { short: "o", value: true } },
  run: async (kubectl) => {
    const { flags, process } = kubectl;
    if (flags.text("output") === "name") {
      await kubectl.print(CONTEXT);
      return 0;
    }
    const namespace = readNamespace(process.files, HOME(kubectl)) ?? "";
    const unknown = kubectl.args.filter((name) => name !== CONTEXT);
    const header = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"];
    if (unknown.length > 0) {
      await kubectl.write(alignColumns([header]));
      throw failure(`context ${unknown[0]} not found`);
    }
    const row = ["*", CONTEXT, CONTEXT, `${CONTEXT}-admin`, namespace];
    await kubectl.write(alignColumns(flags.on("no-headers") ? [row] : [header, row]));
    return 0;
  },
};

const currentContext: Verb = {
  name: "config current-context",
  flags: {},
  run: async (kubectl) => {
    await kubectl.print(CONTEXT);
    return 0;
  },
};

const view: Verb = {
  name: "config view",
  flags: { minify: {}, output: { short: "o", value: true }, raw: {}, flatten: {} },
  run: async (kubectl) => {
    const namespace = readNamespace(kubectl.process.files, HOME(kubectl));
    await kubectl.write(kubeconfig("https://10.0.0.10:6443", namespace));
    return 0;
  },
};

const setContext: Verb = {
  name: "config set-context",
  flags: { current: {} },
  run: async (kubectl) => {
    const { args, flags, process } = kubectl;
    if (flags.on("current") && args.length > 0)
      throw failure("you cannot specify both a context name and --current");
    if (!flags.on("current") && args.length === 0)
      throw failure("you must specify a non-empty context name or --current");
    if (!flags.on("current") && args[0] !== CONTEXT)
      throw failure("other contexts are not modelled here");
    const namespace = flags.text("namespace");
    if (namespace !== undefined)
      writeNamespace(process.files, HOME(kubectl), namespace, "https://10.0.0.10:6443");
    await kubectl.print(`Context "${CONTEXT}" modified.`);
    return 0;
  },
};

const useContext: Verb = {
  name: "config use-context",
  flags: {},
  run: async (kubectl) => {
    const [name = ""] = kubectl.args;
    if (name !== CONTEXT) throw failure(`no context exists with the name: "${name}"`);
    await kubectl.print(`Switched to context "${name}".`);
    return 0;
  },
};

const nameList = (command: string, name: string): Verb => ({
  name: `config ${command}`,
  flags: {},
  run: async (kubectl) => {
    await kubectl.print("NAME");
    await kubectl.print(name);
    return 0;
  },
});

export const CONFIG_VERBS: readonly Verb[] = [
  getContexts,
  currentContext,
  view,
  setContext,
  useContext,
  nameList("get-clusters", CONTEXT),
  nameList("get-users", `${CONTEXT}-admin`),
];
