import type { JsonObject } from "../../../core/api/json";
import { mergePatch } from "../../../core/api/merge-patch";
import { refusalOf } from "../api";
import { failure, statusFailure, usageFailure } from "../failure";
import { requireFlags } from "../flags";
import { runMadeDeployments } from "../since-2017";
import type { Kubectl, Verb } from "../verb";
import { createObject, storeObject, WRITE_FLAGS } from "./writing";

/** A bare pod. In 2017 it made a Deployment: see the hints. */
export const run: Verb = {
  name: "run",
  flags: {
    ...WRITE_FLAGS,
    image: { value: true },
    labels: { short: "l", value: true },
    env: { value: true },
    port: { value: true },
    restart: { value: true },
    command: {},
    expose: {},
    annotations: { value: true },
    "image-pull-policy": { value: true },
    overrides: { value: true },
    "override-type": { value: true },
    rm: {},
    stdin: { short: "i" },
    tty: { short: "t" },
    attach: {},
    quiet: { short: "q" },
    "leave-stdin-open": {},
    "pod-running-timeout": { value: true },
    privileged: {},
    "grace-period": { value: true },
    force: {},
    wait: { value: "optional" },
    timeout: { value: true },
    cascade: { value: "optional" },
  },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    requireFlags(flags, ["image"]);
    const [name, ...words] = args;
    if (name === undefined) throw usageFailure("NAME is required for run", "run");
    const attached = flags.on("stdin") || flags.on("attach");
    if (flags.on("tty") && !flags.on("stdin"))
      throw usageFailure("-i/--stdin is required for containers with -t/--tty=true", "run");
    const restartPolicy = flags.text("restart") ?? (flags.on("stdin") ? "OnFailure" : "Always");
    if (!["Always", "OnFailure", "Never"].includes(restartPolicy))
      throw usageFailure(`invalid restart policy: ${restartPolicy}`, "run");
    if (!attached && flags.on("rm"))
      throw usageFailure("--rm should only be used for attached containers", "run");
    if (attached && flags.has("dry-run") && flags.text("dry-run") !== "none")
      throw usageFailure(
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
        "run",
      );
    const port = flags.number("port");
    const ports = port === undefined ? {} : { ports: [{ containerPort: port }] };
    const env = flags.all("env").map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 1) throw failure(`invalid env: ${pair}`);
      return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
    });
    const labels = flags.has("labels") ? labelPairs(flags.list("labels")) : { run: name };
    const command =
      words.length === 0 ? {} : flags.on("command") ? { command: words } : { args: words };
    const policy = flags.text("image-pull-policy");
    const container = {
      ...command,
      ...(env.length > 0 && { env }),
      image: flags.text("image"),
      ...(policy !== undefined && { imagePullPolicy: policy }),
      name,
      ...ports,
    };
    const manifest = overridden(flags.text("overrides"), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { labels, name },
      spec: { containers: [container], dnsPolicy: "ClusterFirst", restartPolicy },
    });
    if (flags.on("expose")) {
      if (port === undefined)
        throw usageFailure("--port must be set when exposing a service", "run");
      await createObject(
        kubectl,
        serviceFor(name, port, labels),
        "created",
        refused(kubectl, serviceFor(name, port, labels)),
      );
    }
    if (attached) {
      storeObject(kubectl, manifest, refused(kubectl, manifest));
      return attach(kubectl, name);
    }
    await createObject(kubectl, manifest, "created", refused(kubectl, manifest));
    const asked = flags.has("restart") || flags.has("dry-run");
    if (!asked) await kubectl.hint(runMadeDeployments(name, flags.text("image") ?? ""));
    return 0;
  },
};

function overridden(overrides: string | undefined, manifest: JsonObject): JsonObject {
  if (overrides === undefined) return manifest;
  try {
    return mergePatch(manifest, JSON.parse(overrides)) as JsonObject;
  } catch {
    throw failure("invalid JSON document");
  }
}

function refused(kubectl: Kubectl, manifest: Readonly<Record<string, unknown>>) {
  return (message: string): Error => {
    const metadata = { namespace: kubectl.namespace, ...(manifest.metadata as object) };
    const result = kubectl.api.execute(
      { type: "create", manifest: { ...manifest, metadata } },
      true,
    );
    return result.ok ? failure(message) : statusFailure(refusalOf(result));
  };
}

function serviceFor(name: string, port: number, selector: Readonly<Record<string, string>>) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { ports: [{ port, protocol: "TCP", targetPort: port }], selector },
  };
}

export function labelPairs(pairs: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 1) throw failure(`unexpected label spec: ${pair}`);
    labels[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return labels;
}

/** `run -it`: a shell in the new pod, which `--rm` deletes afterwards.
 *  Simplified: the pod's own command does not run; a shell does. */
async function attach(kubectl: Kubectl, name: string): Promise<number> {
  const { api, flags, namespace, process } = kubectl;
  const pod = () => api.cluster.world.store.find("Pod", namespace, name);
  const ready = await api.cluster.until(
    () => pod()?.status.containerStatuses?.some((one) => one.state.running !== undefined) ?? false,
    { interrupt: process.interrupt, limitUs: 60_000_000 },
  );
  if (!ready) throw failure("timed out waiting for the condition");
  await kubectl.complain("If you don't see a command prompt, try pressing enter.");
  const container = pod()?.spec.containers[0]?.name ?? "";
  const place = { kind: "pod", namespace, name, container } as const;
  const [, ...command] = kubectl.args;
  const shell = ["sh", "ash", "bash"].includes(command[0] ?? "sh") && command.length <= 1;
  const status = shell
    ? await process.system.openShell({ ...process, name: command[0] ?? "sh" }, place)
    : await process.system.exec(process, command, { place });
  if (!flags.on("rm")) return status;
  api.must({ type: "delete", key: `Pod/${namespace}/${name}` });
  await kubectl.print(`pod "${name}" deleted`);
  return status;
}
