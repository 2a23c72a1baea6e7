import type { Status } from "../core/api/status";
import type { KubeObject } from "../core/api/types";
import type { CommandResult } from "../core/cluster/command";
import { patchOutcome } from "../shell/kubectl/equivalent";
import { actionWords } from "../shell/kubectl/equivalent-words";
import type { ApplyReport, ControlCommand, DocumentError } from "./protocol";

/** What the page is told of a command. */
export function applyReport(
  result: CommandResult,
  errors: readonly DocumentError[],
  ignored: readonly string[],
): ApplyReport {
  const lines = result.ok
    ? result.applied.map(({ object, outcome }) => appliedLine(object, outcome))
    : [];
  return { ok: result.ok, lines, errors, ignored };
}

/** One for each wrong field. */
export function statusErrors({ message, causes = [] }: Status): readonly DocumentError[] {
  if (causes.length === 0) return [{ message }];
  return causes.map((cause) => ({
    message: `${cause.field}: ${cause.message}`,
    field: cause.field,
  }));
}

/** What was done without a manifest. */
export function controlReport(command: ControlCommand, answer: ApplyReport): ApplyReport {
  if (!answer.ok) return answer;
  if (command.type === "patch") return { ...answer, lines: patchLines(command, answer.lines) };
  const line = controlLine(command);
  return line === undefined ? answer : { ...answer, lines: [line] };
}

/** `deployment.apps/kuard scaled`, as kubectl says it of what it did by a patch. */
function patchLines(
  { key, patch }: Extract<ControlCommand, { type: "patch" }>,
  lines: readonly string[],
): readonly string[] {
  return lines.map((line) => line.replace(/ patched$/, ` ${patchOutcome(key, patch)}`));
}

/** For what kubectl has no words. */
function controlLine(command: ControlCommand): string | undefined {
  switch (command.type) {
    case "killContainer":
      return `a container of ${command.pod} was killed: its kubelet starts it again`;
    case "setProxy":
      return command.running
        ? `kube-proxy on ${command.node} started: it writes its rules anew`
        : `kube-proxy on ${command.node} stopped: its rules stay as they are`;
    case "setPower":
      return command.on
        ? `${command.node} powered on`
        : `${command.node} powered off: nobody tells the cluster, it has to find out`;
    case "setLag":
    case "setSetting":
      return `${actionWords(command)}: done`;
    case "restoreRules":
      return command.stopProxy
        ? `rules of ${command.node} restored; its kube-proxy is stopped, so they stay as they are`
        : `rules of ${command.node} restored: its kube-proxy writes its own chains again when it syncs next`;
    case "setReadiness":
      return command.ready
        ? `${command.pod} says that it is ready: its next probes find out`
        : `${command.pod} says that it is not ready: its next probes find out`;
    default:
      return undefined;
  }
}

/** As kubectl says it: `service/kuard configured`, `pod "kuard-x" deleted`. */
function appliedLine(object: KubeObject, outcome: string): string {
  const { name } = object.metadata;
  return outcome === "deleted"
    ? `${resourceName(object)} "${name}" deleted`
    : `${resourceName(object)}/${name} ${outcome}`;
}

function resourceName(object: KubeObject): string {
  const kind = object.kind.toLowerCase();
  const group = object.apiVersion.includes("/") ? `.${object.apiVersion.split("/")[0]}` : "";
  return `${kind}${group}`;
}
