import type { JsonObject } from "../api/json";
import type { LagKey } from "../api/lags";
import type { Status } from "../api/status";
import type { KubeObject, ObjectKey } from "../api/types";
import type { CheckPurpose } from "../controllers/check";
import type { IpSets } from "../dataplane/netfilter/ipset";
import type { Ruleset, TableName } from "../dataplane/netfilter/rules";
import type { Listener, Netns, NetnsId } from "../dataplane/netns";
import type { JourneyOptions } from "./connection";
import type { TrafficCommand } from "./traffic";

/** What somebody does to the world: plain data, as the log and a shared link keep it. */
export type Command =
  | EditCommand
  | KernelCommand
  | TrafficCommand
  | HistoryCommand
  | CheckCommand
  | {
      readonly type: "send";
      readonly from: string;
      readonly to: string;
      readonly options?: JourneyOptions;
    };

/** A probe or health check that somebody follows: made now, a probe in place of the one that is due. */
export interface CheckCommand {
  readonly type: "check";
  readonly purpose: CheckPurpose;
}

/** What a program on a machine asks of its kernel. */
export type KernelCommand =
  /** `conntrack -D`: entries of a network namespace, by their numbers. */
  | {
      readonly type: "deleteConntrack";
      readonly netns: NetnsId;
      readonly entries: readonly number[];
    }
  /** `iptables -Z`: what the rules of a table, or of one of its chains, have counted is forgotten. */
  | {
      readonly type: "zeroCounters";
      readonly netns: NetnsId;
      readonly table: TableName;
      readonly chain?: string;
    }
  /** Opens a socket that serves, or closes it. */
  | {
      readonly type: "listen";
      readonly netns: NetnsId;
      readonly listener: Listener;
      readonly open: boolean;
    };

/** What changes the cluster, and can be taken back. */
export type EditCommand =
  | SharedEdit
  /** All of the manifests, or none. */
  | { readonly type: "apply"; readonly manifests: readonly unknown[] }
  /** Puts objects back as they once were, and takes others away: what undoing comes to. */
  | {
      readonly type: "restore";
      readonly objects: readonly KubeObject[];
      readonly removed: readonly ObjectKey[];
    }
  /** As if a container had not died: what undoing that comes to. */
  | {
      readonly type: "restoreContainer";
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
      readonly restarts: number;
      readonly ready: boolean;
    }
  /** Puts back what was changed in a network between two moments: what undoing a configureNetwork comes to. */
  | {
      readonly type: "restoreNetwork";
      readonly before: Netns;
      readonly after: Netns;
    }
  /** A node's rules as they once were: what undoing a restoreRules comes to. */
  | {
      readonly type: "putRules";
      readonly node: string;
      readonly ruleset: Ruleset;
      readonly sets?: IpSets;
      readonly proxyRunning: boolean;
    };

/** Edits that have the same form everywhere: in the page, its log and its links. */
export type SharedEdit =
  /** A new object; one that is there already is refused, as `kubectl create` is. */
  | { readonly type: "create"; readonly manifest: JsonObject }
  /** Puts a whole object in the place of the one that is there, as `kubectl edit` does. */
  | { readonly type: "replace"; readonly manifest: JsonObject }
  /** With a grace period of 0 a pod's object goes at once, whatever its processes do. */
  | { readonly type: "delete"; readonly key: ObjectKey; readonly gracePeriodSeconds?: number }
  /** Changes fields of one object, as `kubectl scale`, `label`, `cordon` and `patch` do: a JSON merge patch. */
  | { readonly type: "patch"; readonly key: ObjectKey; readonly patch: JsonObject }
  /** Cordons a node and evicts its pods, save those of DaemonSets. */
  | { readonly type: "drain"; readonly node: string }
  /** A container's process dies; its kubelet starts it again. Without a name the pod's first. */
  | {
      readonly type: "killContainer";
      readonly namespace: string;
      readonly pod: string;
      readonly container?: string;
    }
  /** Stops or starts the kube-proxy process of one node. */
  | { readonly type: "setProxy"; readonly node: string; readonly running: boolean }
  /** Powers a machine off or on. */
  | { readonly type: "setPower"; readonly node: string; readonly on: boolean }
  /** Writes a setting of a node: a sysctl by its name, or one of the machine's switches. See kubelet/node-settings. */
  | {
      readonly type: "setSetting";
      readonly node: string;
      readonly setting: string;
      readonly value: number;
    }
  /** Loads rules into a node's kernel, as `iptables-restore` does: the tables that the text names are replaced. Its
   *  kube-proxy will write its own chains again when it syncs next, unless it is stopped in the same step. */
  | {
      readonly type: "restoreRules";
      readonly node: string;
      /** Of iptables-save; before it there may be that of `ipset save`. */
      readonly text: string;
      readonly stopProxy?: boolean;
      /** Rules that were there before stay what they are, with their counters, as with `iptables -A`. */
      readonly keepsCounters?: boolean;
    }
  /** Changes a machine's routes, addresses, links or neighbours: a line of `ip -batch`. */
  | { readonly type: "configureNetwork"; readonly netns: NetnsId; readonly text: string }
  /** How long somebody takes to hear of things; null: as long as usual. */
  | { readonly type: "setLag"; readonly lag: LagKey; readonly us: number | null }
  /** Makes a pod's readiness probe fail, or lets it be again. */
  | {
      readonly type: "setReadiness";
      readonly namespace: string;
      readonly pod: string;
      readonly ready: boolean;
    };

/** Takes the last edit back, or does again what was taken back. */
export type HistoryCommand = { readonly type: "undo" } | { readonly type: "redo" };

export interface Applied {
  readonly object: KubeObject;
  readonly outcome:
    | "created"
    | "configured"
    | "unchanged"
    | "deleted"
    | "patched"
    | "cordoned"
    | "evicted";
}

/** An edit that was done, and what takes it back. */
export interface HistoryEntry {
  /** Counts up over the run; an edit that is done again keeps it. */
  readonly id: number;
  readonly atUs: number;
  readonly command: EditCommand;
  readonly inverse: EditCommand;
}

/** An edit that was taken back, and what brings its effect again: the same names and addresses. */
export interface UndoneEntry extends HistoryEntry {
  readonly again: EditCommand;
}

export interface Refusal {
  /** Index of the manifest that was refused. */
  readonly index: number;
  readonly status: Status;
}

export type CommandResult =
  | { readonly ok: true; readonly applied: readonly Applied[]; readonly journey?: number }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export const DONE: CommandResult = { ok: true, applied: [] };

export function refuse(status: Status): CommandResult {
  return { ok: false, refusals: [{ index: 0, status }] };
}

export function badRequest(message: string): CommandResult {
  return refuse({ reason: "BadRequest", code: 400, message });
}
