import { fieldOf, isList, isObject } from "../../../core/api/json";
import type { Container, ContainerEnd, ContainerStatus, Probe } from "../../../core/api/types";
import { formatLongTime } from "../time";
import type { DescribeWriter } from "./writer";

/** Source: kubectl/pkg/describe/describe.go, describeContainers. `space`: what a template's containers begin with. */
export function describeContainers(
  writer: DescribeWriter,
  title: string,
  containers: readonly Container[],
  statuses: readonly ContainerStatus[] | undefined,
  space: string,
): void {
  writer.raw(`${space}${title}:\n`);
  for (const container of containers) {
    const status = statuses?.find(({ name }) => name === container.name);
    const line = (text: string) => writer.line(2, text);
    writer.raw(`  ${space === "" ? "" : " "}${container.name}:\n`);
    if (status) line(`Container ID:\t${String(fieldOf(status, "containerID") ?? "")}`);
    line(`Image:\t${container.image}`);
    if (status) line(`Image ID:\t${String(fieldOf(status, "imageID") ?? "")}`);
    const ports = (container.ports ?? []).map((one) => `${one.containerPort}/${one.protocol}`);
    line(`Port${ports.length > 1 ? "s" : ""}:\t${ports.join(", ") || "<none>"}`);
    const hostPorts = (container.ports ?? []).map((one) => `${one.hostPort ?? 0}/${one.protocol}`);
    line(`Host Port${ports.length > 1 ? "s" : ""}:\t${hostPorts.join(", ") || "<none>"}`);
    words("Command", container.command, line);
    words("Args", container.args, line);
    if (status) describeState(status, line);
    describeResources(container, line);
    for (const [name, probe] of [
      ["Liveness", container.livenessProbe],
      ["Readiness", container.readinessProbe],
      ["Startup", container.startupProbe],
    ] as const)
      if (probe) line(`${name}:\t${formatProbe(probe)}`);
    describeEnvironment(container, line);
    describeMounts(container, line);
  }
}

type Line = (text: string) => void;

function words(title: string, list: readonly string[] | undefined, line: Line): void {
  if (!list || list.length === 0) return;
  line(`${title}:`);
  for (const word of list) for (const part of word.split("\n")) line(`  ${part}`);
}

function describeState(
  { state, lastState, ready, restartCount }: ContainerStatus,
  line: Line,
): void {
  stateLines("State", state, line);
  if (lastState?.terminated) stateLines("Last State", lastState, line);
  line(`Ready:\t${ready ? "True" : "False"}`);
  line(`Restart Count:\t${restartCount}`);
}

function stateLines(
  title: string,
  { running, waiting, terminated }: ContainerStatus["state"],
  line: Line,
): void {
  if (running) {
    line(`${title}:\tRunning`);
    line(`  Started:\t${formatLongTime(running.startedAt ?? "")}`);
  } else if (waiting) {
    line(`${title}:\tWaiting`);
    if (waiting.reason) line(`  Reason:\t${waiting.reason}`);
  } else if (terminated) terminatedLines(title, terminated, line);
  else line(`${title}:\tWaiting`);
}

const NO_TIME = "Mon, 01 Jan 0001 00:00:00 +0000";

function terminatedLines(title: string, end: ContainerEnd, line: Line): void {
  line(`${title}:\tTerminated`);
  if (end.reason) line(`  Reason:\t${end.reason}`);
  if (end.message) line(`  Message:\t${end.message}`);
  line(`  Exit Code:\t${end.exitCode}`);
  if (end.signal) line(`  Signal:\t${end.signal}`);
  line(`  Started:\t${end.startedAt ? formatLongTime(end.startedAt) : NO_TIME}`);
  line(`  Finished:\t${end.finishedAt ? formatLongTime(end.finishedAt) : NO_TIME}`);
}

function describeResources(container: Container, line: Line): void {
  const resources = fieldOf(container, "resources");
  for (const [title, field] of [
    ["Limits", "limits"],
    ["Requests", "requests"],
  ] as const) {
    const amounts = fieldOf(resources, field);
    if (!isObject(amounts) || Object.keys(amounts).length === 0) continue;
    line(`${title}:`);
    for (const name of Object.keys(amounts).sort()) line(`  ${name}:\t${String(amounts[name])}`);
  }
}

/** Source: describe.go, DescribeProbe. */
export function formatProbe(probe: Probe): string {
  const { initialDelaySeconds = 0, timeoutSeconds = 1, periodSeconds = 10 } = probe;
  const { successThreshold = 1, failureThreshold = 3 } = probe;
  const attributes = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(" ")}] ${attributes}`;
  if (probe.httpGet) {
    const scheme = String(fieldOf(probe.httpGet, "scheme") ?? "HTTP").toLowerCase();
    const host = String(fieldOf(probe.httpGet, "host") ?? "");
    return `http-get ${scheme}://${host}:${probe.httpGet.port}${probe.httpGet.path ?? ""} ${attributes}`;
  }
  if (probe.tcpSocket)
    return `tcp-socket ${String(fieldOf(probe.tcpSocket, "host") ?? "")}:${probe.tcpSocket.port} ${attributes}`;
  if (probe.grpc)
    return `grpc <pod>:${probe.grpc.port} ${String(fieldOf(probe.grpc, "service") ?? "")} ${attributes}`;
  return `unknown ${attributes}`;
}

function describeEnvironment(container: Container, line: Line): void {
  const env = container.env ?? [];
  line(`Environment:${env.length === 0 ? "\t<none>" : ""}`);
  for (const { name, value = "", ...rest } of env) {
    const field = fieldOf(fieldOf(fieldOf(rest, "valueFrom"), "fieldRef"), "fieldPath");
    line(`  ${name}:\t${field === undefined ? value : ` (v1:${String(field)})`}`);
  }
}

function describeMounts(container: Container, line: Line): void {
  const mounts = fieldOf(container, "volumeMounts");
  const list = isList(mounts) ? mounts : [];
  line(`Mounts:${list.length === 0 ? "\t<none>" : ""}`);
  const rows = list.map((mount) => {
    const read = fieldOf(mount, "readOnly") ? "ro" : "rw";
    return `  ${String(fieldOf(mount, "mountPath"))} from ${String(fieldOf(mount, "name"))} (${read})`;
  });
  for (const row of rows.sort()) line(row);
}
