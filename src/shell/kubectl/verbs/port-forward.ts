import type { Pod, Service } from "../../../core/api/types";
import { formatTimestamp, SECOND } from "../../../core/sim/time";
import { openThrough, type PortForward, portForwards } from "../../port-forwards";
import { notFound } from "../api";
import { failure, statusFailure, usageFailure } from "../failure";
import { typeNamed } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { podOf } from "./pods";

export const portForward: Verb = {
  name: "port-forward",
  flags: { address: { value: true }, "pod-running-timeout": { value: true } },
  run: async (kubectl) => {
    const { args, flags, process } = kubectl;
    const [given, ...ports] = args;
    if (given === undefined || ports.length === 0)
      throw usageFailure(
        "TYPE/NAME and list of ports are required for port-forward",
        "port-forward",
      );
    const service = serviceOf(kubectl, given);
    const pod = podOf(kubectl, given);
    const pairs = ports.map((text) => pairOf(text, pod, service));
    if (pod.status.phase !== "Running")
      throw failure(
        `unable to forward port because pod is not running. Current status=${pod.status.phase}`,
      );
    const trouble = await openThrough(process, {
      namespace: pod.metadata.namespace,
      pod: pod.metadata.name,
    });
    if (trouble !== undefined) throw failure(`error upgrading connection: ${trouble}`);
    const addresses =
      (flags.text("address") ?? "localhost") === "localhost"
        ? ["127.0.0.1", "[::1]"]
        : flags.list("address");
    const open: PortForward[] = [];
    let isLost = false;
    for (const { local, remote } of pairs) {
      const taken = portForwards(process.system).find((one) => one.localPort === local);
      if (taken) {
        for (const one of open) portForwards(process.system).close(one);
        await kubectl.complain(
          `Unable to listen on port ${local}: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 127.0.0.1:${local}: bind: address already in use unable to create listener: Error listen tcp6 [::1]:${local}: bind: address already in use]`,
        );
        throw failure(`unable to listen on any of the requested ports: [{${local} ${remote}}]`);
      }
      const forward: PortForward = {
        localPort: local,
        remotePort: remote,
        namespace: pod.metadata.namespace,
        pod: pod.metadata.name,
        onConnection: () => kubectl.print(`Handling connection for ${local}`),
        onFailure: async (words) => {
          isLost = true;
          await kubectl.complain(
            `${klog(kubectl)} "Unhandled Error" err="an error occurred forwarding ${local} -> ${remote}: ${words.replaceAll('"', '\\"')}"`,
          );
        },
      };
      portForwards(process.system).open(forward);
      open.push(forward);
      for (const address of addresses)
        await kubectl.print(`Forwarding from ${address}:${local} -> ${remote}`);
    }
    try {
      await process.cluster.until(() => isLost || gone(kubectl, pod), {
        interrupt: process.interrupt,
      });
    } finally {
      for (const forward of open) portForwards(process.system).close(forward);
    }
    await kubectl.complain("error: lost connection to pod");
    return 1;
  },
};

/** Simplified: the same for every kubectl. */
const KLOG_PID = 4_021;

/** klog's head of a line: severity, date, time, thread, source. */
function klog({ process }: Kubectl): string {
  const [date = "", clock = ""] = formatTimestamp(process.cluster.nowUs).split("T");
  const micros = String(process.cluster.nowUs % SECOND).padStart(6, "0");
  return `E${date.slice(5).replace("-", "")} ${clock.slice(0, 8)}.${micros}   ${KLOG_PID} portforward.go:424]`;
}

function gone({ api }: Kubectl, { metadata }: Pod): boolean {
  const now = api.cluster.world.store.find("Pod", metadata.namespace, metadata.name);
  return now?.metadata.uid !== metadata.uid || now.metadata.deletionTimestamp !== undefined;
}

function serviceOf({ api, namespace }: Kubectl, given: string): Service | undefined {
  const [type = "", name] = given.split("/");
  if (name === undefined) return undefined;
  const resource = typeNamed(type);
  if (resource.kind !== "Service") return undefined;
  const found = api.find(resource, namespace, name);
  if (!found) throw statusFailure(notFound(resource, name));
  return found as Service;
}

/** `8080`, `8080:80`, `:80`, `8080:http`. For a Service the remote port is its own, and what comes out the pod's. */
function pairOf(
  text: string,
  pod: Pod,
  service: Service | undefined,
): { local: number; remote: number } {
  const [first = "", second] = text.split(":");
  const wanted = second ?? first;
  const remote = service ? targetPort(service, wanted, pod) : containerPort(pod, wanted);
  const local = first === "" ? 34_567 : /^\d+$/.test(first) ? Number(first) : remote;
  if (local < 1 || local > 65_535)
    throw failure(
      `error parsing local port '${first}': strconv.ParseUint: parsing "${first}": value out of range`,
    );
  return { local, remote };
}

function targetPort(service: Service, wanted: string, pod: Pod): number {
  const port = (service.spec.ports ?? []).find(
    ({ port: number, name }) => String(number) === wanted || name === wanted,
  );
  if (!port)
    throw failure(`Service ${service.metadata.name} does not have a service port ${wanted}`);
  return service.spec.clusterIP === "None"
    ? port.port
    : containerPort(pod, String(port.targetPort));
}

function containerPort(pod: Pod, wanted: string): number {
  if (/^\d+$/.test(wanted)) return Number(wanted);
  for (const { ports = [] } of pod.spec.containers)
    for (const { name, containerPort: number } of ports) if (name === wanted) return number;
  throw failure(`Pod '${pod.metadata.name}' does not have a named port '${wanted}'`);
}
