import { GLOBAL_FLAGS } from "./flags";
import { VERBS } from "./verbs";

/** Our own words: what each command does, and how it is called. */
const ABOUT: Readonly<Record<string, readonly [usage: string, about: string]>> = {
  annotate: ["annotate TYPE NAME KEY=VALUE… KEY-…", "Change annotations"],
  "api-resources": ["api-resources", "List the kinds of objects that the server knows"],
  "api-versions": ["api-versions", "List group/version pairs of the server"],
  attach: ["attach POD [-c CONTAINER]", "Follow what a container writes"],
  auth: ["auth can-i VERB TYPE | whoami", "Ask what one may do"],
  autoscale: ["autoscale TYPE NAME --max=N [--min=N]", "Not modelled: there are no metrics here"],
  apply: ["apply -f FILE", "Make objects be as a file says"],
  "cluster-info": ["cluster-info", "Show where the control plane is"],
  config: [
    "config get-contexts|current-context|view|set-context|use-context",
    "Look at the kubeconfig",
  ],
  cordon: ["cordon NODE", "Let no new pods onto a node"],
  create: ["create -f FILE", "Create objects from a file"],
  "create deployment": [
    "create deployment NAME --image=IMAGE [--replicas=N] [--port=PORT] [-- COMMAND]",
    "Create a Deployment",
  ],
  "create ingress": [
    "create ingress NAME --rule=HOST/PATH=SERVICE:PORT [--class=CLASS] [--default-backend=SERVICE:PORT]",
    "Create an Ingress",
  ],
  "create namespace": ["create namespace NAME", "Create a namespace"],
  "create service": [
    "create service clusterip|nodeport|loadbalancer|externalname NAME",
    "Create a Service",
  ],
  cp: ["cp FILE POD:PATH | cp POD:PATH FILE", "Copy files into a container, and out of it"],
  debug: ["debug POD --image=IMAGE", "Not modelled: there are no ephemeral containers here"],
  delete: ["delete TYPE NAME… | -f FILE | TYPE -l SELECTOR | TYPE --all", "Delete objects"],
  describe: [
    "describe TYPE [NAME-OR-PREFIX] [-l SELECTOR]",
    "Show objects in detail, with their events",
  ],
  diff: ["diff -f FILE", "Show what apply would change"],
  drain: ["drain NODE [--ignore-daemonsets] [--force]", "Cordon a node and evict its pods"],
  edit: ["edit TYPE NAME", "Edit an object in the editor"],
  events: ["events [--for TYPE/NAME] [--types=Warning]", "List events, the latest last"],
  exec: ["exec POD [-c CONTAINER] [-it] -- COMMAND", "Run a command in a container"],
  explain: ["explain TYPE[.FIELD…]", "Show the fields of a kind"],
  expose: [
    "expose TYPE NAME [--port=PORT] [--target-port=PORT] [--type=TYPE] [--name=NAME]",
    "Make a Service for a workload",
  ],
  get: [
    "get TYPE [NAME…] [-o wide|yaml|json|name|jsonpath=…|go-template=…|custom-columns=…] [-l SELECTOR] [-A] [-w]",
    "List objects",
  ],
  label: ["label TYPE NAME KEY=VALUE… KEY-…", "Change labels"],
  logs: ["logs POD [-c CONTAINER] [-f] [--tail=N]", "Show what a container has written"],
  patch: ["patch TYPE NAME [--type=strategic|merge|json] -p PATCH", "Change fields of an object"],
  "port-forward": ["port-forward TYPE/NAME [LOCAL:]REMOTE…", "Lead ports of the laptop into a pod"],
  replace: ["replace -f FILE [--force]", "Put whole objects in the place of others"],
  rollout: [
    "rollout status|history|undo|restart|pause|resume TYPE/NAME",
    "Follow and steer a rollout",
  ],
  run: ["run NAME --image=IMAGE [--port=PORT] [--expose] [-it --rm] [-- ARGS]", "Start a pod"],
  scale: ["scale TYPE NAME --replicas=N", "Change how many replicas there are"],
  set: [
    "set image|env|resources|selector|serviceaccount TYPE/NAME KEY=VALUE…",
    "Change one thing of a workload or Service",
  ],
  taint: ["taint nodes NODE KEY=VALUE:EFFECT… KEY-…", "Change taints of a node"],
  top: ["top pods|nodes", "Show resource usage"],
  uncordon: ["uncordon NODE", "Let pods onto a node again"],
  version: ["version [--client]", "Show versions"],
  wait: ["wait TYPE NAME --for=condition=NAME|delete|jsonpath=…", "Wait until something holds"],
};

export function rootHelp(): string {
  const lines = Object.entries(ABOUT)
    .filter(([name]) => !name.includes(" "))
    .map(([name, [, about]]) => `  ${name.padEnd(15)} ${about}`);
  return `kubectl controls the Kubernetes cluster manager.\n\nCommands:\n${lines.join("\n")}\n\nUsage:\n  kubectl [flags] [options]\n\nUse "kubectl <command> --help" for more information about a given command.\n`;
}

export function helpOf(words: readonly string[]): string {
  const both = words.slice(0, 2).join(" ");
  const key = Object.hasOwn(ABOUT, both) ? both : (words[0] ?? "");
  const [usage, about] = (Object.hasOwn(ABOUT, key) && ABOUT[key]) || [key, ""];
  const verb = VERBS.get(both) ?? VERBS.get(words[0] ?? "");
  const flags = Object.entries(verb?.flags ?? {})
    .filter(([name]) => !Object.hasOwn(GLOBAL_FLAGS, name))
    .map(
      ([name, { short, value }]) =>
        `    ${short === undefined ? "   " : `-${short},`} --${name}${value === true ? "=…" : ""}`,
    );
  const options = flags.length === 0 ? "" : `\nOptions:\n${flags.sort().join("\n")}\n`;
  return `${about}.\n${options}\nUsage:\n  kubectl ${usage} [options]\n`;
}
