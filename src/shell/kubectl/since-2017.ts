/** What has changed since the talk: one line that is ours, after what today's kubectl says. */

interface OldFlag {
  readonly verb: string;
  readonly flags: readonly string[];
  readonly hint: (args: readonly string[]) => string;
}

const OLD_FLAGS: readonly OldFlag[] = [
  {
    verb: "run",
    flags: ["replicas", "generator", "schedule", "limits", "requests", "r"],
    hint: (args) =>
      `since 1.18 "kubectl run" makes one pod, not a Deployment: ${asDeployment(args)}`,
  },
  {
    verb: "get",
    flags: ["show-all", "a"],
    hint: () => "finished pods are always shown since 1.12: leave the flag out",
  },
  {
    verb: "get",
    flags: ["export"],
    hint: () =>
      "--export is gone since 1.18: use -o yaml, and take out status and what the server set",
  },
  {
    verb: "expose",
    flags: ["container-port", "create-external-load-balancer"],
    hint: () => "use --target-port and --type=LoadBalancer",
  },
];

const OLD_VERBS: Readonly<Record<string, string>> = {
  "rolling-update":
    "gone since 1.18: a Deployment rolls by itself: kubectl set image, kubectl rollout",
  convert: "a plugin of its own since 1.20",
  "run-container": "kubectl create deployment",
  stop: "kubectl delete",
  update: "kubectl replace, kubectl apply",
  clusterinfo: "kubectl cluster-info",
  "get-contexts": "kubectl config get-contexts",
};

/** Undefined where a flag is not one of old. `error`: what was said of it. */
export function oldFlagHint(
  verb: string,
  error: string,
  args: readonly string[],
): string | undefined {
  const [, long, short] = /unknown (?:flag: --(\S+)|shorthand flag: '(.)')/.exec(error) ?? [];
  const flag = long ?? short ?? "";
  return OLD_FLAGS.find((old) => old.verb === verb && old.flags.includes(flag))?.hint(args);
}

export function oldVerbHint(verb: string): string | undefined {
  return Object.hasOwn(OLD_VERBS, verb) ? `${verb}: ${OLD_VERBS[verb]}` : undefined;
}

export function runMadeDeployments(name: string, image: string): string {
  return `this is one pod; in 2017 it was a Deployment: kubectl create deployment ${name} --image=${image}`;
}

/** The line that does today what `kubectl run` with such arguments did. */
function asDeployment(args: readonly string[]): string {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1) ?? "";
    if (KEPT.includes(last)) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  const name = joined.find((arg) => !arg.startsWith("-")) ?? "NAME";
  const kept = joined.filter((arg) => KEPT.some((flag) => arg.startsWith(`${flag}=`)));
  return ["kubectl create deployment", name, ...kept].join(" ");
}

/** Flags of old that `kubectl create deployment` has, too. */
const KEPT = ["--image", "--replicas", "--port"];
