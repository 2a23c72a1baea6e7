import type { Node, Pod, Taint } from "../../../core/api/types";
import { keyOfObject, notFound } from "../api";
import { failure, statusMessage, usageFailure } from "../failure";
import { typeOfKind } from "../resources";
import { selectorOf, typeNamed } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { secondsOf } from "./delete";
import { SELECTION_FLAGS } from "./get";
import { dryRunOf, printOutcome, UNRECORDED_FLAGS, WRITE_FLAGS } from "./writing";

const FLAGS = { "dry-run": WRITE_FLAGS["dry-run"], selector: SELECTION_FLAGS.selector } as const;

/** The nodes that the arguments name, and what is wrong with the others. */
function findNodes(kubectl: Kubectl, command: string) {
  const { api, args, flags } = kubectl;
  const labels = selectorOf(flags);
  if (args.length === 0 && !labels) throw usageFailure(`USAGE: ${command} NODE [flags]`, command);
  if (args.length > 0 && labels)
    throw failure("error: cannot specify both a node name and a --selector option");
  const type = typeOfKind("Node");
  const errors: string[] = [];
  const nodes = labels
    ? (api.list(type, { labels }) as readonly Node[])
    : args.flatMap((argument) => {
        const name = argument.replace(/^nodes?\//, "");
        const node = api.find(type, "", name) as Node | undefined;
        if (!node) errors.push(statusMessage(notFound(type, name)));
        return node ? [node] : [];
      });
  return { nodes, errors };
}

const cordoning = (command: "cordon" | "uncordon"): Verb => ({
  name: command,
  flags: FLAGS,
  run: async (kubectl) => {
    const { nodes, errors } = findNodes(kubectl, command);
    for (const error of errors) await kubectl.complain(error);
    for (const node of nodes) await setCordon(kubectl, node, command === "cordon");
    return errors.length > 0 ? 1 : 0;
  },
});

async function setCordon(kubectl: Kubectl, node: Node, cordoned: boolean): Promise<void> {
  const word = cordoned ? "cordoned" : "uncordoned";
  const dryRun = dryRunOf(kubectl);
  if ((node.spec.unschedulable ?? false) === cordoned) {
    await printOutcome(kubectl, node, `already ${word}`, dryRun);
    return;
  }
  const patch = { spec: { unschedulable: cordoned || null } };
  kubectl.api.must({ type: "patch", key: keyOfObject(node), patch }, undefined, dryRun !== "none");
  await printOutcome(kubectl, node, word, dryRun);
}

export const drain: Verb = {
  name: "drain",
  flags: {
    ...FLAGS,
    force: {},
    "ignore-daemonsets": {},
    "delete-emptydir-data": {},
    "delete-local-data": {},
    "grace-period": { value: true },
    timeout: { value: true },
    "disable-eviction": {},
    "pod-selector": { value: true },
    "skip-wait-for-delete-timeout": { value: true },
    "chunk-size": { value: true },
  },
  run: async (kubectl) => {
    const { nodes, errors } = findNodes(kubectl, "drain");
    for (const error of errors) await kubectl.complain(error);
    if (errors.length > 0) return 1;
    for (const node of nodes) await setCordon(kubectl, node, true);
    const failed: { readonly node: Node; readonly why: string }[] = [];
    for (const node of nodes) {
      const why = await drainOne(kubectl, node);
      if (why === undefined) continue;
      failed.push({ node, why });
      await kubectl.complain(
        `error: unable to drain node "${node.metadata.name}" due to error: ${why}, continuing command...`,
      );
    }
    if (failed.length === 0) return 0;
    await kubectl.complain("There are pending nodes to be drained:");
    for (const { node } of failed) await kubectl.complain(` ${node.metadata.name}`);
    for (const { why } of failed) await kubectl.complain(why);
    return 1;
  },
};

/** Why a node could not be drained. Source: kubectl/pkg/drain/filters.go. */
async function drainOne(kubectl: Kubectl, node: Node): Promise<string | undefined> {
  const { api, flags, process } = kubectl;
  const pods = podsOn(kubectl, node);
  const owner = (pod: Pod) => pod.metadata.ownerReferences?.find(({ controller }) => controller);
  const daemons = pods.filter((pod) => owner(pod)?.kind === "DaemonSet");
  const mirrors = pods.filter((pod) => owner(pod)?.kind === "Node");
  const bare = pods.filter(
    (pod) => !owner(pod) && pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed",
  );
  const problems: string[] = [];
  if (daemons.length > 0 && !flags.on("ignore-daemonsets"))
    problems.push(
      `cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${namesOf(daemons)}`,
    );
  if (bare.length > 0 && !flags.on("force"))
    problems.push(
      `cannot delete cannot delete Pods that declare no controller (use --force to override): ${namesOf(bare)}`,
    );
  if (problems.length > 0) return problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
  const warnings: string[] = [];
  if (bare.length > 0) warnings.push(`deleting Pods that declare no controller: ${namesOf(bare)}`);
  if (daemons.length > 0) warnings.push(`ignoring DaemonSet-managed Pods: ${namesOf(daemons)}`);
  if (warnings.length > 0) await kubectl.complain(`Warning: ${warnings.join("; ")}`);
  const leaving = pods.filter((pod) => !daemons.includes(pod) && !mirrors.includes(pod));
  const dryRun = dryRunOf(kubectl);
  for (const pod of leaving) {
    const { namespace, name } = pod.metadata;
    await kubectl.print(
      `evicting pod ${namespace}/${name}${dryRun === "none" ? "" : ` (${dryRun === "client" ? "" : "server "}dry run)`}`,
    );
    if (dryRun === "none") api.execute({ type: "delete", key: `Pod/${namespace}/${name}` });
  }
  if (dryRun === "none") {
    const left = new Set(leaving);
    const isGone = ({ metadata }: Pod) =>
      api.cluster.world.store.find("Pod", metadata.namespace, metadata.name)?.metadata.uid !==
      metadata.uid;
    const seconds = secondsOf(flags.text("timeout") ?? "0", "drain");
    const endUs = seconds > 0 ? api.nowUs + seconds * 1_000_000 : Number.POSITIVE_INFINITY;
    while (left.size > 0) {
      const some = await api.cluster.until(() => [...left].some(isGone), {
        interrupt: process.interrupt,
        limitUs: endUs - api.nowUs,
      });
      if (!some)
        return `error when waiting for pod "${[...left][0]?.metadata.name}" in namespace "${[...left][0]?.metadata.namespace}" to terminate: global timeout reached: ${flags.text("timeout")}`;
      for (const pod of [...left].filter(isGone)) {
        left.delete(pod);
        await kubectl.print(`pod/${pod.metadata.name} evicted`);
      }
    }
  }
  await printOutcome(kubectl, node, "drained", dryRun);
  return undefined;
}

function podsOn({ api, flags }: Kubectl, node: Node): readonly Pod[] {
  const { name } = node.metadata;
  const pods = api.list(typeOfKind("Pod"), {
    fields: [{ path: "spec.nodeName", equal: true, value: name }],
  }) as readonly Pod[];
  const selector = flags.text("pod-selector");
  if (selector === undefined) return pods;
  const labels = selectorOf(flags.renamed("pod-selector", "selector"));
  return pods.filter(({ metadata }) => labels?.(metadata.labels));
}

function namesOf(pods: readonly Pod[]): string {
  return pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(", ");
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

export const taint: Verb = {
  name: "taint",
  flags: { ...UNRECORDED_FLAGS, selector: SELECTION_FLAGS.selector, overwrite: {}, all: {} },
  run: async (kubectl) => {
    const { api, args, flags } = kubectl;
    const specs = args.filter((one) => /[=:]|.-$/.test(one));
    const [given, ...names] = args.filter((one) => !specs.includes(one));
    if (given === undefined)
      throw failure("one or more resources must be specified as <resource> <name>");
    const type = typeNamed(given);
    if (type.kind !== "Node")
      throw failure(`invalid resource type ${given}, only node(s) is supported`);
    if (specs.length === 0) throw failure("at least one taint update is required");
    const { added, removed } = parseTaints(specs);
    const labels = selectorOf(flags);
    const nodes =
      labels || flags.on("all")
        ? api.list(type, { labels })
        : names.map((name) => api.get(type, "", name));
    if (nodes.length === 0) throw failure("resource(s) were provided, but no name was specified");
    const dryRun = dryRunOf(kubectl);
    for (const object of nodes) {
      const before = (object as Node).spec.taints ?? [];
      const after = changedTaints(
        object.metadata.name,
        before,
        added,
        removed,
        flags.on("overwrite"),
      );
      const patch = { spec: { taints: after.length > 0 ? after : null } };
      const changed = api.must(
        { type: "patch", key: keyOfObject(object), patch },
        undefined,
        dryRun !== "none",
      );
      const word = added.length === 0 ? "untainted" : removed.length === 0 ? "tainted" : "modified";
      await printOutcome(kubectl, changed, word, dryRun);
    }
    return 0;
  },
};

interface TaintKey {
  readonly key: string;
  readonly effect?: string;
}

function parseTaints(specs: readonly string[]): {
  readonly added: readonly Taint[];
  readonly removed: readonly TaintKey[];
} {
  const added: Taint[] = [];
  const removed: TaintKey[] = [];
  for (const spec of specs) {
    if (spec.endsWith("-")) {
      const [key = "", effect] = spec.slice(0, -1).split(":");
      removed.push({ key: key.split("=")[0] ?? "", ...(effect !== undefined && { effect }) });
      continue;
    }
    const [pair = "", given] = spec.split(":");
    const effect = EFFECTS.find((one) => one === given);
    if (!effect)
      throw failure(
        given === undefined
          ? `invalid taint spec: ${spec}`
          : `invalid taint effect: ${given}, unsupported taint effect`,
      );
    const [key = "", value] = pair.split("=");
    added.push({ key, ...(value ? { value } : {}), effect });
  }
  return { added, removed };
}

function changedTaints(
  node: string,
  before: readonly Taint[],
  added: readonly Taint[],
  removed: readonly TaintKey[],
  overwrite: boolean,
): readonly Taint[] {
  const same = (a: Taint, b: TaintKey) =>
    a.key === b.key && (b.effect === undefined || a.effect === b.effect);
  for (const one of removed) {
    if (before.some((taint) => same(taint, one))) continue;
    throw failure(
      `taint "${one.key}${one.effect === undefined ? "" : `:${one.effect}`}" not found`,
    );
  }
  if (!overwrite && added.some((one) => before.some((taint) => same(taint, one))))
    throw failure(
      `node ${node} already has ${added.map(({ key }) => key).join(",")} taint(s) with same effect(s) and --overwrite is false`,
    );
  const kept = before.filter((taint) => ![...removed, ...added].some((one) => same(taint, one)));
  return [...added, ...kept];
}

export const NODE_VERBS: readonly Verb[] = [
  cordoning("cordon"),
  cordoning("uncordon"),
  drain,
  taint,
];
