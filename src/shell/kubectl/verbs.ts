import type { Verb } from "./verb";
import { apply } from "./verbs/apply";
import { attach } from "./verbs/attach";
import { AUTH_VERBS } from "./verbs/auth";
import { CONFIG_VERBS } from "./verbs/config";
import { cp } from "./verbs/cp";
import { CREATE_VERBS } from "./verbs/create";
import { createIngress } from "./verbs/create-ingress";
import { deleteVerb } from "./verbs/delete";
import { describe } from "./verbs/describe";
import { diffVerb } from "./verbs/diff";
import { edit } from "./verbs/edit";
import { events } from "./verbs/events";
import { exec } from "./verbs/exec";
import { explain } from "./verbs/explain";
import { expose } from "./verbs/expose";
import { get } from "./verbs/get";
import { INFO_VERBS } from "./verbs/info";
import { annotate, label } from "./verbs/label";
import { logs } from "./verbs/logs";
import { NODE_VERBS } from "./verbs/nodes";
import { patch } from "./verbs/patch";
import { portForward } from "./verbs/port-forward";
import { replace } from "./verbs/replace";
import { rolloutHistory, rolloutUndo } from "./verbs/rollout/history";
import { rolloutStatus } from "./verbs/rollout/status";
import { rolloutPause, rolloutRestart, rolloutResume } from "./verbs/rollout/steer";
import { run } from "./verbs/run";
import { scale } from "./verbs/scale";
import { setEnv } from "./verbs/set/env";
import { setImage } from "./verbs/set/image";
import { setResources } from "./verbs/set/resources";
import { setSelector } from "./verbs/set/selector";
import { setServiceAccount } from "./verbs/set/service-account";
import { UNMODELLED_VERBS } from "./verbs/unmodelled";
import { waitVerb } from "./verbs/wait";

/** By the words that name them. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(
  [
    get,
    describe,
    run,
    expose,
    apply,
    edit,
    patch,
    setImage,
    setEnv,
    setSelector,
    setResources,
    setServiceAccount,
    label,
    annotate,
    scale,
    rolloutStatus,
    rolloutHistory,
    rolloutUndo,
    rolloutRestart,
    rolloutPause,
    rolloutResume,
    deleteVerb,
    exec,
    portForward,
    logs,
    events,
    explain,
    waitVerb,
    replace,
    diffVerb,
    cp,
    attach,
    ...AUTH_VERBS,
    ...UNMODELLED_VERBS,
    createIngress,
    ...CREATE_VERBS,
    ...CONFIG_VERBS,
    ...INFO_VERBS,
    ...NODE_VERBS,
  ].map((verb) => [verb.name, verb]),
);

/** Words that only name a group of commands. */
export const FAMILIES: readonly string[] = [
  "auth",
  "config",
  "create service",
  "rollout",
  "set",
  "top",
];

/** What the real kubectl has in a group beside. */
export const REAL_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  auth: ["reconcile"],
  config: [
    "delete-cluster",
    "delete-context",
    "delete-user",
    "rename-context",
    "set",
    "set-cluster",
    "set-credentials",
    "unset",
  ],
  set: ["subject"],
};

/** Typed creates of the real kubectl. */
export const REAL_CREATES: readonly string[] =
  "clusterrole clusterrolebinding configmap cm cronjob cj job poddisruptionbudget pdb priorityclass pc quota role rolebinding secret serviceaccount sa token".split(
    " ",
  );

/** What the real kubectl can do beside, and what to do here instead. */
export const REAL_VERBS: Readonly<Record<string, string>> = {
  alpha: "",
  certificate: "",
  completion: ": Tab completes here as it is",
  kustomize: ": kubectl apply -f FILE",
  options: "",
  plugin: "",
  proxy:
    ": kubectl port-forward svc/NAME 8080:80 reaches a Service, kubectl get -o yaml reads the API",
};
